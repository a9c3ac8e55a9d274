import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { Writable } from 'node:stream'
import t from 'tap'
import { pino } from 'pino'
import { BATCH_URL, build, FULL, READ, type Rig } from '../helper.ts'
import { until } from '../until.ts'

const FAULTS = '/namespaces/default/faults'
const SESSION = '/extractions/sessions/00000000-0000-4000-8000-000000000000'

async function add ({ control }: Rig, rule: object): Promise<{ id: string, remaining: number | null, fired: number }> {
  const reply = await control('POST', FAULTS, { match: {}, ...rule })
  if (reply.statusCode !== 201) throw new Error(reply.body)
  return reply.json()
}

/** The faults with their counters. */
async function state ({ control }: Rig): Promise<Array<[number | null, number]>> {
  return (await control('GET', FAULTS)).json().data.map(({ remaining, fired }: { remaining: number | null, fired: number }) => [remaining, fired])
}

/** A served rig, and a client that creates a batch over a real connection. */
async function serve (t: Parameters<typeof build>[0], options: Parameters<typeof build>[1] = {}): Promise<Rig & { post: () => Promise<{ status: number, headers: Headers, body: string }>, sessions: () => Promise<number> }> {
  const rig = await build(t, options)
  const url = await rig.app.listen({ port: 0, host: '127.0.0.1' })
  return {
    ...rig,
    async post () {
      const reply = await fetch(url + BATCH_URL, { method: 'POST', headers: { ...FULL, 'content-type': 'application/json' }, body: '{"files":["tmp/a.pdf"]}' })
      return { status: reply.status, headers: reply.headers, body: await reply.text() }
    },
    async sessions () {
      let count = 0
      for await (const session of (await rig.namespaces.open('default')).records.sessions()) count += session.documents.length
      return count
    }
  }
}

t.test('status: answers with the usual body and the headers, as often as requested', async t => {
  const rig = await build(t)
  const rule = { match: { method: 'post', path: '/extractions/*' }, status: 429, headers: { 'Retry-After': '30' }, times: 2 }
  const reply = await rig.control('POST', FAULTS, rule)
  t.equal(reply.statusCode, 201)
  t.same(reply.json(), { id: 'fault-1', ...rule, remaining: 2, fired: 0 })
  for (let n = 0; n < 2; n++) {
    const refused = await rig.call('POST', BATCH_URL, { files: ['tmp/a.pdf'] })
    t.equal(refused.statusCode, 429)
    t.equal(refused.headers['retry-after'], '30')
    t.same(refused.json(), { message: 'Too Many Attempts.' })
  }
  t.equal((await rig.call('GET', SESSION)).statusCode, 404)
  t.equal((await rig.call('POST', BATCH_URL, { files: ['tmp/a.pdf'] })).statusCode, 201)
  t.same((await rig.control('GET', FAULTS)).json(), { data: [{ id: 'fault-1', ...rule, remaining: 0, fired: 2 }], total: 1 })
})

t.test('status: every status has its own body', async t => {
  const rig = await build(t)
  const bodies: Array<[number, string, object?]> = [
    [401, 'Unauthenticated.', { 'www-authenticate': 'Bearer' }],
    [403, 'Invalid ability provided.'],
    [404, 'Not Found'],
    [422, 'The given data was invalid.'],
    [500, 'Server Error'],
    [503, 'Service Unavailable']
  ]
  for (const [status, message, headers = {}] of bodies) {
    await add(rig, { status, times: 1 })
    const reply = await rig.call('GET', SESSION)
    t.equal(reply.statusCode, status)
    t.same(reply.json(), { message })
    t.match(reply.headers, headers)
  }
})

t.test('status: an unknown status has its number as message', async t => {
  const rig = await build(t)
  await add(rig, { status: 599 })
  t.same((await rig.call('GET', SESSION)).json(), { message: 'Status 599' })
})

