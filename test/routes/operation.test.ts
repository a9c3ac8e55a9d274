import t from 'tap'
import type { Store } from '../../src/store/store.ts'
import { readContract } from '../../src/package.ts'
import { VERSION } from '../../src/package.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { build, seedData } from '../helper.ts'

t.test('livez and readyz are public and answer GET and HEAD', async t => {
  const { app } = await build(t)
  for (const url of ['/livez', '/readyz']) {
    t.same((await app.inject(url)).json(), { status: 'ok' })
    t.equal((await app.inject({ method: 'HEAD', url })).statusCode, 200)
  }
})

t.test('readyz answers 503 while the store is unavailable, livez does not', async t => {
  const store: Store = { ...createMemoryStore({ seedData }), async ready () { throw new Error('connection refused by 10.0.0.1') } }
  const { app } = await build(t, { store })
  const reply = await app.inject('/readyz')
  t.equal(reply.statusCode, 503)
  t.same(reply.json(), { message: 'The store cannot be reached: try again later.' })
  t.equal((await app.inject('/livez')).statusCode, 200)
})

t.test('openapi.json is the committed contract', async t => {
  const { app } = await build(t)
  for (let time = 0; time < 2; time++) {
    const reply = await app.inject('/openapi.json')
    t.equal(reply.headers['content-type'], 'application/json; charset=utf-8')
    t.equal(reply.body, readContract())
  }
})

t.test('docs shows the contract on a page without external resources', async t => {
  const { app } = await build(t)
  const page = await app.inject('/docs')
  t.equal(page.statusCode, 200)
  t.match(page.headers['content-type'], /^text\/html/)
  const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => new URL(link, 'http://localhost/docs'))
  t.ok(links.length > 3)
  for (const { origin, pathname } of links) {
    t.equal(origin, 'http://localhost')
    t.equal((await app.inject(pathname)).statusCode, 200, pathname)
  }
  t.same((await app.inject('/docs/json')).json(), JSON.parse(readContract()))
  for (const path of ['docs/nowhere', 'docs/static/%00', 'docs/static/..%2f..%2fpackage.json']) {
    const reply = await app.inject(`/${path}`)
    t.strictSame([reply.statusCode, reply.json()], [404, { message: `The route ${path} could not be found.` }])
  }
})

t.test('the base URL leads browsers to the page, and others to all documents', async t => {
  const { app } = await build(t)
  const page = await app.inject({ url: '/', headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
  t.same([page.statusCode, page.headers.location, page.headers['vary']], [302, '/docs', 'Accept'])
  t.same((await app.inject('/')).json(), {
    name: 'raydocs-mock',
    version: VERSION,
    docs: 'http://localhost:80/docs',
    openapi: 'http://localhost:80/openapi.json',
    health: 'http://localhost:80/readyz',
    control: 'http://localhost:80/_mock/openapi.json'
  })
  t.equal((await (await build(t, { control: null })).app.inject('/')).json().control, null)
})

t.test('docs names the demo token where there is one', async t => {
  for (const [demoToken, description] of [['rd_test_full', 'The demo token is rd_test_full.'], [undefined, 'A personal access token.']]) {
    const { app } = await build(t, { demoToken })
    t.match((await app.inject('/docs/json')).json(), { components: { securitySchemes: { bearerAuth: { description } } } })
    t.match((await app.inject('/docs')).body, '<title>raydocs-mock</title>')
  }
})

t.test('under the prefix of a public URL everything works, whether or not the proxy removes it', async t => {
  const publicUrl = 'https://mock.test/raydocs'
  const { app } = await build(t, { publicUrl, hosts: { assertKnown () {}, mayCall: () => false, isForeign: () => false } })
  t.equal((await app.inject({ url: '/', headers: { accept: 'text/html' } })).headers.location, '/raydocs/docs')
  t.match((await app.inject('/raydocs')).json(), { docs: `${publicUrl}/docs` })
  for (const url of ['/openapi.json', '/docs/json', '/raydocs/openapi.json?x=1']) t.same((await app.inject(url)).json().servers, [{ url: publicUrl }])
  const links = [...(await app.inject('/docs')).body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => String(link))
  t.ok(links.length > 3)
  for (const link of links) {
    t.match(link, /^\/raydocs\/docs\//)
    t.equal((await app.inject(link)).statusCode, 200, link)
    t.equal((await app.inject(link.replace('/raydocs', ''))).statusCode, 200, link)
  }
  t.equal((await app.inject('/raydocsdocs')).statusCode, 404)
})

t.test('only a trusted proxy tells the address and the host of a client', async t => {
  const headers = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-host': 'localhost:8443', 'x-forwarded-proto': 'https' }
  for (const [trustProxy, base] of [[true, 'https://localhost:8443'], [['127.0.0.1'], 'https://localhost:8443'], [['10.0.0.0/8'], 'http://localhost:80'], [false, 'http://localhost:80']] as const) {
    const { app } = await build(t, { trustProxy: typeof trustProxy === 'boolean' ? trustProxy : [...trustProxy] })
    t.equal((await app.inject({ url: '/', headers })).json().docs, `${base}/docs`)
  }
  const { app } = await build(t, { trustProxy: true })
  t.equal((await app.inject({ url: '/', headers: { ...headers, 'x-forwarded-host': 'evil.example' } })).statusCode, 403)
})
