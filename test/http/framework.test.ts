import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { Writable } from 'node:stream'
import t, { type Test } from 'tap'
import { pino } from 'pino'
import { answerClientError } from '../../src/http/client-errors.ts'
import { RequestLog } from '../../src/http/request-log.ts'
import { originOf } from '../../src/http/url.ts'
import { VERSION } from '../../src/package.ts'
import { BATCH_URL, build, FULL, READ } from '../helper.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Opens a raw connection to a served rig; it closes itself. */
async function dial (t: Test, options: Parameters<typeof build>[1] = {}): Promise<Socket> {
  const { app } = await build(t, options)
  const { port, hostname } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), hostname)
  t.teardown(() => { socket.destroy() })
  return socket
}

/** The status and JSON body received before the connection closes. */
async function answer (socket: Socket): Promise<[number, object, string]> {
  const reply = await text(socket)
  const [head = '', body = ''] = reply.split('\r\n\r\n')
  return [Number(head.split(' ')[1]), JSON.parse(body), head.toLowerCase()]
}

t.test('every response has the version and a request id', async t => {
  const { app } = await build(t)
  for (const url of ['/livez', '/nowhere', '/extractions/sessions/x', '/%zz']) {
    const { headers } = await app.inject(url)
    t.equal(headers['x-raydocs-mock'], VERSION, url)
    t.match(headers['x-request-id'], UUID, url)
  }
})

t.test('keeps a valid request id of the client', async t => {
  const { app } = await build(t)
  const idFor = async (id: string): Promise<unknown> => (await app.inject({ url: '/livez', headers: { 'x-request-id': id } })).headers['x-request-id']
  t.equal(await idFor('test-42.a:b_c'), 'test-42.a:b_c')
  for (const id of ['', 'two words', '<script>', 'x'.repeat(129)]) t.match(await idFor(id), UUID)
})

t.test('answers 400 for a path that is not percent-encoded UTF-8', async t => {
  const { app } = await build(t)
  for (const url of ['/%zz', '/extractions/sessions/%e0%a4%a', '/%']) {
    const reply = await app.inject({ url, headers: FULL })
    t.equal(reply.statusCode, 400)
    t.same(reply.json(), { message: 'The path is not valid: percent-encode it as UTF-8.' })
  }
})

t.test('answers 408 for headers that do not arrive in time', async t => {
  const socket = await dial(t, { timeouts: { headers: 50, request: 10_000 } })
  socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n')
  const [status, body, head] = await answer(socket)
  t.equal(status, 408)
  t.same(body, { message: 'The request took too long to arrive.' })
  t.match(head, `x-raydocs-mock: ${VERSION}`)
  t.match(head, /x-request-id: [0-9a-f-]{36}/)
})

t.test('answers 408 for a body that does not arrive in time', async t => {
  const socket = await dial(t, { timeouts: { headers: 50, request: 50 } })
  socket.write(`POST ${BATCH_URL} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer rd_test_full\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"files":`)
  t.same((await answer(socket)).slice(0, 2), [408, { message: 'The request took too long to arrive.' }])
})

t.test('answers 431 for headers that are too large', async t => {
  const socket = await dial(t)
  socket.write(`GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Padding: ${'x'.repeat(20_000)}\r\n\r\n`)
  t.same((await answer(socket)).slice(0, 2), [431, { message: 'The request headers are too large.' }])
})

t.test('answers 400 for anything but HTTP', async t => {
  const socket = await dial(t)
  socket.write('hello\r\n\r\n')
  t.same((await answer(socket)).slice(0, 2), [400, { message: 'The request is not valid HTTP.' }])
})

