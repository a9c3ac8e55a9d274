import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAxiosError } from 'axios'
import { readSheet } from 'read-excel-file/node'
import t from 'tap'
import { samplePdf } from '../samples.ts'
import { RaydocsClient } from './axios-client.ts'
import { serve } from './serving.ts'

const schema = {
  config: { reasoning_enabled: true },
  groups: { invoice: { search_query: 'invoice number, total', fields: { invoice_number: { type: 'string' }, total: { type: 'number', extraction_prompt: 'Grand total.' } } } }
}

const found = { invoice: { invoice_number: 'INV-2024-001', total: 8800 } }

t.test('the quick start: reuse a workspace, make a template, upload, make a batch that runs by itself, poll, read', async t => {
  const { url, token, pdf, findings } = await serve(t)
  const client = new RaydocsClient(token, url)
  const [workspace = await client.createWorkspace('Quick start')] = await client.listWorkspaces()
  t.equal(workspace.name, 'Accounts payable')
  const template = await client.createTemplate(workspace.id, 'Quick start', schema)
  t.match((await client.listTemplates(workspace.id)).map(({ name }) => name), ['Invoices', 'Quick start'])
  const [session] = await client.batchCreateSessions(template.id, [await client.upload(pdf)])
  t.match(session, { id: String, name: 'Pending...', created_at: String })
  const result = await client.pollResults(String(session?.id), { interval: 0 })
  t.match(result, { status: 'completed', data: found })
  t.same(await findings(), [])
})

t.test('the full workflow, cleaned up in the end', async t => {
  const { url, token, folder, pdf, findings } = await serve(t)
  const client = new RaydocsClient(token, url)
  const before = await client.listWorkspaces()
  const workspace = await client.createWorkspace('Full workflow')
  t.match(workspace, { name: 'Full workflow', icon: '📊' })
  t.match(await client.listMembers(workspace.id), [{ role: 'admin' }])
  const template = await client.createTemplate(workspace.id, 'Invoices', schema)
  const session = await client.createSession(template.id, 'March')

  const terms = join(folder, 'terms.pdf')
  await writeFile(terms, await samplePdf([[{ title: 'Terms' }, 'We deliver within two weeks.']]))
  const keys = [await client.upload(pdf), await client.upload(terms)]
  t.match(await client.addDocuments(session.id, keys), keys.map(key => ({ filename: key.replace('tmp/', ''), status: 'uploaded' })))
  t.equal((await client.run(session.id)).status, 'parsing_pending')
  const result = await client.pollResults(session.id, { interval: 0 })
  t.match(result, { status: 'completed', data: found, audit_data: { invoice: { total: { reasoning: String, sources: [{ chunk_id: String, text: /8,800\.00/, page: 2 }] } } } })
  const [, ...rows] = await readSheet(await client.exportExcel(result.id), 'Data')
  t.same(rows.map(row => row.slice(-2)), Object.entries(found.invoice))

  await client.deleteSession(session.id)
  await client.deleteTemplate(template.id)
  await client.deleteWorkspace(workspace.id)
  t.same(await client.listWorkspaces(), before)
  const gone = await client.getResult(result.id).catch((error: unknown) => error)
  t.ok(isAxiosError(gone))
  t.match(gone, { response: { status: 404, data: { message: 'Result not found.' } } })
  t.same(await findings(), [])
})
