import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { anchorOf } from '../openapi/markdown.ts'
import { readConfig } from '../src/config/config.ts'
import { envOf, SETTING_NAMES } from '../src/config/settings.ts'
import { start } from '../src/start.ts'
import { withoutLoaders } from './children.ts'
import { blocks, readMarkdown, section } from './markdown.ts'

const PAGES = ['api', 'behaviour', 'configuration', 'control', 'decisions', 'divergences', 'testing'].map(name => `openapi/${name}.md`)

const readme = readMarkdown('README.md')
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** Runs commands in a shell that stops at the first one that fails. */
async function run (commands: string, { cwd, shell = 'sh' }: { cwd: string, shell?: string }): Promise<string> {
  return (await promisify(execFile)(...withoutLoaders(shell, ['-eu', '-c', commands]), { cwd })).stdout
}

async function serve (t: Test, folder: string): Promise<string> {
  const server = await start(await readConfig({ port: '0', queue: '0', parse: '0', extract: '0', seed: '1' }, { env: {}, folder }))
  t.teardown(async () => { await server.close() })
  return server.url
}

for (const shell of ['sh', 'bash']) {
  t.test(`the first minute prints the values of an invoice in ${shell}`, async t => {
    const cwd = t.testdir()
    const url = await serve(t, cwd)
    const [minute = ''] = blocks(section(readme, 'The first minute by curl'), 'sh')
    const stdout = await run(minute.replaceAll('http://127.0.0.1:4010', url), { cwd, shell })
    t.match(stdout, /invoice: \{.*invoice_number: 'INV-2024-001'.*vendor: \{.*amounts: \{.*total_amount: 8800/s)
  })
}

t.test('the first minute prints the reason of a failure', async t => {
  const cwd = t.testdir()
  const url = await serve(t, cwd)
  const [minute = ''] = blocks(section(readme, 'The first minute by curl'), 'sh')
  const stdout = await run(minute.replaceAll('http://127.0.0.1:4010', url).replace('"filename": "invoice.pdf"', '"filename": "mock-parse-failed.pdf"'), { cwd })
  t.match(stdout, /^[A-Z].*\.\n$/)
})

t.test('the commands of an interactive shell have no comments', async t => {
  for (const code of blocks(readme, 'sh')) t.notMatch(code, /^\s*#|<<<| # /m)
})

t.test('the ten lines of control drive a namespace', async t => {
  const cwd = t.testdir()
  const url = await serve(t, cwd)
  const [commands = ''] = blocks(section(readme, 'Control in ten lines'), 'sh')
  t.equal(commands.trim().split('\n').length, 10)
  const stdout = await run(commands.replaceAll('http://127.0.0.1:4010', url), { cwd })
  t.match(stdout, /"token":.*"mode":"frozen".*"id":"fault-1".*"name":"retry".*"fired":\[\].*"data":\[\]/s)
  t.notMatch(stdout, /"status":4/)
})

t.test('the ten lines of configuration are valid', async t => {
  const folder = t.testdir()
  const [yaml = ''] = blocks(section(readme, 'Configuration in ten lines'), 'yaml')
  writeFileSync(join(folder, 'raydocs-mock.yaml'), yaml)
  const { port, clock, seed, tokens, faults } = await readConfig({}, { env: {}, folder })
  t.match({ port, clock, seed, faults }, { port: 4010, clock: { mode: 'auto' }, seed: '1', faults: [{ status: 503, probability: 0.01 }] })
  t.match(tokens.at(-1), { name: 'ci' })
})

t.test('the workflow and the container set variables that exist', async t => {
  const { jobs } = parse(blocks(section(readme, 'In a container and in CI'), 'yaml')[0] ?? '')
  t.match(Object.keys(jobs.test.services.raydocs.env), ['RAYDOCS_MOCK_DEMO', 'RAYDOCS_MOCK_CLOCK', 'RAYDOCS_MOCK_CONTROL', 'RAYDOCS_MOCK_CONTROL_TOKEN'])
  const variables = new Set([...SETTING_NAMES, 'config'].map(envOf))
  for (const [variable] of [readme, ...PAGES.map(readMarkdown)].join('\n').matchAll(/RAYDOCS_MOCK_\w+/g)) t.ok(variables.has(variable), variable)
})

t.test('every script and tarball that is named exists', async t => {
  for (const text of [readme, ...PAGES.map(readMarkdown)]) {
    for (const [, script = ''] of text.matchAll(/npm run ([\w:]*\w)/g)) t.ok(script in manifest.scripts, script)
  }
  t.match(readme, `raydocs-mock-${manifest.version}.tgz`)
})

t.test('every link in the README and the pages leads somewhere', async t => {
  for (const path of ['README.md', ...PAGES]) {
    for (const [, target = '', anchor] of readMarkdown(path).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)) {
      const file = target === '' ? path : join(dirname(path), target)
      t.ok(existsSync(new URL(`../${file}`, import.meta.url)), `${path}: ${file}`)
      if (anchor === undefined) continue
      const anchors = [...readMarkdown(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))
      t.ok(anchors.includes(anchor), `${path}: ${file}#${anchor}`)
    }
  }
})

t.test('the README is short', async t => {
  t.ok(Buffer.byteLength(readme) <= 14_000)
})
