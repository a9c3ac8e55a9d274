import t from 'tap'
import { build, NOON, READ, type Rig } from '../helper.ts'
import { findsNone, NO_UUIDS } from './bad-input.ts'
import { ask, get, newSession, NO_ABILITY, NO_ROLE, notFound, SESSIONS_URL, sessionOf, UNKNOWN } from './files.ts'

const NS = '/namespaces/default'

async function idle ({ control }: Rig): Promise<void> {
  await control('POST', `${NS}/clock/advance`, { to: 'idle' })
}

t.test('a run over a parsed session is created and completes', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'])
  await idle(rig)
  const reply = await rig.call('POST', `/extractions/sessions/${id.toUpperCase()}/results`)
  t.equal(reply.statusCode, 201)
  const result = reply.json()
  t.match(result, { extraction_session_id: id, status: 'created', title: null, completed_at: null, data: {}, audit_data: {}, document_refs: [{ kind: 'documentRef' }], created_at: '2024-01-15T10:30:11Z' })
  t.same((await rig.call('GET', `/extractions/results/${result.id}`)).json(), result)
  await idle(rig)
  t.match((await rig.call('GET', `/extractions/results/${result.id}`)).json(), { status: 'completed', title: 'Invoices - a.pdf' })
})

t.test('a run over an unparsed session waits for the parsing; each call adds a run', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/retry.pdf'])
  await rig.control('PUT', `${NS}/outcomes/retry`, { match: {}, attempts: { 1: { extract_failure: 'The model gave up.' } } })
  const runs = []
  for (let n = 0; n < 2; n++) runs.push((await rig.call('POST', `/extractions/sessions/${id}/results`, {})).json())
  t.same(runs.map(({ status }) => status), ['parsing_pending', 'parsing_pending'])
  t.not(runs[0].id, runs[1].id)
  await idle(rig)
  t.same((await rig.call('GET', `/extractions/sessions/${id}/results`)).json().data.map(({ id, status }: { id: string, status: string }) => [id, status]), [[runs[0].id, 'failed'], [runs[1].id, 'completed']])
})

t.test('a run needs an ability and a session', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'])
  t.equal((await rig.app.inject({ method: 'POST', url: `/extractions/sessions/${id}/results`, headers: READ })).statusCode, 403)
  const unknown = await rig.call('POST', '/extractions/sessions/00000000-0000-4000-8000-000000000000/results')
  t.same([unknown.statusCode, unknown.json()], [404, { message: 'Session not found.' }])
})

t.test('run: parses documents that were never parsed, with whole bodies', async t => {
  const rig = await build(t)
  const { session, documents: [a = '', b = ''] } = await sessionOf(rig, ['tmp/a.pdf', 'tmp/b.pdf'])
  const [status, result] = await ask(rig, 'POST', `${SESSIONS_URL}/${session}/results`, undefined, 'worker')
  const refs = await Promise.all([a, b].map(async id => {
    const { filename, mime, size, sha256 } = await get(rig, `/extractions/documents/${id}`)
    return { kind: 'documentRef', documentId: id, workspaceId: 1, filename, mime, size, sha256, source: { type: 'upload', url: null }, createdAt: '2024-01-15T10:30:00Z' }
  }))
  t.strictSame([status, result], [201, {
    id: result.id,
    extraction_session_id: session,
    status: 'parsing_pending',
    config_hash: result.config_hash,
    title: null,
    created_at: '2024-01-15T10:30:00Z',
    completed_at: null,
    document_refs: refs,
    data: {},
    audit_data: {},
    updated_at: '2024-01-15T10:30:00Z'
  }])
  const seen = []
  for (const seconds of [0, 1, 11, 12, 112]) {
    await rig.clock.advanceTo(NOON + seconds * 1_000)
    const [{ status }] = (await get(rig, `${SESSIONS_URL}/${session}/results`)).data
    seen.push([status, ...(await get(rig, `${SESSIONS_URL}/${session}/documents`)).data.map(({ status }: { status: string }) => status)])
  }
  t.strictSame(seen, [
    ['parsing_pending', 'queued', 'queued'],
    ['parsing_pending', 'parsing', 'parsing'],
    ['created', 'parsed', 'parsed'],
    ['processing', 'parsed', 'parsed'],
    ['completed', 'processed', 'processed']
  ])
  t.match(await get(rig, `/extractions/results/${result.id}`), { status: 'completed', title: 'Invoices - a.pdf - b.pdf', completed_at: '2024-01-15T10:31:52Z', updated_at: '2024-01-15T10:31:52Z' })
})

