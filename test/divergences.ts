import type { Test } from 'tap'
import { ABILITIES } from '../src/domain/workspaces/abilities.ts'
import { as, build, READ, TEMPLATE, BATCH_URL, type Rig } from './helper.ts'
import { handWrittenPdf } from './samples.ts'

/** Proves the answer of a row of the ledger by calls. */
export type Check = (t: Test, rig: Rig) => Promise<void>

const DAY = 24 * 3600 * 1000
const HEX_64 = /^[0-9a-f]{64}$/
const UNKNOWN = '9c90c3cc-0d44-4b50-8888-8dd257360521'

/** The checks by row; rows without one are in `UNCHECKED`. */
export const CHECKS: Readonly<Record<number, Check>> = {
  async 1 (t, rig) {
    const { data, ...rest } = await read(rig, '/workspaces')
    t.match([data, rest], [[{ id: 1 }], {}])
  },
  async 2 (t, rig) {
    for (const suffix of ['', '/cancel']) {
      const id = await invite(rig)
      t.equal((await rig.call('DELETE', `/workspaces/1/invites/${id}${suffix}`)).statusCode, 204)
    }
    t.same(await read(rig, '/workspaces/1/invites'), [])
  },
  async 3 (t, rig) {
    const accepted = await invite(rig, 'first@example.com')
    await invite(rig, 'second@example.com')
    await rig.control('POST', `/namespaces/default/invites/${accepted}/accept`)
    const statuses = async (): Promise<unknown> => (await read(rig, '/workspaces/1/invites')).map(({ status }: any) => status)
    t.same(await statuses(), ['accepted', 'pending'])
    t.match((await read(rig, '/workspaces/1/invites'))[1], { created_at: '2024-01-15T10:30:00Z', valid_until: '2024-01-22T10:30:00Z' })
    await rig.clock.advanceTo((await rig.clock.now()) + 7 * DAY)
    t.same(await statuses(), ['accepted', 'expired'])
  },
  async 4 (t, rig) {
    const [first, second] = await rig.create(['tmp/a.pdf', 'tmp/b.pdf'])
    t.equal((await rig.call('DELETE', BATCH_URL, { session_ids: [first] })).statusCode, 204)
    t.equal((await rig.call('POST', `${BATCH_URL}/delete`, { session_ids: [second] })).statusCode, 204)
    for (const id of [first, second]) t.equal((await rig.call('GET', `/extractions/sessions/${id}`)).statusCode, 404)
  },
  async 5 (t, rig) {
    const body = { session_ids: await rig.create(['tmp/a.pdf'], { auto_extract: true }) }
    await idle(rig)
    for (const format of ['json', 'csv', 'excel']) {
      const [inPath, inBody] = [await rig.call('POST', `${BATCH_URL}/export/${format}`, body), await rig.call('POST', `${BATCH_URL}/export`, { ...body, format })]
      t.equal(inPath.statusCode, 200)
      t.same([inBody.statusCode, inBody.headers['content-type']], [200, inPath.headers['content-type']])
    }
    t.match(await send(rig, 'POST', `${BATCH_URL}/export`, body), [{ session_name: 'a.pdf', data: { invoice: Object } }], 'json is the default')
  },
  async 6 (t, rig) {
    const url = `/extractions/sessions/${await createSession(rig)}/documents`
    t.equal((await rig.call('POST', `${url}/upload`, { keys: ['tmp/a.pdf'] })).statusCode, 200)
    t.equal((await rig.call('POST', url, { key: 'tmp/b.pdf', filename: 'b.pdf' })).statusCode, 201)
    t.equal((await postFile(rig, url)).statusCode, 201)
    t.same((await read(rig, url)).data.map(({ filename }: any) => filename), ['a.pdf', 'b.pdf', 'c.pdf'])
  },
  async 7 (t, rig) {
    const id = await createSession(rig, ['tmp/a.pdf'])
    const document = async (): Promise<any> => (await read(rig, `/extractions/sessions/${id}`)).documents[0]
    const statuses = [(await document()).status]
    await rig.call('POST', `/extractions/sessions/${id}/results`)
    for (const after of [0, 1_000, 10_000, 101_000]) {
      await rig.clock.advanceTo((await rig.clock.now()) + after)
      statuses.push((await document()).status)
    }
    t.same(statuses, ['uploaded', 'queued', 'parsing', 'parsed', 'processed'])
    t.match(await document(), { mime: 'application/pdf', workspace_id: 1, mime_type: undefined, extraction_session_id: undefined })
  },
  async 8 (t, rig) {
    const { documents: [document], results: [result] } = await completed(rig)
    t.same([document.workspace_id, result.document_refs[0].workspaceId], [1, 1])
  },
  async 9 (t, rig) {
    const { results: [result] } = await completed(rig)
    t.match(result, { audit_data: { invoice: { date: { sources: Array } } }, reasoning: undefined })
  },
  async 10 (t, rig) {
    const { id } = await completed(rig)
    const { data, ...rest } = await read(rig, `/extractions/sessions/${id}/results`)
    t.match([data, rest], [[{ status: 'completed' }], {}])
  },
  async 11 (t, rig) {
    const { id, documents: [document], results: [result] } = await completed(rig)
    const { data: [summary] } = await read(rig, `/extractions/sessions/${id}/results`)
    for (const { config_hash: hash } of [result, summary, document.parsings[0]]) t.match(hash, HEX_64)
  },
  async 12 (t, rig) {
    const reply = await rig.call('POST', `/extractions/sessions/${await createSession(rig, ['tmp/a.pdf'])}/results`)
    t.equal(reply.statusCode, 201)
    t.match(reply.json(), { id: String, title: null, completed_at: null, message: undefined, job_id: undefined })
  },
  async 13 (t, rig) {
    t.same((await send(rig, 'POST', '/vapor/signed-storage-url', {})).headers, { 'Content-Type': 'application/octet-stream' })
    t.same((await send(rig, 'POST', '/vapor/signed-storage-url', { content_type: 'image/png' })).headers, { 'Content-Type': 'image/png' })
  },
  async 14 (t, rig) {
    t.same(Object.keys(await send(rig, 'POST', '/vapor/signed-storage-url', {})).sort(), ['headers', 'key', 'url', 'uuid'])
  },
  async 15 (t, rig) {
    const { uuid, key } = await send(rig, 'POST', '/vapor/signed-storage-url', {})
    t.equal(key, `tmp/${uuid}`)
    t.equal((await rig.create([key, 'tmp/abc123-invoice.pdf'])).length, 2)
  },
  async 16 (t, rig) {
    const { documents: [{ id }] } = await completed(rig)
    const { url, ...rest } = await read(rig, `/extractions/documents/${id}/url`)
    t.same([URL.canParse(url), Object.keys(rest)], [true, ['expires_at']])
  },
  async 17 (t, rig) {
    const { documents: [{ id }] } = await completed(rig)
    t.match(await read(rig, `/extractions/documents/${id}/chunks`), [{ blocks: [{ block_id: 'doc:page:1:block:0' }], content: undefined }])
  },
  async 18 (t, rig) {
    const template = { name: 'Receipts', workspace_id: 1 }
    const schema = { groups: { receipt: { fields: { total: { type: 'number' } } } } }
    t.same((await rig.call('POST', '/extractions/templates', { ...template, schema })).json().errors, { schema_json: ['The schema_json field is required.'] })
    t.same((await send(rig, 'POST', '/extractions/templates', { ...template, schema_json: schema })).schema_json, schema)
  },
  async 19 (t, rig) {
    t.equal((await rig.call('POST', BATCH_URL, {})).statusCode, 422)
    const headers = { authorization: 'Bearer rd_test_full', 'content-type': 'application/json' }
    t.equal((await rig.app.inject({ method: 'POST', url: BATCH_URL, headers, payload: '{' })).statusCode, 400)
  },
  async 20 (t, rig) {
    t.equal(ABILITIES.length, 14)
    t.same((await rig.control('POST', '/tokens', { abilities: ABILITIES })).json().abilities, ABILITIES)
    const { documents: [{ id }] } = await completed(rig)
    const statusWith = async (abilities: readonly string[]): Promise<number> => {
      const { token } = (await rig.control('POST', '/tokens', { abilities })).json()
      return (await rig.app.inject({ url: `/workspaces/1/documents/${id}/url`, headers: { authorization: `Bearer ${token}` } })).statusCode
    }
    t.same([await statusWith(['documents-read']), await statusWith(['documents-read', 'workspaces-read'])], [403, 200])
  },
  async 21 (t, rig) {
    t.equal((await rig.call('POST', `/extractions/sessions/${await createSession(rig)}/results`)).statusCode, 422)
    const reply = await rig.call('POST', `/extractions/sessions/${await createSession(rig, ['tmp/a.pdf'])}/results`)
    t.match([reply.statusCode, reply.json()], [201, { status: 'parsing_pending' }])
  },
  async 22 (t, rig) {
    const { id, documents: [document] } = await completed(rig)
    t.equal((await rig.call('DELETE', `/extractions/sessions/${id}`)).statusCode, 204)
    t.equal((await read(rig, `/workspaces/1/documents/${document.id}`)).id, document.id)
  },
  async 23 (t, rig) {
    const { document: { id } } = await send(rig, 'POST', '/workspaces/1/documents', { key: 'tmp/a.pdf' })
    for (let time = 0; time < 2; time++) {
      const session = await createSession(rig)
      t.match(await send(rig, 'POST', `/extractions/sessions/${session}/documents/attach`, { document_ids: [id] }), { data: [{ id, workspace_id: 1 }] })
    }
  },
  async 24 (t, rig) {
    const { results: [{ document_refs: [ref] }] } = await completed(rig)
    t.match(ref, { kind: 'documentRef', type: undefined })
  },
  async 25 (t, rig) {
    const session = await createSession(rig, ['tmp/a.pdf'])
    const status = async (id: string): Promise<string> => (await read(rig, `/extractions/sessions/${id}`)).documents[0].status
    await idle(rig)
    t.equal(await status(session), 'uploaded', 'parsing does not start automatically')
    t.match(await send(rig, 'POST', `/extractions/sessions/${session}/results`), { status: 'parsing_pending' })
    const [inBatch = ''] = await rig.create(['tmp/b.pdf'])
    await idle(rig)
    t.same([await status(session), await status(inBatch)], ['processed', 'parsed'])
  },
  async 26 (t, rig) {
    const { documents: [{ id, parsings: [{ config_hash: hash }] }] } = await completed(rig)
    const url = `/workspaces/1/documents/${id}/reparse`
    t.match(await send(rig, 'POST', url, { config_hash: hash }), { config_hash: hash, status: 'ready' })
    t.equal((await rig.call('POST', url, { config_hash: 'cfg_9eeae65063f17f55' })).statusCode, 422)
  },
  async 27 (t, rig) {
    const session = await createSession(rig, ['tmp/a.pdf'])
    await rig.call('POST', `/extractions/sessions/${session}/results`)
    const statuses = []
    for (const after of [0, 11_000, 1_000, 100_000]) {
      await rig.clock.advanceTo((await rig.clock.now()) + after)
      statuses.push((await read(rig, `/extractions/sessions/${session}/results`)).data[0].status)
    }
    t.same(statuses, ['parsing_pending', 'created', 'processing', 'completed'])
  },
  async 28 (t, rig) {
    const url = `/extractions/sessions/${await createSession(rig)}/documents`
    t.equal((await rig.call('POST', `${url}/upload`, { keys: ['tmp/a.pdf'] })).statusCode, 200)
    t.equal((await rig.call('POST', url, { key: 'tmp/b.pdf', filename: 'b.pdf' })).statusCode, 201)
  },
  async 29 (t, rig) {
    const [session] = await rig.create(['tmp/a.pdf'])
    const { documents: [{ id }] } = await read(rig, `/extractions/sessions/${session}`)
    const look = async (): Promise<[string, boolean]> => {
      const { parsings: [{ status }] } = await read(rig, `/extractions/documents/${id}`)
      return [status, (await read(rig, `/extractions/documents/${id}/chunks`)).length > 0]
    }
    const seen = [await look()]
    for (const after of [1_000, 10_000]) {
      await rig.clock.advanceTo((await rig.clock.now()) + after)
      seen.push(await look())
    }
    t.same(seen, [['queued', false], ['parsing', false], ['ready', true]])
  },
  async 31 (t, rig) {
    const [session] = await rig.create(['tmp/a.pdf'])
    const { statusCode } = await rig.app.inject({ url: `/extractions/sessions/${session}/results`, headers: as('writer') })
    t.equal(statusCode, 403)
    const lenient = await build(t, { abilities: 'write-implies-read' })
    const [other] = await lenient.create(['tmp/a.pdf'])
    t.equal((await lenient.app.inject({ url: `/extractions/sessions/${other}/results`, headers: as('writer') })).statusCode, 200)
  },
  async 32 (t, rig) {
    const { id, results } = await completed(rig)
    t.same(await read(rig, `/extractions/sessions/${id}/results`), { data: results })
    t.match(results, [{ data: { invoice: Object }, audit_data: { invoice: Object }, document_refs: [Object] }])
  }
}