t.test('answers requests that HTTP forbids, or that ask for what cannot be done, in the usual form', async t => {
  const NO_HOST = 'The request must have one Host header.'
  const CODING = 'The Transfer-Encoding is not supported: send chunked, or a Content-Length.'
  const EXPECT = 'The Expect header is not supported: send 100-continue, or no such header.'
  const cases: Array<[headers: string, status: number, message: string]> = [
    ['', 400, NO_HOST],
    ['Host: localhost\r\nHost: localhost\r\n', 400, NO_HOST],
    ['Host: localhost\r\nhost: evil.example\r\n', 400, NO_HOST],
    ['Host: \r\n', 400, 'The Host header is not valid.'],
    ['Host: localhost\r\nTransfer-Encoding: gzip, chunked\r\n', 400, CODING],
    ['Host: localhost\r\nExpect: x\r\n', 417, EXPECT]
  ]
  for (const [headers, status, message] of cases) {
    for (const path of ['/livez', '/_mock/namespaces', '/nowhere']) {
      // These answers belong to no operation.
      const socket = await dial(t, { watch () {} })
      socket.write(`GET ${path} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n${headers.includes('chunked') ? '0\r\n\r\n' : ''}`)
      const [given, body, head] = await answer(socket)
      t.equal(given, status, headers)
      t.match(body, { message: path.startsWith('/_mock') ? undefined : message, detail: path.startsWith('/_mock') ? message : undefined })
      t.match(head, `x-raydocs-mock: ${VERSION}`)
    }
  }
})

t.test('accepts the expectation of a client that waits with its body', async t => {
  const socket = await dial(t)
  const body = '{"files":["tmp/a.pdf"]}'
  socket.write(`POST ${BATCH_URL} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer rd_test_full\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-Continue\r\nConnection: close\r\n\r\n`)
  const [first] = await once(socket, 'data', { signal: AbortSignal.timeout(10_000) })
  t.match(String(first), /^HTTP\/1\.1 100 Continue/)
  socket.write(body)
  t.match(await text(socket), /^HTTP\/1\.1 201 Created/)
})

t.test('hands out URLs with the address that was called to a client that names no host', async t => {
  const socket = await dial(t)
  await once(socket, 'connect', { signal: AbortSignal.timeout(10_000) })
  const { remotePort } = socket
  socket.write('POST /vapor/signed-storage-url HTTP/1.0\r\nAuthorization: Bearer rd_test_full\r\n\r\n')
  const [status, body] = await answer(socket)
  t.equal(status, 200)
  t.match(body, { url: new RegExp(`^http://127\\.0\\.0\\.1:${remotePort}/storage/default/tmp/`) })
})

t.test('writes the address that was called as a URL has it', t => {
  const origin = (localAddress: string): string => originOf({ protocol: 'http', host: '', raw: { socket: { localAddress, localPort: 80 } } }, null)
  t.strictSame(['127.0.0.1', '::1', '::ffff:10.0.0.1'].map(origin), ['http://127.0.0.1:80', 'http://[::1]:80', 'http://10.0.0.1:80'])
  t.end()
})

t.test('sends no answer on a closed connection', async t => {
  t.doesNotThrow(() => { answerClientError(new Error('gone'), { writable: false, end () { throw new Error('written to') } } as unknown as Socket) })
})

t.test('a client that disconnects half-way creates no sessions and does no harm', async t => {
  const { app, create } = await build(t)
  const { port, hostname } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const [before] = await create(['tmp/a.pdf'])
  const socket = connect(Number(port), hostname)
  const bounded = { signal: AbortSignal.timeout(10_000) }
  const [accepted] = await Promise.all([once(app.server, 'connection', bounded), once(socket, 'connect', bounded)]) as unknown as [[Socket]]
  const closed = once(accepted[0], 'close', bounded)
  const body = JSON.stringify({ files: ['tmp/a.pdf'] })
  socket.write(`POST ${BATCH_URL} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer rd_test_full\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`)
  await once(accepted[0], 'data', bounded)
  socket.destroy()
  await closed
  const [after] = await create(['tmp/a.pdf'])
  t.equal(after, before?.replace('-000000000000', '-000000010000'), 'no equal batch was created in between')
})

