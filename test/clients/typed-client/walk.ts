import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import createClient from 'openapi-fetch'
import type { components, paths } from './raydocs.js'

type Result = components['schemas']['Result']

// Where the API is, what opens it, and a PDF to upload: that is all a program of this kind needs to be told.
const [baseUrl = '', token = '', path = ''] = process.argv.slice(2)
const api = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } })

/** Returns the answer of a call. Throws if it is an error. */
function answerOf<T> ({ data, error }: { data?: T, error?: components['schemas']['Error'] }): T {
  if (error !== undefined) throw new Error(error.message)
  return data as T
}

async function upload (filename: string): Promise<string> {
  const { key, url, headers } = answerOf(await api.POST('/vapor/signed-storage-url', { body: { content_type: 'application/pdf', filename } }))
  const reply = await fetch(url, { method: 'PUT', headers, body: await readFile(path) })
  assert.equal(reply.status, 200)
  return key
}

async function poll (sessionId: string): Promise<Result> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const { data } = answerOf(await api.GET('/extractions/sessions/{sessionId}/results', { params: { path: { sessionId } } }))
    const last = data.at(-1)
    if (last?.status === 'completed' || last?.status === 'failed') return answerOf(await api.GET('/extractions/results/{resultId}', { params: { path: { resultId: last.id } } }))
  }
  throw new Error('It does not come to an end.')
}

const { data: workspaces } = answerOf(await api.GET('/workspaces'))
const workspace = answerOf(await api.POST('/workspaces/create', { body: { name: 'Typed', icon: '📊' } }))
assert.equal(workspaces.some(({ id }) => id === workspace.id), false)
const inWorkspace = { workspaceId: workspace.id }

const template = answerOf(await api.POST('/extractions/templates', {
  body: {
    name: 'Invoices',
    workspace_id: workspace.id,
    schema_json: { groups: { invoice: { fields: { invoice_number: { type: 'string' }, total: { type: 'number' } } } } }
  }
}))
const ofTemplate = { templateId: template.id }
assert.equal(answerOf(await api.GET('/workspaces/{workspaceId}/extractions/templates', { params: { path: inWorkspace, query: { page: 1 } } })).meta.total, 1)

// A batch that runs by itself.
const [created] = answerOf(await api.POST('/extractions/templates/{templateId}/sessions/batch', {
  params: { path: ofTemplate },
  body: { files: [await upload('invoice.pdf')], settings: { auto_extract: true } }
}))
assert.ok(created)
assert.equal(created.name, 'Pending...')
const result = await poll(created.id)
assert.equal(result.status, 'completed')
assert.deepEqual(Object.keys(result.data['invoice'] ?? {}), ['invoice_number', 'total'])
assert.equal(result.document_refs[0]?.filename, 'invoice.pdf')
const documentId = String(result.document_refs[0]?.documentId)

const [chunk] = answerOf(await api.GET('/extractions/documents/{documentId}/chunks', { params: { path: { documentId } } }))
assert.equal(chunk?.document_id, documentId)
const { url, expires_at: expiresAt } = answerOf(await api.GET('/extractions/documents/{documentId}/url', { params: { path: { documentId } } }))
assert.ok(Date.parse(expiresAt) > 0)
assert.deepEqual(Buffer.from(await (await fetch(url)).arrayBuffer()), await readFile(path))

// A session by hand.
const { id: sessionId } = answerOf(await api.POST('/extractions/sessions', { body: { extraction_template_id: template.id } }))
const inSession = { params: { path: { sessionId } } }
assert.equal(answerOf(await api.PUT('/extractions/sessions/{sessionId}', { ...inSession, body: { name: 'By hand' } })).name, 'By hand')
const { data: [attached] } = answerOf(await api.POST('/extractions/sessions/{sessionId}/documents/attach', { ...inSession, body: { document_ids: [documentId] } }))
assert.equal(attached?.id, documentId)
const { data: [uploaded] } = answerOf(await api.POST('/extractions/sessions/{sessionId}/documents/upload', { ...inSession, body: { keys: [await upload('again.pdf')] } }))
assert.equal(uploaded?.id, documentId, 'the same bytes are the same document')
const run = answerOf(await api.POST('/extractions/sessions/{sessionId}/results', inSession))
assert.equal(run.status, 'created')
assert.equal((await poll(sessionId)).id, run.id)
const session = answerOf(await api.GET('/extractions/sessions/{sessionId}', inSession))
assert.deepEqual([session.name, session.status, session.results.length], ['By hand', 'completed', 1])

const { data: workbook } = await api.GET('/extractions/results/{resultId}/export/excel', { params: { path: { resultId: run.id } }, parseAs: 'arrayBuffer' })
assert.equal(Buffer.from(workbook ?? new ArrayBuffer(0)).toString('latin1', 0, 2), 'PK')
const exported = answerOf(await api.POST('/extractions/templates/{templateId}/sessions/batch/export', { params: { path: ofTemplate }, body: { session_ids: [sessionId] } }))
assert.deepEqual(typeof exported === 'string' ? exported : exported.map(({ session_name: name }) => name), ['By hand'])

// What is wrong is said, field by field; the types know that too.
const { error, response } = await api.POST('/extractions/templates/{templateId}/sessions/batch', { params: { path: ofTemplate }, body: { files: [] } })
assert.equal(response.status, 422)
assert.deepEqual(Object.keys(error?.errors ?? {}), ['files'])
// @ts-expect-error a name is a text
assert.equal((await api.POST('/workspaces/create', { body: { name: 5 } })).response.status, 422)
// @ts-expect-error there is no such path
assert.equal((await api.GET('/sessions')).response.status, 404)

assert.equal((await api.DELETE('/extractions/results/{resultId}', { params: { path: { resultId: run.id } } })).response.status, 204)
assert.equal((await api.DELETE('/extractions/sessions/{sessionId}', inSession)).response.status, 204)
assert.equal((await api.DELETE('/extractions/documents/{documentId}', { params: { path: { documentId } } })).response.status, 204)
assert.equal((await api.DELETE('/extractions/templates/{templateId}', { params: { path: ofTemplate } })).response.status, 204)
assert.equal((await api.DELETE('/workspaces/{workspaceId}', { params: { path: inWorkspace } })).response.status, 204)
assert.deepEqual(answerOf(await api.GET('/workspaces')).data, workspaces)