/** The reasons why rows have no check. */
export const UNCHECKED: Readonly<Record<number, string>> = {
  30: 'It is about the documentation itself.'
}

/** The calls of a workflow client, which are not served. */
export const WORKFLOW_CALLS = [
  ['GET', `/workspaces/1/workflows/${UNKNOWN}/runs`],
  ['POST', `/workspaces/1/workflows/${UNKNOWN}/runs`],
  ['GET', `/workspaces/1/workflows/${UNKNOWN}/runs/${UNKNOWN}/output`],
  ['GET', `/workspaces/1/workflows/${UNKNOWN}/runs/${UNKNOWN}/file`]
] as const

async function send ({ call }: Rig, method: 'POST' | 'PUT', url: string, body: object = {}): Promise<any> {
  return (await call(method, url, body)).json()
}

async function read ({ app }: Rig, url: string): Promise<any> {
  return (await app.inject({ url, headers: READ })).json()
}

async function idle ({ control }: Rig): Promise<void> {
  await control('POST', '/namespaces/default/clock/advance', { to: 'idle' })
}

async function invite (rig: Rig, email = 'ana@example.com'): Promise<number> {
  return (await send(rig, 'POST', '/workspaces/1/users/add', { email, role: 'user' })).invite_id
}

/** Creates a standalone session with these files. */
async function createSession (rig: Rig, keys: string[] = []): Promise<string> {
  const { id } = await send(rig, 'POST', '/extractions/sessions', { extraction_template_id: TEMPLATE })
  if (keys.length > 0) await rig.call('POST', `/extractions/sessions/${id}/documents/upload`, { keys })
  return id
}

/** Creates a session in a batch and runs it to its end. */
async function completed (rig: Rig): Promise<any> {
  const [id] = await rig.create(['tmp/a.pdf'], { auto_extract: true })
  await idle(rig)
  return await read(rig, `/extractions/sessions/${id}`)
}

async function postFile ({ app }: Rig, url: string): Promise<{ statusCode: number }> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(handWrittenPdf())], { type: 'application/pdf' }), 'c.pdf')
  const request = new Request('http://localhost', { method: 'POST', body: form })
  const headers = { authorization: 'Bearer rd_test_full', 'content-type': String(request.headers.get('content-type')) }
  return await app.inject({ method: 'POST', url, headers, payload: Buffer.from(await request.arrayBuffer()) })
}
