import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import Fastify from 'fastify'
import type { NamespaceRegistry } from '../../src/namespaces/registry.ts'
import { identity } from '../../src/http/identity.ts'
import { digestOfToken } from '../../src/domain/workspaces/token.ts'
import { createMemoryTokens } from '../../src/store/tokens.ts'
import { as, BATCH_URL, build } from '../helper.ts'

t.test('serves nothing without an accepted token', async t => {
  const { app } = await build(t)
  const headers: Array<[string, object]> = [
    ['none', {}],
    ['empty', { authorization: '' }],
    ['of another scheme', { authorization: 'Basic cmRfdGVzdF9mdWxsOg==' }],
    ['the scheme alone', { authorization: 'Bearer' }],
    ['the scheme and a space', { authorization: 'Bearer ' }],
    ['the token alone', { authorization: 'rd_test_full' }],
    ['two tokens', { authorization: 'Bearer rd_test_full rd_test_read' }],
    ['two tokens in a list', { authorization: 'Bearer rd_test_full, Bearer rd_test_read' }],
    ['an unknown token', { authorization: 'Bearer rd_test_unknown' }],
    ['a token in upper case', { authorization: 'Bearer RD_TEST_FULL' }],
    ['10 KiB of token', { authorization: `Bearer ${'x'.repeat(10 * 1024)}` }],
    ['not ASCII', { authorization: 'Bearer tökén\u00ff' }],
    ['a production token', { authorization: 'Bearer rd_live_abc123' }]
  ]
  for (const [what, header] of headers) {
    const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: { ...header }, payload: { files: ['tmp/a.pdf'] } })
    t.equal(reply.statusCode, 401, what)
    t.same(reply.json(), { message: 'Unauthenticated.' })
    t.equal(reply.headers['www-authenticate'], 'Bearer')
  }
})

t.test('two Authorization headers count as none', async t => {
  const { app } = await build(t)
  const { port, hostname } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), hostname)
  socket.end('GET /extractions/sessions/x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer rd_test_full\r\nauthorization: Bearer rd_test_read\r\nConnection: close\r\n\r\n')
  const reply = await text(socket)
  t.match(reply, /^HTTP\/1\.1 401 Unauthorized\r\n/)
  t.match(reply, /\r\nwww-authenticate: Bearer\r\n/)
  t.match(reply, /\r\n\r\n\{"message":"Unauthenticated\."\}$/)
})

t.test('accepts the name of the scheme in any case', async t => {
  const { app } = await build(t)
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: { authorization: `${scheme} rd_test_full` }, payload: { files: ['tmp/a.pdf'] } })
    t.equal(reply.statusCode, 201)
  }
})

t.test('rejects a caller before the body is read', async t => {
  const { app } = await build(t)
  const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: { 'content-type': 'application/json' }, payload: '{' })
  t.equal(reply.statusCode, 401)
})

t.test('a token sees only the records of its namespace', async t => {
  const { app, create } = await build(t)
  const [id] = await create(['tmp/a.pdf'])
  const reply = await app.inject({ url: `/extractions/sessions/${id}`, headers: { authorization: 'Bearer rd_test_other' } })
  t.equal(reply.statusCode, 404)
  const [other] = (await app.inject({ method: 'POST', url: BATCH_URL, headers: { authorization: 'Bearer rd_test_other' }, payload: { files: ['tmp/a.pdf'] } })).json()
  t.not(other.id, id)
})

t.test('a route without a declared ability or public access does not register', async t => {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  await app.register(identity, { tokens: createMemoryTokens([]), namespaces: {} as NamespaceRegistry, headerControl: false, abilities: 'strict' })
  t.throws(() => app.get('/secret', async () => ''), { message: 'GET /secret declares neither an ability nor that it is public' })
  t.throws(() => app.get('/secret', { config: {} }, async () => ''), { message: 'GET /secret declares neither an ability nor that it is public' })
  t.doesNotThrow(() => app.get('/open', { config: { public: true } }, async () => ''))
  t.doesNotThrow(() => app.get('/any', { config: { ability: null } }, async () => ''))
  t.doesNotThrow(() => app.get('/some', { config: { ability: 'sessions-read' } }, async () => ''))
})

t.test('a production token is never accepted, even if it is configured', async t => {
  const tokens = createMemoryTokens([{ name: 'live', sha256: digestOfToken('rd_live_x'), abilities: new Set(), namespace: 'default', user: 'owner@example.com' }])
  t.equal(await tokens.find('rd_live_x'), undefined)
})

t.test('a write ability includes the one to read only if that is set', async t => {
  for (const [abilities, expected] of [['strict', 403], ['write-implies-read', 200]] as const) {
    const { app, create, control } = await build(t, { abilities })
    const [id] = await create(['tmp/a.pdf'])
    await control('DELETE', '/namespaces/default/requests')
    const reply = await app.inject({ url: `/extractions/sessions/${id}/results`, headers: as('writer') })
    t.equal(reply.statusCode, expected, abilities)
    if (expected === 403) t.same(reply.json(), { message: 'Invalid ability provided.' })
    t.equal((await app.inject({ method: 'POST', url: BATCH_URL, headers: as('read'), payload: { files: ['tmp/a.pdf'] } })).statusCode, 403, 'reading does not include writing')
    t.equal((await app.inject({ url: '/workspaces', headers: as('writer') })).statusCode, 403, 'nor does another ability')
    const { data } = (await control('GET', '/namespaces/default/requests')).json()
    t.same(data.map(({ missing_abilities: missing }: { missing_abilities: string[] }) => missing), [expected === 403 ? ['sessions-read'] : [], ['sessions-write'], ['workspaces-read']])
  }
})
