import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { connectRaydocsMock, HttpError, startRaydocsMock, StartError, UsageError, type MockNamespace, type MockOptions, type RaydocsMock } from '../src/index.ts'
import { BATCH_URL, refused, TEMPLATE } from './helper.ts'

interface Begun extends RaydocsMock {
  /** Closes the server, which for a connected mock `close` does not. */
  stop (): Promise<void>
}

type Begin = (t: Test, options?: MockOptions) => Promise<Begun>

const beginInProcess: Begin = async (t, options = {}) => {
  const mock = await startRaydocsMock({ clock: 'frozen', seed: 1, queue: '1s', parse: '10s', extract: '100s', ...options })
  t.teardown(async () => { await mock.close() })
  return { ...mock, stop: mock.close }
}

/** Controls the mock over HTTP alone. */
const beginConnected: Begin = async (t, options) => {
  const { url, stop } = await beginInProcess(t, { control: true, controlToken: 'a-control-token', ...options })
  return { ...await connectRaydocsMock({ url: `${url}/`, controlToken: 'a-control-token' }), stop }
}

/** A client of the API with that token. */
function client ({ url }: RaydocsMock, { token }: Pick<MockNamespace, 'token'>): { post: (path: string, body: object) => Promise<any>, get: (path: string) => Promise<any> } {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return {
    post: async (path, body) => await (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json(),
    get: async path => await (await fetch(url + path, { headers })).json()
  }
}

for (const [place, begin] of [['in this process', beginInProcess], ['over HTTP', beginConnected]] as const) {
  t.test(`a mock controlled ${place}`, async t => { await holdToInterface(t, begin) })
}

/** Checks the whole interface of a mock. */
async function holdToInterface (t: Test, begin: Begin): Promise<void> {
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
    await mock.stop()
    await t.rejects(waited, refused({ statusCode: 503 }))
  })

  t.test('a reset keeps only the tokens', async t => {
    const mock = await begin(t)
    const [one, other] = [await mock.namespace(), await mock.namespace()]
    t.not(one.name, other.name)
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
    await mock.stop()
    await unending
    t.notOk(tooLong.aborted, 'closing the server ended the stream')
  })

  t.test('events are those since the call', async t => {
    const mock = await begin(t)
    const test = await mock.namespace()
    const enough = new AbortController()
    const events = await test.events(enough.signal)
    await client(mock, test).get('/workspaces')
    const { value } = await events[Symbol.asyncIterator]().next()
    t.match(value, { event: 'request', data: { path: '/workspaces', status: 200 } })
    enough.abort(new Error('enough seen'))
    await t.rejects(test.events(enough.signal), { message: 'enough seen' })
  })

  t.test('a wait throws the reason of its signal', async t => {
    const mock = await begin(t)
    const test = await mock.namespace()
    const [{ id }] = await client(mock, test).post(BATCH_URL, { files: ['tmp/a.pdf'] })
    const bored = new Error('enough waited')
    const signal = new AbortController()
    const waited = test.waitFor(`session:${id}`, 'failed', '10s', signal.signal)
    await test.describe()
    signal.abort(bored)
    await t.rejects(waited, bored)
    const late = await test.waitFor(`session:${id}`, 'failed', '1ms')
    t.match(late, { reached: false, status: 'pending', hint: /^The clock is frozen\. Advance it/ })
  })

  t.test('a client that breaks no rule passes, and others are told which', async t => {
    const mock = await begin(t)
    const test = await mock.namespace('conduct')
    const { post } = client(mock, test)
    const [{ id }] = await post(BATCH_URL, { files: ['tmp/a.pdf'], extra: 1 })
    t.match(id, /-/)
    await test.assertConduct()
    await t.rejects(test.assertConduct('warning'), { message: /unknown-body-field/ })
    await post(BATCH_URL, { files: ['tmp/a.pdf'], extra: 1 })
    const violation = { rule: 'same-batch-twice', severity: 'error', request: 2, method: 'POST', path: BATCH_URL, at: '2024-01-15T10:30:00.000Z', message: 'The batch repeats an earlier one: its sessions already exist.', related: [1] }
    const error = await test.assertConduct().catch((error: Error) => error)
    t.match(error, {
      code: 'ERR_ASSERTION',
      actual: [violation],
      expected: [],
      message: [
        'The client broke rules of conduct in 2 requests to the namespace conduct:',
        `error    same-batch-twice  #2 POST ${BATCH_URL}  The batch repeats an earlier one: its sessions already exist.`,
        'The journal has each request by its id, with headers, body and response:',
        '(await api.journal.list()).find(({ id }) => id === 2)'
      ].join('\n')
    })
    t.match((await test.journal.list()).find(({ id }) => id === 2), { body: '{"files":["tmp/a.pdf"],"extra":1}' })
  })

  t.test('describes itself, and passes names and filters on unchanged', async t => {
    const mock = await begin(t)
    const test = await mock.namespace('a-name')
    t.same(await test.describe(), { name: 'a-name', clock: { mode: 'frozen', now: '2024-01-15T10:30:00.000Z', scale: 0 } })
    const rule = { match: {}, attempts: {} }
    await test.outcomes.put('a/b c?%', rule)
    t.same(await test.outcomes.list(), [{ name: 'a/b c?%', ...rule }])
    await test.outcomes.delete('a/b c?%')
    t.same(await test.rateLimit.get(), { max: null })
    await client(mock, test).get('/workspaces?a=1&b=%20')
    await client(mock, test).get('/nowhere')
    t.match(await test.journal.list({ unmatched: true, path: '/no*', limit: 5, after: 1 }), [{ path: '/nowhere', query: null }])
    t.match(await test.journal.list({ path: '/workspaces' }), [{ path: '/workspaces', query: 'a=1&b=%20' }])
    await client(mock, test).post('/workspaces/1/users/add', { email: 'ana@example.org', role: 'user' })
    const [{ id }] = await client(mock, test).get('/workspaces/1/invites')
    t.match(await test.invites.accept(id), { user: { email: 'ana@example.org' }, workspace_id: 1 })
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
    await t.rejects(test.clock.advance({ by: '-1s' }), refused({ statusCode: 422, message: 'The by field must be a duration such as PT90S, 500ms or 2m, at most a year, in weeks or smaller units.', errors: { by: [/^The by field/] } }))
    await t.rejects(test.clock.set({ mode: 'frozen', now: '2020-01-01T00:00:00Z' }), refused({ statusCode: 409 }))
    await t.rejects(test.faults.add({ match: {} }), refused({ statusCode: 422 }))
    await t.rejects(test.faults.delete('fault-1'), refused({ statusCode: 404, message: 'Fault not found.' }))
    await t.rejects(mock.namespace('../etc'), refused({ statusCode: 422 }))
    await t.rejects(test.mintToken({ abilities: ['fly' as never] }), refused({ statusCode: 422 }))
    await t.rejects(test.fork('../etc'), refused({ statusCode: 422, errors: { as: [/^The as field must be 1 to 64 letters/] } }))
    await t.rejects(test.fork(test.name), refused({ statusCode: 409, message: `The namespace ${test.name} exists already.` }))
    await t.rejects(test.documents.fail('a/b'), refused({ statusCode: 404, message: 'Document not found.' }))
    await t.rejects(test.waitFor('x', 'completed'), refused({ statusCode: 422, errors: { resource: [/^The resource field must be session:/] } }))
    t.ok(await test.clock.advance({}).catch((error: unknown) => error) instanceof HttpError)
    await test.delete()
    await t.rejects(test.describe(), refused({ statusCode: 404, message: 'Namespace not found.' }))
    await t.rejects(test.events(), refused({ statusCode: 404, message: 'Namespace not found.' }))
  })

  t.test('a namespace is deleted at the end of its scope', async t => {
    const mock = await begin(t)
    const token = await (async () => {
      await using namespace = await mock.namespace('scoped')
      t.equal((await client(mock, namespace).get('/workspaces')).data.length, 1)
      return namespace.token
    })()
    t.strictSame(await client(mock, { token }).get('/workspaces'), { message: 'Unauthenticated.' })
    await using deleted = await mock.namespace('deleted')
    await deleted.delete()
  })
}

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
  const mock = await beginInProcess(t, { maxUpload: '1KiB', tokens: [{ name: 'ci', token: 'a-token', abilities: ['*'] }], templates: [{ id: '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d', name: 'Receipts', schema_json: { groups: { receipt: { fields: { total: { type: 'number' } } } } } }] })
  const scripted = await beginInProcess(t, { outcomes: { slow: { match: {}, attempts: { '*': { parse: 'never' } } } }, faults: [{ match: { method: 'GET' }, status: 503, times: 1 }] })
  const test = await scripted.namespace()
  t.same([(await test.outcomes.list()).map(({ name }) => name), (await test.faults.list()).map(({ id, remaining }) => [id, remaining])], [['slow'], [['fault-1', 1]]])
  t.same(await client(scripted, test).get('/extractions/sessions/x'), { message: 'Service Unavailable' })
  await test.reset()
  t.equal((await test.faults.list())[0]?.remaining, 1, 'a reset begins anew')
  t.equal((await test.faults.add({ match: {}, drop: true })).id, 'fault-2')
  t.equal((await client(mock, { token: 'a-token' }).post('/extractions/templates/9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d/sessions/batch', { files: ['tmp/a.pdf'] })).length, 1)
})

