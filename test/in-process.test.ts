import t, { type Test } from 'tap'
import { startRaydocsMock, type MockNamespace, type MockOptions, type RaydocsMock } from '../src/index.ts'
import { BATCH_URL, refused, TEMPLATE } from './helper.ts'

async function begin (t: Test, options: MockOptions = {}): Promise<RaydocsMock> {
  const mock = await startRaydocsMock({ clock: 'frozen', seed: 1, queue: '1s', parse: '10s', extract: '100s', ...options })
  t.teardown(async () => { await mock.close() })
  return mock
}

/** A client of the API with that token. */
function client ({ url }: RaydocsMock, { token }: Pick<MockNamespace, 'token'>): { post: (path: string, body: object) => Promise<any>, get: (path: string) => Promise<any> } {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return {
    post: async (path, body) => await (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json(),
    get: async path => await (await fetch(url + path, { headers })).json()
  }
}

t.test('a test has a namespace of its own, and moves its clock', async t => {
  const mock = await begin(t)
  const test = await mock.namespace()
  const { post, get } = client(mock, test)
  const [{ id, created_at: createdAt }] = await post(BATCH_URL, { files: ['tmp/a.pdf'], settings: { auto_extract: true } })
  t.equal(createdAt, '2024-01-15T10:30:00Z')
  t.same((await get(`/extractions/sessions/${id}/results`)).data, [])
  const { now, fired } = await test.clock.advance({ to: 'idle' })
  t.same([now, fired.length, fired.at(-1)], ['2024-01-15T10:31:52.000Z', 8, { at: '2024-01-15T10:31:52.000Z', resource: `session:${id}`, from: 'processing', to: 'completed' }])
  t.equal((await get(`/extractions/sessions/${id}/results`)).data[0].status, 'completed')
  t.same((await client(mock, mock).get(`/extractions/sessions/${id}`)), { message: 'Session not found.' })
  t.same(await test.clock.get(), { mode: 'frozen', now: '2024-01-15T10:31:52.000Z', scale: 0 })
  t.same((await test.clock.set({ mode: 'scaled', scale: 60, now: '2024-01-16T00:00:00Z' })).mode, 'scaled')
})

t.test('a test sets outcomes, faults and the rate limit, and reads the journal', async t => {
  const mock = await begin(t)
  const test = await mock.namespace('named')
  const { post, get } = client(mock, test)
  const rule = { match: { template: TEMPLATE }, attempts: { 1: { data: { invoice: { invoice_number: 'INV-1' } } } } }
  await test.outcomes.put('all', rule)
  t.same(await test.outcomes.list(), [{ name: 'all', ...rule }])
  const { id: fault } = await test.faults.add({ match: { method: 'POST' }, status: 503, times: 1 })
  t.same(await post(BATCH_URL, { files: ['tmp/a.pdf'] }), { message: 'Service Unavailable' })
  t.match(await test.faults.list(), [{ id: fault, remaining: 0, fired: 1 }])
  const [{ id }] = await post(BATCH_URL, { files: ['tmp/a.pdf'], settings: { auto_extract: true } })
  await test.clock.advance({ to: 'idle' })
  t.same((await get(`/extractions/sessions/${id}`)).results[0].data, { invoice: { invoice_number: 'INV-1' } })
  await test.rateLimit.set({ max: 0 })
  t.same(await get(`/extractions/sessions/${id}`), { message: 'Too Many Attempts.' })
  await test.rateLimit.set({ max: null })
  t.match(await test.journal.list(), [{ status: 503, fault: 'fault-1' }, { status: 201 }, { status: 200 }, { status: 429, headers: { authorization: '***' } }])
  t.same([await test.journal.count(), await test.journal.count({ method: 'GET' }), (await test.journal.list({ status: 429 })).length], [4, 2, 1])
  t.match((await test.conduct()).summary, { errors: 0, requests: 4 })
  await test.journal.clear()
  await test.faults.delete(fault)
  await test.faults.add({ match: {}, drop: true })
  await test.faults.clear()
  await test.outcomes.delete('all')
  t.same([await test.journal.count(), await test.faults.list(), await test.outcomes.list()], [0, [], []])
})

t.test('completes and fails documents and results by hand', async t => {
  const mock = await begin(t)
  const test = await mock.namespace()
  const { post, get } = client(mock, test)
  const [{ id: first }, { id: second }, { id: third }] = await post(BATCH_URL, { files: ['tmp/a.pdf', 'tmp/b.pdf', 'tmp/c.pdf'], settings: { auto_extract: true } })
  const documents = await Promise.all([first, second, third].map(async id => (await get(`/extractions/sessions/${id}`)).documents[0].id))
  await test.documents.complete(documents[0])
  await test.documents.complete(documents[1])
  await test.documents.fail(documents[2])
  const [{ id: good }] = (await get(`/extractions/sessions/${first}/results`)).data
  const [{ id: bad }] = (await get(`/extractions/sessions/${second}/results`)).data
  t.match((await test.results.complete(good, { title: 'Mine' })).fired, [{ resource: `document:${documents[0]}` }, { to: 'completed' }, { to: 'completed' }])
  await t.rejects(test.results.complete(good), { message: 'The result has completed already.' })
  await test.results.fail(bad, 'No reason.')
  t.match(await get(`/extractions/results/${good}`), { status: 'completed', title: 'Mine' })
  t.match(await get(`/extractions/results/${bad}`), { status: 'failed', error: 'No reason.' })
  t.match(await get(`/extractions/documents/${documents[2]}`), { status: 'failed', error: 'Parsing was failed by the control API.' })
})

t.test('accepts any bytes for a document without text extraction', async t => {
  const mock = await begin(t, { readDocuments: false, clock: 'auto' })
  const test = await mock.namespace()
  const { post } = client(mock, test)
  const { key, url, headers } = await post('/vapor/signed-storage-url', { content_type: 'application/pdf' })
  await fetch(url, { method: 'PUT', headers, body: 'no PDF at all' })
  const [{ id }] = await post(BATCH_URL, { files: [key], settings: { auto_extract: true } })
  t.match(await test.waitFor(`session:${id}`, 'completed,failed'), { reached: true, status: 'completed' })
})

t.test('waits for a status', async t => {
  const mock = await begin(t, { clock: 'auto' })
  const test = await mock.namespace()
  const [{ id }] = await client(mock, test).post(BATCH_URL, { files: ['tmp/a.pdf'], settings: { auto_extract: true } })
  t.same(await test.waitFor(`session:${id}`, 'completed,failed'), { reached: true, status: 'completed', next_event: null })
  t.same(await test.waitFor(`session:${id}`, 'failed', '1ms'), { reached: false, status: 'completed', next_event: null })
  const waited = test.waitFor(`session:${id}`, 'failed')
  await mock.close()
  await t.rejects(waited, { message: 'The server is closing.' })
})

t.test('a reset keeps only the tokens', async t => {
  const mock = await begin(t)
  const [one, other] = [await mock.namespace(), await mock.namespace()]
  t.same([one.name, other.name], ['test-1', 'test-2'])
  const made = await Promise.all([one, other].map(async test => await client(mock, test).post(BATCH_URL, { files: ['tmp/a.pdf'] })))
  t.not(made[0][0].id, made[1][0].id)
  await one.reset()
  t.same([await one.journal.count(), await other.journal.count()], [0, 1])
  t.same(await client(mock, one).post(BATCH_URL, { files: ['tmp/a.pdf'] }), made[0], 'as before')
  await mock.reset()
  t.same([await one.journal.count(), await other.journal.count()], [0, 0])
  t.equal((await client(mock, other).post(BATCH_URL, { files: ['tmp/a.pdf'] })).length, 1)
})

t.test('a namespace can be saved, restored and forked', async t => {
  const mock = await begin(t)
  const test = await mock.namespace()
  const [{ id }] = await client(mock, test).post(BATCH_URL, { files: ['tmp/a.pdf'], settings: { auto_extract: true } })
  const state = JSON.parse(JSON.stringify(await test.state()))
  const fork = await test.fork('copy')
  await test.clock.advance({ to: 'idle' })
  t.match(await client(mock, test).get(`/extractions/sessions/${id}`), { status: 'completed' })
  t.match(await client(mock, fork).get(`/extractions/sessions/${id}`), { status: 'pending' })
  t.equal(fork.name, 'copy')
  await test.restore(state)
  t.match(await client(mock, test).get(`/extractions/sessions/${id}`), { status: 'pending' })
  t.same(await test.state(), state)
  await t.rejects(test.restore({ ...state, seed: 'other' }), refused({ statusCode: 422 }))
})

t.test('streams transitions and requests', async t => {
  const mock = await begin(t)
  const test = await mock.namespace()
  const enough = new AbortController()
  const seen: string[] = []
  const events = await test.events(AbortSignal.any([enough.signal, AbortSignal.timeout(10_000)]))
  const watched = (async () => {
    for await (const { event, data } of events) {
      seen.push(event === 'transition' ? `${data.resource.split(':')[0]} ${data.to}` : `${data.method} ${data.status}`)
      if (event === 'request') enough.abort()
    }
  })()
  await client(mock, test).post(BATCH_URL, { files: ['tmp/a.pdf'] })
  await watched
  t.same(seen, ['document queued', 'session pending', 'POST 201'])
  const tooLong = AbortSignal.timeout(10_000)
  const more = await test.events(tooLong)
  const unending = (async () => { for await (const message of more) t.fail(JSON.stringify(message)) })()
  await mock.close()
  await unending
  t.notOk(tooLong.aborted, 'closing the server ended the stream')
})

t.test('lists namespaces, and deletes one with its tokens', async t => {
  const mock = await begin(t)
  const [one, other] = [await mock.namespace('one'), await mock.namespace('other')]
  t.same(await mock.namespaces(), ['default', 'one', 'other'])
  await one.delete()
  t.same(await mock.namespaces(), ['default', 'other'])
  t.same(await client(mock, one).get('/extractions/sessions/x'), { message: 'Unauthenticated.' })
  const { id, token } = await other.mintToken()
  t.same(await client(mock, { token }).get('/extractions/sessions/x'), { message: 'Session not found.' })
  await other.revokeToken(id)
  t.same(await client(mock, { token }).get('/extractions/sessions/x'), { message: 'Unauthenticated.' })
  t.ok((await mock.filenameDirectives()).some(({ name }) => name === 'mock-stuck'))
})

t.test('a token has only its abilities', async t => {
  const mock = await begin(t)
  const test = await mock.namespace()
  const { token, abilities, name } = await test.mintToken({ name: 'reader', abilities: ['sessions-read'] })
  t.same([abilities, name], [['sessions-read'], 'reader'])
  t.same(await client(mock, { token }).post(BATCH_URL, { files: ['tmp/a.pdf'] }), { message: 'Invalid ability provided.' })
})

t.test('throws the errors of the control API, with the same messages', async t => {
  const mock = await begin(t)
  const test = await mock.namespace()
  await t.rejects(test.clock.advance({ by: '-1s' }), refused({ statusCode: 422, message: 'The by field must be a duration such as PT90S, 500ms or 2m, at most a year.', errors: { by: [/^The by field/] } }))
  await t.rejects(test.clock.set({ mode: 'frozen', now: '2020-01-01T00:00:00Z' }), refused({ statusCode: 409 }))
  await t.rejects(test.faults.add({ match: {} }), refused({ statusCode: 422 }))
  await t.rejects(test.faults.delete('fault-1'), refused({ statusCode: 404, message: 'Fault not found.' }))
  await t.rejects(mock.namespace('../etc'), refused({ statusCode: 422 }))
  await t.rejects(test.mintToken({ abilities: ['fly' as never] }), refused({ statusCode: 422 }))
})

t.test('validates options, and reads neither the environment nor files', async t => {
  process.env['RAYDOCS_MOCK_SEED'] = 'from the environment'
  t.teardown(() => { delete process.env['RAYDOCS_MOCK_SEED'] })
  const ids = []
  for (let n = 0; n < 2; n++) {
    await using mock = await startRaydocsMock({ seed: 7, clock: 'frozen' })
    const [{ id }] = await client(mock, mock).post(BATCH_URL, { files: ['tmp/a.pdf'] })
    ids.push(id)
  }
  t.equal(ids[0], ids[1])
  await t.rejects(startRaydocsMock({ clock: 'fast' }), { message: /^The option clock must be real, scaled:60, frozen or auto.*; it is "fast"\.$/ })
  await t.rejects(startRaydocsMock({ sed: 1 } as object), { message: 'Unknown option sed.' })
  await t.rejects(startRaydocsMock({ templates: [{ id: 'x', name: 'y', schema_json: { groups: {} } }] }), { message: /^The options are not valid at \/templates\/0\/id/ })
  const mock = await begin(t, { maxUpload: '1KiB', tokens: [{ name: 'ci', token: 'a-token', abilities: ['*'] }], templates: [{ id: '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d', name: 'Receipts', schema_json: { groups: { receipt: { fields: { total: { type: 'number' } } } } } }] })
  const scripted = await begin(t, { outcomes: { slow: { match: {}, attempts: { '*': { parse: 'never' } } } }, faults: [{ match: { method: 'GET' }, status: 503, times: 1 }] })
  const test = await scripted.namespace()
  t.same([(await test.outcomes.list()).map(({ name }) => name), (await test.faults.list()).map(({ id, remaining }) => [id, remaining])], [['slow'], [['fault-1', 1]]])
  t.same(await client(scripted, test).get('/extractions/sessions/x'), { message: 'Service Unavailable' })
  await test.reset()
  t.equal((await test.faults.list())[0]?.remaining, 1, 'a reset begins anew')
  t.equal((await test.faults.add({ match: {}, drop: true })).id, 'fault-2')
  t.equal((await client(mock, { token: 'a-token' }).post('/extractions/templates/9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d/sessions/batch', { files: ['tmp/a.pdf'] })).length, 1)
})

t.test('a namespace is deleted at the end of its scope', async t => {
  const mock = await begin(t)
  const token = await (async () => {
    await using namespace = await mock.namespace('scoped')
    t.equal((await client(mock, namespace).get('/workspaces')).data.length, 1)
    return namespace.token
  })()
  t.strictSame(await client(mock, { token }).get('/workspaces'), { message: 'Unauthenticated.' })
})