t.test('body: a string is sent unchanged, anything else as JSON', async t => {
  const rig = await build(t)
  const answers = []
  for (const rule of [{ status: 418, body: 'teapot' }, { status: 200, body: [1] }, { status: 502, body: '<html>', headers: { 'Content-Type': 'text/html' } }, { status: 204 }]) {
    await add(rig, { ...rule, times: 1 })
    const { statusCode, headers, body } = await rig.call('GET', SESSION)
    answers.push([statusCode, headers['content-type'], body])
  }
  t.same(answers, [
    [418, 'text/plain; charset=utf-8', 'teapot'],
    [200, 'application/json; charset=utf-8', '[1]'],
    [502, 'text/html', '<html>'],
    [204, undefined, '']
  ])
})

t.test('a signed URL is rejected as S3 does', async t => {
  const rig = await build(t)
  const { url, headers } = (await rig.call('POST', '/vapor/signed-storage-url', {})).json()
  const codes = []
  for (const status of [403, 404, 429, 500, 503]) {
    await add(rig, { match: { path: '/storage/*' }, status, headers: { 'Retry-After': '1' }, times: 1 })
    const reply = await rig.app.inject({ method: 'PUT', url, headers, payload: 'x' })
    t.equal(reply.headers['retry-after'], '1')
    codes.push([reply.statusCode, reply.headers['content-type'], /<Code>(\w+)/.exec(reply.body)?.[1]])
  }
  t.same(codes, [
    [403, 'application/xml', 'AccessDenied'],
    [404, 'application/xml', 'NoSuchKey'],
    [429, 'application/xml', 'SlowDown'],
    [500, 'application/xml', 'InternalError'],
    [503, 'application/xml', 'SlowDown']
  ])
  t.equal((await rig.app.inject({ method: 'PUT', url, headers, payload: 'x' })).statusCode, 200)
})

t.test('drop: closes the connection; the batch exists only with `after`', async t => {
  const rig = await serve(t)
  await add(rig, { drop: true, times: 1 })
  await t.rejects(rig.post(), { message: 'fetch failed' })
  t.equal(await rig.sessions(), 0)
  await add(rig, { drop: true, after: true, times: 1 })
  await t.rejects(rig.post(), { message: 'fetch failed' })
  t.equal(await rig.sessions(), 1)
  t.match(await (await rig.namespaces.open('default')).journal.exchanges(), [
    { status: null, fault: 'fault-1', body: null },
    { status: null, fault: 'fault-2', body: '{"files":["tmp/a.pdf"]}' }
  ])
})

t.test('after: a lost response can be followed by another fault', async t => {
  const rig = await serve(t)
  await add(rig, { status: 500, after: true, times: 1 })
  await add(rig, { status: 502, body: 'Bad Gateway', after: true, times: 1 })
  t.match(await rig.post(), { status: 500, body: '{"message":"Server Error"}' })
  t.match(await rig.post(), { status: 502, body: 'Bad Gateway' })
  t.equal(await rig.sessions(), 2)
})

t.test('truncate: cuts the body after a number of bytes, at half, or at once', async t => {
  const rig = await serve(t)
  const { port, hostname } = new URL(rig.app.listeningOrigin)
  const [, ...whole] = await rig.post().then(({ body }) => ['', body.length, body.slice(0, 8), body.slice(0, body.length / 2)])
  const received = []
  for (const truncate of [8, true, 0]) {
    await add(rig, { truncate, times: 1 })
    const socket = connect(Number(port), hostname)
    socket.write(`POST ${BATCH_URL} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${FULL.authorization}\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n{"files":["tmp/a.pdf"]}`)
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
    received.push([/^HTTP\/1.1 201 Created/.test(head), Number(/content-length: (\d+)/i.exec(head)?.[1]), body.length])
  }
  const [length] = whole as [number]
  t.same(received, [[true, length, 8], [true, length, Math.floor(length / 2)], [true, length, 0]])
  await add(rig, { truncate: true, times: 1 })
  await t.rejects(rig.post(), { message: 'terminated' })
})

t.test('malformed: sends a body that is not JSON with the content type of JSON', async t => {
  const rig = await serve(t)
  await add(rig, { malformed: true, times: 1 })
  const { status, headers, body } = await rig.post()
  t.equal(status, 201)
  t.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  t.throws(() => JSON.parse(body))
})

t.test('trickle: sends the body piece by piece, and completely', async t => {
  const rig = await serve(t)
  const { body: { length } } = await rig.post()
  await add(rig, { trickle: 'PT0.1S', times: 1 })
  const { status, headers, body } = await rig.post()
  t.same([status, headers.get('content-length'), body.length], [201, String(length), length])
  t.equal(JSON.parse(body)[0].name, 'Pending...')
})

