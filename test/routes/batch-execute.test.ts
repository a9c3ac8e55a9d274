import t from 'tap'
import { BATCH_URL, build, FULL, NOON, otherTemplate, TEMPLATE } from '../helper.ts'
import { ask, get, newSession, NO_ABILITY, NO_ROLE, notFound, refusal, SESSIONS_URL, sessionOf } from './files.ts'

const EXECUTE_URL = `${BATCH_URL}/execute`
const UNKNOWN = '9c90c3cc-0d44-4b50-8888-8dd257360521'

t.test('queues a run for each session', async t => {
  const { call, create, clock } = await build(t)
  const ids = await create(['tmp/a.pdf', 'tmp/b.pdf'])
  await clock.advanceTo(NOON + 60_000)
  for (const id of ids) t.same((await call('GET', `/extractions/sessions/${id}/results`)).json(), { data: [] }, 'no extraction without a request')
  const reply = await call('POST', EXECUTE_URL, { session_ids: ids })
  t.equal(reply.statusCode, 200)
  t.same(reply.json(), { message: 'Extractions queued', queued_count: 2 })
  for (const id of ids) {
    const { data } = (await call('GET', `/extractions/sessions/${id}/results`)).json()
    t.same(data, [{
      id: data[0].id,
      extraction_session_id: id,
      status: 'created',
      config_hash: data[0].config_hash,
      title: null,
      document_refs: data[0].document_refs,
      data: {},
      audit_data: {},
      created_at: '2024-01-15T10:31:00Z',
      updated_at: '2024-01-15T10:31:00Z',
      completed_at: null
    }])
    t.match(data[0].document_refs, [{ kind: 'documentRef', documentId: /^[0-9a-f-]{36}$/, workspaceId: 1 }])
  }
})

t.test('adds a second result to a session with auto_extract', async t => {
  const { call, create, clock } = await build(t)
  const [id] = await create(['tmp/a.pdf'], { auto_extract: true })
  await clock.advanceTo(NOON + 200_000)
  await call('POST', EXECUTE_URL, { session_ids: [id] })
  const statuses = async (): Promise<string[]> => (await call('GET', `/extractions/sessions/${id}/results`)).json().data.map(({ status }: { status: string }) => status)
  t.same(await statuses(), ['completed', 'created'])
  await clock.advanceTo(NOON + 400_000)
  t.same(await statuses(), ['completed', 'completed'])
})

t.test('adds a run per call, and one run for a session that is named twice in a call', async t => {
  const { call, create } = await build(t)
  const [id = ''] = await create(['tmp/a.pdf'])
  t.same((await call('POST', EXECUTE_URL, { session_ids: [id, id.toUpperCase()] })).json(), { message: 'Extractions queued', queued_count: 1 })
  await call('POST', EXECUTE_URL, { session_ids: [id] })
  const { data } = (await call('GET', `/extractions/sessions/${id}/results`)).json()
  t.equal(new Set(data.map((result: { id: string }) => result.id)).size, 2)
})

t.test('names every unknown session or session of another template, and queues nothing', async t => {
  const { call, create } = await build(t)
  const [own] = await create(['tmp/a.pdf'])
  const [foreign] = (await call('POST', BATCH_URL.replace(TEMPLATE, otherTemplate.id), { files: ['tmp/a.pdf'] })).json<Array<{ id: string }>>()
  const reply = await call('POST', EXECUTE_URL, { session_ids: [own, UNKNOWN, foreign?.id] })
  const fault = 'is invalid: send the id of a session of this template.'
  t.equal(reply.statusCode, 422)
  t.same(reply.json(), {
    message: `The selected session_ids.1 ${fault} (and 1 more error)`,
    errors: { 'session_ids.1': [`The selected session_ids.1 ${fault}`], 'session_ids.2': [`The selected session_ids.2 ${fault}`] }
  })
  t.same((await call('GET', `/extractions/sessions/${own}/results`)).json(), { data: [] })
})