t.test('connections share a mock, which outlives them', async t => {
  const { url } = await beginInProcess(t, { control: true, clock: 'auto' })
  const connections = await Promise.all([1, 2].map(async () => await connectRaydocsMock({ url })))
  const names = await Promise.all(connections.map(async mock => (await mock.namespace()).name))
  t.equal(new Set(names).size, 2, 'namespaces without a name are apart')
  for (const mock of connections) await mock.close()
  await using later = await connectRaydocsMock({ url })
  t.same(new Set(await later.namespaces()), new Set(['default', ...names]))
})

t.test('a connection that fails says why', async t => {
  const { url } = await beginInProcess(t, { control: true, controlToken: 'a-control-token' })
  const { url: uncontrolled } = await beginInProcess(t, { control: false })
  const refusals: Array<[string, RegExp]> = [
    [url, /^The mock at http:\S+ cannot be controlled: the option controlToken must be the token of its control API\.$/],
    [uncontrolled, /^The mock at \S+ cannot be controlled: \S+\/_mock\/tokens answers 404: it is not raydocs-mock, or its control API is off\.$/],
    ['http://127.0.0.1:1', /^The mock at http:\/\/127\.0\.0\.1:1 cannot be controlled: http:\/\/127\.0\.0\.1:1 does not answer\.$/]
  ]
  for (const [url, message] of refusals) await t.rejects(connectRaydocsMock({ url }), { message, constructor: StartError })
  for (const url of ['localhost:4010', 'http://']) {
    await t.rejects(connectRaydocsMock({ url }), { message: `The option url must be a URL such as http://127.0.0.1:4010; it is "${url}".`, constructor: UsageError })
  }
})