t.test('headers alone leave the rest of the response unchanged', async t => {
  const rig = await build(t)
  await add(rig, { headers: { 'X-Served-By': 'cache-1' } })
  const reply = await rig.call('POST', BATCH_URL, { files: ['tmp/a.pdf'] })
  t.equal(reply.statusCode, 201)
  t.equal(reply.headers['x-served-by'], 'cache-1')
})

t.test('delay: executes the request afterwards, and closing the server does not wait for it', async t => {
  const rig = await serve(t)
  await add(rig, { delay: '20ms~10ms', times: 1 })
  const began = performance.now()
  t.equal((await rig.post()).status, 201)
  t.ok(performance.now() - began >= 9, 'the response was delayed')
  await add(rig, { delay: '10m', trickle: '10m', times: 1 })
  const late = rig.post()
  await until('the fault has struck', async () => (await state(rig))[1]?.[1] === 1)
  await rig.app.close()
  t.equal((await late).status, 201)
})

t.test('a fault applies only to requests that match by method, path, token and nth', async t => {
  const rig = await build(t)
  const statuses = async (headers: object): Promise<number[]> => {
    const replies = []
    for (let n = 0; n < 4; n++) replies.push((await rig.app.inject({ url: SESSION, headers: { ...headers } })).statusCode)
    return replies
  }
  await add(rig, { match: { method: 'GET', path: '/extractions/sessions/*-8000-*', token: 'rd_test_read', nth: 3 }, status: 503 })
  await add(rig, { match: { method: 'PUT' }, status: 500 })
  await add(rig, { match: { path: '/extractions/results/*' }, status: 500 })
  t.same(await statuses(FULL), [404, 404, 404, 404])
  t.same(await statuses(READ), [404, 404, 503, 404])
  t.same(await state(rig), [[0, 1], [null, 0], [null, 0]])
})

t.test('the first applicable fault wins; the others count the request too', async t => {
  const rig = await build(t)
  await add(rig, { status: 500, times: 1 })
  await add(rig, { match: { nth: 2 }, status: 502 })
  await add(rig, { status: 503 })
  const statuses = []
  for (let n = 0; n < 4; n++) statuses.push((await rig.call('GET', SESSION)).statusCode)
  t.same(statuses, [500, 502, 503, 503])
  t.same(await state(rig), [[0, 1], [0, 1], [null, 2]])
})

t.test('probability is deterministic for a seed', async t => {
  const struck = async (seed: string): Promise<string> => {
    const rig = await build(t, { seed })
    await add(rig, { status: 500, probability: 0.3 })
    let picture = ''
    for (let n = 0; n < 50; n++) picture += (await rig.call('GET', SESSION)).statusCode === 500 ? 'x' : '.'
    return picture
  }
  const [first, again, other] = [await struck('a'), await struck('a'), await struck('b')]
  t.equal(first, again)
  t.not(first, other)
  t.ok(/^(?=.{50}$)\.*(x\.*){5,25}$/.test(first), first)
})

t.test('faults belong to a namespace and are removed singly, together, or by a reset', async t => {
  const rig = await build(t)
  const other = { authorization: 'Bearer rd_test_other' }
  await add(rig, { status: 500 })
  await add(rig, { status: 501 })
  t.equal((await rig.app.inject({ url: SESSION, headers: other })).statusCode, 404)
  t.equal((await rig.control('DELETE', `${FAULTS}/fault-1`)).statusCode, 204)
  t.equal((await rig.call('GET', SESSION)).statusCode, 501)
  t.same((await rig.control('DELETE', `${FAULTS}/fault-1`)).json().detail, 'Fault not found.')
  t.equal((await rig.control('DELETE', FAULTS)).statusCode, 204)
  t.equal((await rig.call('GET', SESSION)).statusCode, 404)
  t.equal((await add(rig, { status: 500 })).id, 'fault-3')
  await rig.control('POST', '/namespaces/default/reset')
  t.equal((await rig.call('GET', SESSION)).statusCode, 404)
  t.equal((await rig.control('GET', '/namespaces/nowhere/faults')).statusCode, 404)
})