t.test('rejects invalid bodies', async t => {
  const { call } = await build(t)
  const required = { session_ids: ['The session_ids field is required.'] }
  const cases: Array<[object, object]> = [
    [{}, required],
    [{ session_ids: [] }, required],
    [{ session_ids: null }, required],
    [{ session_ids: UNKNOWN }, { session_ids: ['The session_ids field must be an array.'] }],
    [{ session_ids: Array(51).fill(UNKNOWN) }, { session_ids: ['The session_ids field must not have more than 50 items.'] }],
    [{ session_ids: ['x', 5, UNKNOWN] }, {
      'session_ids.0': ['The session_ids.0 field must be a valid UUID.'],
      'session_ids.1': ['The session_ids.1 field must be a string.']
    }]
  ]
  for (const [body, errors] of cases) {
    const reply = await call('POST', EXECUTE_URL, body)
    t.equal(reply.statusCode, 422)
    t.same(reply.json().errors, errors)
  }
  t.equal((await call('POST', EXECUTE_URL.replace(TEMPLATE, UNKNOWN), {})).statusCode, 404)
})

t.test('rejects sessions of another namespace', async t => {
  const { app, create } = await build(t)
  const [id] = await create(['tmp/a.pdf'])
  const reply = await app.inject({ method: 'POST', url: EXECUTE_URL, headers: { authorization: 'Bearer rd_test_other' }, payload: { session_ids: [id] } })
  t.equal(reply.statusCode, 422)
  t.equal((await app.inject({ url: `/extractions/sessions/${id}`, headers: FULL })).statusCode, 200)
})

t.test('batch execute: names sessions without documents and queues nothing', async t => {
  const rig = await build(t)
  const { session } = await sessionOf(rig, ['tmp/a.pdf'])
  const [first, second] = [await newSession(rig), await newSession(rig)]
  const fault = 'has no documents: upload or attach some first.'
  t.strictSame(await ask(rig, 'POST', EXECUTE_URL, { session_ids: [first, session, second] }), refusal({ 'session_ids.0': `The selected session_ids.0 ${fault}`, 'session_ids.2': `The selected session_ids.2 ${fault}` }))
  t.strictSame(await get(rig, `${SESSIONS_URL}/${session}/results`), { data: [] })
  t.match(await get(rig, `${SESSIONS_URL}/${session}/documents`), { data: [{ status: 'uploaded' }] })
})

t.test('batch execute: parses documents that were never parsed, and a shared document once', async t => {
  const rig = await build(t)
  const { session, documents } = await sessionOf(rig, ['tmp/a.pdf'])
  const other = await newSession(rig)
  await ask(rig, 'POST', `${SESSIONS_URL}/${other}/documents/attach`, { document_ids: documents })
  t.strictSame(await ask(rig, 'POST', EXECUTE_URL, { session_ids: [session, other] }, 'worker'), [200, { message: 'Extractions queued', queued_count: 2 }])
  await rig.control('POST', '/namespaces/default/clock/advance', { to: 'idle' })
  for (const id of [session, other]) t.match(await get(rig, `${SESSIONS_URL}/${id}`), { status: 'completed', documents: [{ status: 'processed' }], results: [{ status: 'completed' }] })
  t.equal((await get(rig, `/extractions/documents/${documents[0]}`)).parsings.length, 1)
})

t.test('batch execute and delete: check permissions before the body', async t => {
  const rig = await build(t)
  for (const [method, url] of [['POST', EXECUTE_URL], ['POST', `${BATCH_URL}/delete`], ['DELETE', BATCH_URL]] as const) {
    t.equal((await rig.app.inject({ method, url })).statusCode, 401)
    t.strictSame(await ask(rig, method, url.replace(TEMPLATE, UNKNOWN), {}, 'read'), NO_ABILITY)
    t.strictSame(await ask(rig, method, url, {}, 'viewer'), NO_ROLE)
    t.strictSame(await ask(rig, method, url, {}, 'stranger'), notFound('Template'))
  }
})
