import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { samplePdf } from '../samples.ts'
import { isInstalled, run, serve, type Served } from './serving.ts'

const hasPython = await isInstalled('python3')
const hasCurl = await isInstalled('curl') && await isInstalled('bash')

/** Runs a script of this folder with what it needs to be told, two files among it. */
async function runScript (program: string, script: string, { url, token, folder, pdf }: Served): Promise<string> {
  const terms = join(folder, 'terms.pdf')
  await writeFile(terms, await samplePdf([[{ title: 'Terms' }, 'We deliver within two weeks.']]))
  return await run(program, [fileURLToPath(new URL(script, import.meta.url)), url, token, pdf, terms], { cwd: folder })
}

t.test('a client in Python walks the quick start and the full workflow', { skip: hasPython ? false : 'python3 is not installed' }, async t => {
  const served = await serve(t)
  const data = { invoice: { invoice_number: 'INV-2024-001', total: 8800 } }
  t.same(JSON.parse(await runScript('python3', 'python_client.py', served)), {
    quick_start: { workspace: 'Accounts payable', session: 'Pending...', status: 'completed', data },
    full_workflow: {
      members: ['admin'],
      documents: ['uploaded', 'uploaded'],
      started: 'parsing_pending',
      status: 'completed',
      data,
      cited: 'Total  8,800.00',
      workbook: 'PK',
      deleted: [{}, {}, {}],
      afterwards: [404, 'Result not found.']
    }
  })
  t.same(await served.findings(), [])
})

t.test('curl walks the quick start and the full workflow', { skip: hasCurl ? false : 'curl or bash is not installed' }, async t => {
  const served = await serve(t)
  t.equal(await runScript('bash', 'curl-walk.sh', served), [
    'quick start: completed INV-2024-001 8800',
    'documents: [ \'uploaded\', \'uploaded\' ]',
    'started: parsing_pending',
    'result: completed 8800, cited on page 2',
    'workbook: PK',
    'members: [ \'admin\' ]',
    'deleted: 204 204 204',
    'afterwards: 404 and 1 workspace',
    ''
  ].join('\n'))
  t.same(await served.findings(), [])
})