t.test('accepts a thousand faults', async t => {
  const rig = await build(t)
  const { faults } = (await rig.namespaces.open('default'))
  for (let n = 0; n < 1_000; n++) await faults.add({ match: {}, status: 500 })
  const reply = await rig.control('POST', FAULTS, { match: {}, status: 500 })
  t.equal(reply.statusCode, 429)
  t.equal(reply.json().detail, 'There are already 1000 faults: delete some that are no longer needed.')
})

t.test('rejects contradictory rules field by field', async t => {
  const { control } = await build(t)
  const refusals: Array<[object, Record<string, string>]> = [
    [{}, { match: 'The match field is required.' }],
    [{ match: {} }, { status: 'The status field is required unless headers, delay, drop, truncate, malformed or trickle is sent.' }],
    [{ match: { nth: 0, verb: 'GET' }, status: 100 }, { 'match.nth': 'The match.nth field must be at least 1.', 'match.verb': 'The match.verb field is not known.', status: 'The status field must be at least 200.' }],
    [{ match: {}, drop: true, status: 500 }, { drop: 'The drop field excludes a response: leave out status, headers, truncate, malformed and trickle.' }],
    [{ match: {}, truncate: true, malformed: true }, { truncate: 'The truncate field cannot be combined: send only one of truncate, malformed and trickle.' }],
    [{ match: {}, truncate: false }, { truncate: 'The truncate field must be true or a number of bytes.' }],
    [{ match: {}, delay: '1s', body: {} }, { body: 'The body field requires a status.' }],
    [{ match: {}, status: 204, body: {} }, { body: 'The body field must be left out: a response with status 204 has no body.' }],
    [{ match: {}, delay: '1s', after: true }, { after: 'The after field requires drop or a status: the other effects always follow the request.' }],
    [{ match: { nth: 1 }, status: 500, times: 1 }, { times: 'The times field cannot be combined with match.nth, which applies once.' }],
    [{ match: { nth: 1 }, status: 500, probability: 0.5 }, { probability: 'The probability field cannot be combined with match.nth.' }],
    [{ match: {}, status: 500, probability: 0 }, { probability: 'The probability field must be greater than 0.' }],
    [{ match: {}, headers: { 'Content-Length': '1', 'x y': 'z' } }, { 'headers.Content-Length': 'The headers.Content-Length field is not a header that can be set.', 'headers.x y': 'The headers.x y field is not a header that can be set.' }],
    [{ match: {}, delay: '11m' }, { delay: 'The delay field must be a duration such as PT1S or 500ms, or with a spread 2s~1s, at most ten minutes.' }],
    [{ match: {}, trickle: '2s~1s' }, { trickle: 'The trickle field must be a duration such as PT1S or 500ms, at most ten minutes.' }]
  ]
  for (const [rule, errors] of refusals) {
    const reply = await control('POST', FAULTS, rule)
    t.equal(reply.statusCode, 422, JSON.stringify(rule))
    t.same(reply.json().errors, Object.fromEntries(Object.entries(errors).map(([field, message]) => [field, [message]])))
  }
  t.same((await control('GET', FAULTS)).json(), { data: [], total: 0 })
})

t.test('the log names the fault and has no error for it', async t => {
  const lines: string[] = []
  const logger = pino({ level: 'info' }, new Writable({ write (chunk, _encoding, done) { lines.push(String(chunk)); done() } }))
  const rig = await serve(t, { logger })
  for (const rule of [{ drop: true }, { status: 500 }, { truncate: 1 }]) await add(rig, { ...rule, times: 1 })
  await t.rejects(rig.post())
  await rig.post()
  await t.rejects(rig.post())
  const requests = lines.map(line => JSON.parse(line)).filter(({ route }) => route?.startsWith('/extractions'))
  t.same(requests.map(({ level, status, fault, reason }) => ({ level, status, fault, reason })), [
    { level: 30, status: null, fault: 'fault-1', reason: 'dropped by a fault' },
    { level: 30, status: 500, fault: 'fault-2', reason: undefined },
    { level: 30, status: null, fault: 'fault-3', reason: 'cut off by a fault' }
  ])
  t.notOk(lines.some(line => line.includes('unexpected error')))
})
