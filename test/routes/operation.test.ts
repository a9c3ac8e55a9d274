import t from 'tap'
import type { Store } from '../../src/store/store.ts'
import { readContract } from '../../src/package.ts'
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