t.test('an error that is no missing namespace ends the scope of a namespace', async t => {
  const mock = await beginConnected(t)
  const namespace = await mock.namespace()
  await mock.stop()
  await t.rejects(async () => { await namespace[Symbol.asyncDispose]() }, refused({ statusCode: 503, message: `${mock.url} does not answer.` }))
})

t.test('a stream over HTTP that breaks off throws', async t => {
  let breakOff = (): void => {}
  const server = createServer((request, reply) => {
    if (request.method === 'POST') {
      reply.writeHead(201, { 'content-type': 'application/json' }).end('{"token":"x"}')
    } else {
      reply.writeHead(200, { 'content-type': 'text/event-stream' }).write(': heartbeat\n\nevent: transition\nda')
      breakOff = () => { request.socket.destroy() }
      reply.write('ta: {"at":1}\n\nevent: request\n')
    }
  }).listen(0, '127.0.0.1')
  t.teardown(() => { server.close() })
  await once(server, 'listening', { signal: AbortSignal.timeout(10_000) })
  const mock = await connectRaydocsMock({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  const events = (await (await mock.namespace()).events())[Symbol.asyncIterator]()
  t.same(await events.next(), { done: false, value: { event: 'transition', data: { at: 1 } } })
  breakOff()
  await t.rejects(events.next(), { message: 'terminated' })
})
