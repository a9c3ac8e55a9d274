import t from 'tap'
import { createHosts, isLoopback, type HostOptions } from '../../src/http/hosts.ts'
import { as, BATCH_URL, build, FULL, refused } from '../helper.ts'

const options: HostOptions = { onLoopback: true, publicUrl: null, allowedHosts: [], cors: null }

t.test('a loopback name always means this machine', async t => {
  for (const name of ['127.0.0.1', '127.1.2.3', '::1', '[::1]', 'localhost', 'mock.localhost']) t.ok(isLoopback(name), name)
  for (const name of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org', 'localhost.example.org', 'xlocalhost', '']) t.notOk(isLoopback(name), name)
})

t.test('on loopback, the server is known by addresses, by names of this machine, and by names that were given', async t => {
  const hosts = createHosts({ ...options, publicUrl: 'https://mock.test:8443/raydocs', allowedHosts: ['mock', '*.example.org'] })
  for (const host of ['127.0.0.1:4010', '192.168.1.7', '[::1]:4010', '[fe80::1]', 'localhost', 'LOCALHOST:4010', 'a.localhost:1', 'mock.test', 'mock:80', 'a.example.org']) {
    t.doesNotThrow(() => { hosts.assertKnown(host) }, host)
  }
  for (const name of ['evil.test', 'example.org', 'mock.test.evil.test', 'x-mock', '127.0.0.1.evil.test', 'localhost.evil.test']) {
    t.throws(() => { hosts.assertKnown(`${name}:4010`) }, refused({
      statusCode: 403,
      message: `The server is not known by the name ${name}: start it with --allowed-hosts ${name} if it is.`
    }), name)
  }
})

t.test('beyond loopback, any name will do until some are given', async t => {
  const open = { ...options, onLoopback: false }
  t.doesNotThrow(() => { createHosts(open).assertKnown('mock.test') })
  t.doesNotThrow(() => { createHosts({ ...open, publicUrl: 'https://x.test' }).assertKnown('mock.test') })
  t.throws(() => { createHosts({ ...open, allowedHosts: ['x.test'] }).assertKnown('mock.test') }, refused({ statusCode: 403 }))
})

t.test('a Host header that names no host is refused everywhere', async t => {
  const hosts = createHosts({ ...options, onLoopback: false })
  for (const host of ['', 'evil.example/x?', 'a b', 'user@localhost', 'localhost:', 'localhost:x', '[::1', 'localhost:4010, evil']) {
    t.throws(() => { hosts.assertKnown(host) }, refused({ statusCode: 400, message: 'The Host header is not valid.' }), host)
  }
})

t.test('pages of this machine may call a server on loopback, others if they were named', async t => {
  const local = ['http://localhost:3000', 'https://localhost', 'http://127.0.0.1:5173', 'http://[::1]:1', 'http://app.localhost']
  const foreign = ['https://evil.test', 'http://localhost.evil.test', 'http://10.0.0.1', 'null', '', 'file://']
  const app = 'https://app.example.org'
  const allowed = (some: Partial<HostOptions>): string[] => {
    const { mayCall } = createHosts({ ...options, ...some })
    return [...local, ...foreign, app].filter(mayCall)
  }
  t.same(allowed({}), local)
  t.same(allowed({ cors: [app] }), [...local, app])
  t.same(allowed({ cors: ['*'] }), [...local, ...foreign, app])
  t.same(allowed({ cors: [] }), [])
  t.same(allowed({ onLoopback: false }), [])
  t.same(allowed({ onLoopback: false, cors: [app] }), [app])
})

t.test('refuses every request by an unknown name, each in the shape of its API', async t => {
  const { app } = await build(t)
  const headers = { ...FULL, host: 'evil.test' }
  const message = 'The server is not known by the name evil.test: start it with --allowed-hosts evil.test if it is.'
  for (const url of ['/livez', '/workspaces', '/nowhere', '/docs']) {
    const reply = await app.inject({ url, headers })
    t.same([reply.statusCode, reply.json()], [403, { message }], url)
  }
  const control = await app.inject({ url: '/_mock/namespaces', headers })
  t.same([control.statusCode, control.json()], [403, { type: 'about:blank', title: 'Forbidden', status: 403, detail: message }])
  const storage = await app.inject({ method: 'PUT', url: '/storage/default/tmp/x', headers, payload: 'x' })
  t.equal(storage.statusCode, 403)
  t.match(storage.headers['content-type'], /^application\/xml/)
  t.match(storage.payload, `<Message>${message}</Message>`)
  const invalid = await app.inject({ url: '/workspaces', headers: { ...FULL, host: 'evil.example/x?.test' } })
  t.same([invalid.statusCode, invalid.json()], [400, { message: 'The Host header is not valid.' }])
})

t.test('an open control API refuses what a browser sends for pages of other origins, before anything is carried out', async t => {
  const { app, create } = await build(t)
  await create(['tmp/a.pdf'])
  const foreign = [
    { origin: 'http://localhost:3000' }, { origin: 'https://evil.test' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' },
    { origin: 'http://localhost:4010', host: 'localhost' }
  ]
  for (const headers of foreign) {
    const reply = await app.inject({ method: 'POST', url: '/_mock/reset', headers })
    t.same([reply.statusCode, reply.json()], [403, {
      type: 'about:blank',
      title: 'Forbidden',
      status: 403,
      detail: 'Web pages of other origins cannot use the control API: call it without a browser, or set a control token.'
    }], JSON.stringify(headers))
    t.equal(reply.headers['access-control-allow-origin'], undefined)
  }
  const sessions = await app.inject({ url: '/_mock/namespaces/default/requests', headers: { 'sec-fetch-site': 'same-origin' } })
  t.equal(sessions.json().total, 1, 'nothing was reset')
  for (const headers of [{}, { origin: 'http://localhost:4010', host: 'localhost:4010' }, { 'sec-fetch-site': 'none' }]) {
    t.equal((await app.inject({ method: 'POST', url: '/_mock/reset', headers })).statusCode, 204, JSON.stringify(headers))
  }
})

t.test('a page of the public URL is no foreign page', async t => {
  const { app } = await build(t, { hosts: createHosts({ ...options, publicUrl: 'https://mock.test/raydocs' }) })
  const reply = await app.inject({ url: '/_mock/namespaces', headers: { origin: 'https://mock.test', host: 'localhost:4010' } })
  t.equal(reply.statusCode, 200)
})

t.test('the control API answers no preflight, with a control token neither', async t => {
  const preflight = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' }
  for (const token of [null, 'secret']) {
    const { app } = await build(t, { control: { token } })
    const reply = await app.inject({ method: 'OPTIONS', url: '/_mock/reset', headers: preflight })
    t.not(reply.statusCode, 200)
    t.equal(reply.headers['access-control-allow-origin'], undefined)
    const missing = await app.inject({ method: 'POST', url: '/_mock/nowhere', headers: { authorization: 'Bearer secret' } })
    t.equal(missing.statusCode, 404)
  }
  const { app } = await build(t, { control: { token: 'secret' } })
  const reply = await app.inject({ url: '/_mock/namespaces', headers: { authorization: 'Bearer secret', origin: 'https://evil.test' } })
  t.equal(reply.statusCode, 200, 'a caller that knows the token is let in')
  t.equal(reply.headers['access-control-allow-origin'], undefined, 'and no page can read the answer')
})

t.test('a page that may not call cannot read', async t => {
  const { app } = await build(t)
  const headers = { ...as('full'), origin: 'https://evil.test' }
  const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers, payload: { files: ['tmp/a.pdf'] } })
  t.equal(reply.statusCode, 201, 'it is the browser that refuses: without a token the call would be')
  t.equal(reply.headers['access-control-allow-origin'], undefined)
  t.equal(reply.headers['vary'], 'Origin')
})