t.test('run: a document that is added later belongs to the next run, and only it is parsed', async t => {
  const rig = await build(t)
  const { session } = await sessionOf(rig, ['tmp/a.pdf'])
  await ask(rig, 'POST', `${SESSIONS_URL}/${session}/results`)
  await idle(rig)
  await ask(rig, 'POST', `${SESSIONS_URL}/${session}/documents/upload`, { keys: ['tmp/b.pdf'] })
  t.match((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [{ status: 'processed' }, { status: 'uploaded' }])
  t.match(await ask(rig, 'POST', `${SESSIONS_URL}/${session}/results`), [201, { status: 'parsing_pending' }])
  t.match((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [{ status: 'processed' }, { status: 'queued' }])
  await idle(rig)
  const { results } = await get(rig, `${SESSIONS_URL}/${session}`)
  t.strictSame(results.map(({ status, document_refs: refs }: any) => [status, refs.length]), [['completed', 1], ['completed', 2]])
})

t.test('run: answers 422 without documents', async t => {
  const rig = await build(t)
  const session = await newSession(rig)
  const empty = [422, { message: 'The session has no documents: upload or attach some first.' }]
  t.strictSame(await ask(rig, 'POST', `${SESSIONS_URL}/${session}/results`), empty)
  const { session: other, documents: [document] } = await sessionOf(rig, ['tmp/a.pdf'])
  await ask(rig, 'DELETE', `${SESSIONS_URL}/${other}/documents/${document}`)
  t.strictSame(await ask(rig, 'POST', `${SESSIONS_URL}/${other}/results`), empty)
  t.strictSame(await get(rig, `${SESSIONS_URL}/${other}/results`), { data: [] })
})

t.test('run: a client that polls the result on an auto clock sees every status in order', async t => {
  const rig = await build(t, { clock: { mode: 'auto', at: NOON } })
  const { session } = await sessionOf(rig, ['tmp/a.pdf'])
  const [, { id }] = await ask(rig, 'POST', `${SESSIONS_URL}/${session}/results`)
  const seen: string[] = []
  while (seen.at(-1) !== 'completed' && seen.length < 20) seen.push((await get(rig, `/extractions/results/${id}`)).status)
  t.strictSame(seen, ['parsing_pending', 'parsing_pending', 'created', 'processing', 'completed'])
})

t.test('run: ignores its body', async t => {
  const rig = await build(t)
  const { session } = await sessionOf(rig, ['tmp/a.pdf'])
  for (const payload of ['', '{}', '[]', 'null', '5', '{', '{"template_id": 5}', `{"documents": [${'1,'.repeat(10_000)}1]}`]) {
    const reply = await rig.app.inject({ method: 'POST', url: `${SESSIONS_URL}/${session}/results`, headers: { authorization: 'Bearer rd_test_full', 'content-type': 'application/json' }, payload })
    t.equal(reply.statusCode, 201, payload.slice(0, 40))
  }
})

t.test('run and list: answer 403 without permission and 404 for unknown, malformed and foreign ids', async t => {
  const rig = await build(t)
  const { session } = await sessionOf(rig, ['tmp/a.pdf'])
  const url = `${SESSIONS_URL}/${session}/results`
  for (const method of ['GET', 'POST'] as const) {
    await findsNone(t, rig, method, `${SESSIONS_URL}/*/results`, 'Session', NO_UUIDS)
    for (const who of ['stranger', 'other'] as const) t.strictSame(await ask(rig, method, url, undefined, who), notFound('Session'))
    t.strictSame(await ask(rig, method, `${SESSIONS_URL}/${UNKNOWN}/results`, undefined, method === 'GET' ? 'writer' : 'read'), NO_ABILITY)
    t.equal((await rig.app.inject({ method, url })).statusCode, 401)
  }
  t.strictSame(await ask(rig, 'POST', url, undefined, 'viewer'), NO_ROLE)
  t.strictSame(await ask(rig, 'GET', url, undefined, 'viewer'), [200, { data: [] }])
})

t.test('get result: a group with iterates_on has an entry per item, and no reasoning unless enabled', async t => {
  const rig = await build(t)
  const schema = {
    groups: {
      list: { fields: { items: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } } } },
      each: { config: { iterates_on: 'list.items' }, fields: { name: { type: 'string' }, colour: { type: 'string' } } }
    }
  }
  const { id: template } = (await rig.call('POST', '/extractions/templates', { name: 'Lists', workspace_id: 1, schema_json: schema })).json()
  const { session } = await sessionOf(rig, ['tmp/a.pdf'], { extraction_template_id: template })
  const [, { id }] = await ask(rig, 'POST', `${SESSIONS_URL}/${session}/results`)
  await idle(rig)
  const { data, audit_data: audit, title } = await get(rig, `/extractions/results/${id}`)
  t.equal(title, null)
  t.ok(data.list.items.length > 0)
  t.strictSame(data.each.map(({ name }: { name: string }) => name), data.list.items.map(({ name }: { name: string }) => name))
  t.equal(audit.each.length, data.each.length)
  t.strictSame(Object.keys(audit.list.items), ['sources'])
  for (const entry of audit.each) t.strictSame([Object.keys(entry), Object.keys(entry.colour)], [['name', 'colour'], ['sources']])
})

t.test('run: uses the session\'s template if that is deleted at the same moment', async t => {
  const rig = await build(t)
  const { session } = await sessionOf(rig, ['tmp/a.pdf'])
  const { templates } = (await rig.namespaces.open('default')).records
  t.capture(templates, 'find', async () => undefined)
  t.match(await ask(rig, 'POST', `${SESSIONS_URL}/${session}/results`), [201, { status: 'parsing_pending' }])
})