t.test('logs one line per request with method, path, status, duration and caller, and no secrets', async t => {
  const lines: string[] = []
  const logger = pino({ level: 'info' }, new Writable({ write (chunk, _encoding, done) { lines.push(String(chunk)); done() } }))
  const { app, call } = await build(t, { logger })
  await call('POST', BATCH_URL, { files: ['tmp/a.pdf'] })
  await app.inject({ url: '/nowhere?token=secret', headers: { 'x-request-id': 'mine' } })
  const { url, headers } = (await call('POST', '/vapor/signed-storage-url', {})).json()
  await app.inject({ method: 'PUT', url, headers, payload: 'x' })
  await app.inject({ method: 'POST', url: BATCH_URL, headers: READ })
  const [batch, nowhere, , put, refused] = lines.map(line => JSON.parse(line))
  t.equal(lines.length, 5)
  t.match(refused, { status: 403, caller: 'rd_test_read', missing: ['sessions-write'] })
  t.same(batch, {
    level: 30,
    time: batch.time,
    pid: batch.pid,
    hostname: batch.hostname,
    reqId: batch.reqId,
    method: 'POST',
    route: '/extractions/templates/:templateId/sessions/batch',
    path: BATCH_URL,
    status: 201,
    duration: batch.duration,
    caller: 'rd_test_full',
    msg: 'request'
  })
  t.match(batch.reqId, UUID)
  t.type(batch.duration, 'number')
  t.match(nowhere, { method: 'GET', path: '/nowhere', status: 404, reqId: 'mine' })
  t.match(put, { method: 'PUT', route: '/storage/:namespace/tmp/:name', status: 200 })
  t.notMatch(lines.join(''), /secret|X-Amz|Bearer/)
})

t.test('an unexpected error is a bare 500, and the log has its details', async t => {
  const lines: string[] = []
  const logger = pino({ level: 'error' }, new Writable({ write (chunk, _encoding, done) { lines.push(String(chunk)); done() } }))
  const { app } = await build(t, {
    logger,
    watch (app) {
      app.addHook('preHandler', async () => { throw new Error('the disk is on fire') })
    }
  })
  const reply = await app.inject('/livez')
  t.equal(reply.statusCode, 500)
  t.same(reply.json(), { message: 'Server Error' })
  t.match(lines.map(line => JSON.parse(line)), [
    { level: 50, msg: 'unexpected error', err: { message: 'the disk is on fire' } },
    { level: 50, msg: 'request', status: 500 }
  ])
})

t.test('logs the error of a response that breaks off', async t => {
  const logged: object[] = []
  const log = { info: (line: object) => { logged.push(line) }, error: (line: object) => { logged.push(line) } }
  const request = { method: 'GET', url: '/x?y', routeOptions: { url: '/x' }, log }
  new RequestLog().requestCompleted(new Error('gone'), request as never, { statusCode: 200, elapsedTime: 1.234 } as never)
  t.match(logged, [{ method: 'GET', route: '/x', path: '/x', status: 200, duration: 1.2, caller: undefined, err: new Error('gone') }])
})

t.test('answers the preflights of pages of this machine, and lets them read what matters', async t => {
  const { app } = await build(t)
  const preflight = await app.inject({
    method: 'OPTIONS',
    url: BATCH_URL,
    headers: { origin: 'http://localhost:3000', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' }
  })
  t.equal(preflight.statusCode, 204)
  t.equal(preflight.headers['access-control-allow-origin'], 'http://localhost:3000')
  t.equal(preflight.headers['access-control-allow-methods'], 'GET, HEAD, POST, PUT, PATCH, DELETE')
  t.equal(preflight.headers['access-control-allow-headers'], 'authorization,content-type')
  const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: { ...FULL, origin: 'http://localhost:3000' }, payload: { files: ['tmp/a.pdf'] } })
  t.equal(reply.statusCode, 201)
  t.equal(reply.headers['access-control-allow-origin'], 'http://localhost:3000')
  t.equal(reply.headers['access-control-expose-headers'], 'Accept-Ranges, Content-Disposition, Content-Range, ETag, Preference-Applied, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Raydocs-Mock, X-Request-Id')
  t.equal((await app.inject({ method: 'OPTIONS', url: BATCH_URL })).statusCode, 204)
})
