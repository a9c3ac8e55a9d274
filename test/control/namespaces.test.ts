import t from 'tap'
import { ABILITIES } from '../../src/domain/workspaces/abilities.ts'
import { readControlContract } from '../../src/package.ts'
import { MAX_NAMESPACES } from '../../src/store/store.ts'
import { as, BATCH_URL, build, FULL, NOON, READ } from '../helper.ts'

const problem = (status: number, title: string, detail: string, errors?: object): object => ({ type: 'about:blank', title, status, detail, ...errors === undefined ? {} : { errors } })

t.test('a minted token opens its namespace only', async t => {
  const { app, control, create } = await build(t)
  const reply = await control('POST', '/tokens', { name: 'test 1', abilities: ['sessions-write', 'sessions-read'], namespace: 'test-1' })
  t.equal(reply.statusCode, 201)
  const { token, id } = reply.json()
  t.same(reply.json(), { token, id, name: 'test 1', abilities: ['sessions-read', 'sessions-write'], namespace: 'test-1', user: 'owner@example.com' })
  t.match(token, /^rd_test_[0-9a-f]{40}$/)
  const headers = { authorization: `Bearer ${token}` }
  const created = await app.inject({ method: 'POST', url: BATCH_URL, headers, payload: { files: ['tmp/a.pdf'] } })
  const own = created.json()[0].id
  const [foreign] = await create(['tmp/a.pdf'])
  t.equal((await app.inject({ url: `/extractions/sessions/${own}`, headers })).statusCode, 200)
  t.equal((await app.inject({ url: `/extractions/sessions/${foreign}`, headers })).statusCode, 404)
  t.equal((await app.inject({ url: `/extractions/sessions/${own}`, headers: FULL })).statusCode, 404)
})

t.test('a token has every ability and the default namespace by default', async t => {
  const { control } = await build(t)
  const { id, ...token } = (await control('POST', '/tokens', {})).json()
  t.match(token, { name: `token-${id}`, abilities: [...ABILITIES], namespace: 'default' })
  t.same((await control('POST', '/tokens', { abilities: ['*', 'sessions-read'] })).json().abilities, ABILITIES)
})

t.test('a revoked token is rejected', async t => {
  const { app, control } = await build(t)
  const { token, id } = (await control('POST', '/tokens', { abilities: ['sessions-read'] })).json()
  const status = async (): Promise<number> => (await app.inject({ url: '/extractions/sessions/x', headers: { authorization: `Bearer ${token}` } })).statusCode
  t.equal(await status(), 404)
  t.equal((await control('DELETE', `/tokens/${id}`)).statusCode, 204)
  t.equal(await status(), 401)
  const again = await control('DELETE', `/tokens/${id}`)
  t.equal(again.statusCode, 404)
  t.equal(again.headers['content-type'], 'application/problem+json; charset=utf-8')
  t.same(again.json(), problem(404, 'Not Found', 'Token not found.'))
})

t.test('a request can select its namespace by header if the control API is on', async t => {
  const post = async (rig: Awaited<ReturnType<typeof build>>, namespace: string): Promise<[number, any]> => {
    const reply = await rig.app.inject({ method: 'POST', url: BATCH_URL, headers: { ...FULL, 'x-mock-namespace': namespace }, payload: { files: ['tmp/a.pdf'] } })
    return [reply.statusCode, reply.json()]
  }
  const on = await build(t)
  const [, [session]] = await post(on, 'test-1')
  t.equal((await on.call('GET', `/extractions/sessions/${session.id}`)).statusCode, 404)
  t.equal((await on.app.inject({ url: `/extractions/sessions/${session.id}`, headers: { ...FULL, 'x-mock-namespace': 'test-1' } })).statusCode, 200)
  const rule = 'The x-mock-namespace header must be 1 to 64 letters, digits, dots, dashes or underscores.'
  for (const name of ['', 'a b', '..', '.', 'ü', 'x'.repeat(65)]) t.same(await post(on, name), [422, { message: rule, errors: { 'x-mock-namespace': [rule] } }], name)

  const off = await build(t, { control: null })
  const [status, [own]] = await post(off, 'test-1')
  t.equal(status, 201)
  t.equal((await off.call('GET', `/extractions/sessions/${own.id}`)).statusCode, 200, 'the header has no effect')
})

t.test('a request that is not let in creates no namespace', async t => {
  const { app, control } = await build(t)
  const names = async (): Promise<string[]> => (await control('GET', '/namespaces')).json().data.map(({ name }: { name: string }) => name)
  const status = async (method: 'GET' | 'POST', url: string, authorization: string): Promise<number> => {
    return (await app.inject({ method, url, headers: { authorization, 'x-mock-namespace': 'new' }, ...method === 'POST' ? { payload: { files: ['tmp/a.pdf'] } } : {} })).statusCode
  }
  t.equal(await status('POST', BATCH_URL, 'Bearer unknown'), 401)
  t.equal(await status('POST', BATCH_URL, READ.authorization), 403, 'without the ability')
  t.equal(await status('POST', BATCH_URL, as('viewer').authorization), 403, 'without the role')
  t.equal(await status('POST', BATCH_URL, as('stranger').authorization), 404, 'in a workspace of others')
  t.equal(await status('GET', '/extractions/sessions/00000000-0000-4000-8000-000000000000', FULL.authorization), 404)
  t.equal(await status('GET', '/extractions/nothing/here', FULL.authorization), 404)
  t.equal(await status('GET', '/storage/new/documents/x?X-Amz-Signature=x', FULL.authorization), 403)
  t.strictSame(await names(), ['default'])
  t.equal(await status('POST', BATCH_URL, FULL.authorization), 201)
  t.strictSame(await names(), ['default', 'new'])
})

t.test('lists namespaces in the order of creation', async t => {
  const { control } = await build(t)
  await control('POST', '/tokens', { namespace: 'b' })
  await control('PUT', '/namespaces/a/clock', { mode: 'auto' })
  const clock = { mode: 'frozen', now: '2024-01-15T10:30:00.000Z', scale: 0 }
  t.same((await control('GET', '/namespaces')).json(), {
    data: [{ name: 'default', clock }, { name: 'b', clock }, { name: 'a', clock: { ...clock, mode: 'auto' } }],
    total: 3
  })
})

t.test('reset empties a namespace and keeps its tokens and other namespaces', async t => {
  const { app, control, create, call, namespaces } = await build(t)
  const { token } = (await control('POST', '/tokens', { namespace: 'test-1' })).json()
  const headers = { authorization: `Bearer ${token}` }
  const post = async (): Promise<string> => (await app.inject({ method: 'POST', url: BATCH_URL, headers, payload: { files: ['tmp/a.pdf'] } })).json()[0].id
  const first = await post()
  await control('POST', '/namespaces/test-1/clock/advance', { by: 'PT1H' })
  const [other] = await create(['tmp/a.pdf'])

  const reply = await control('POST', '/namespaces/test-1/reset')
  t.equal(reply.statusCode, 204)
  t.equal(reply.body, '')
  t.equal((await app.inject({ url: `/extractions/sessions/${first}`, headers })).statusCode, 404)
  t.equal((await (await namespaces.open('test-1')).clock()).now, NOON)
  t.equal(await post(), first, 'the same operations give the same ids again')
  t.equal((await call('GET', `/extractions/sessions/${other}`)).statusCode, 200)

  t.equal((await control('POST', '/namespaces/never-used/reset')).statusCode, 204)
  t.equal((await control('POST', '/reset')).statusCode, 204)
  t.equal((await call('GET', `/extractions/sessions/${other}`)).statusCode, 404)
  t.equal(await post(), first)
})

t.test('requests in progress during a reset finish in the old state', async t => {
  const { namespaces, control } = await build(t)
  const old = (await namespaces.open('default'))
  t.equal(await old.records.countOccurrence('x'), 0)
  await control('POST', '/reset')
  t.equal(await old.records.countOccurrence('x'), 1)
  t.equal(await (await namespaces.open('default')).records.countOccurrence('x'), 0)
})

t.test('deleting a namespace revokes the tokens that were minted for it', async t => {
  const { app, control } = await build(t)
  const { token } = (await control('POST', '/tokens', { namespace: 'test-1' })).json()
  const { token: other } = (await control('POST', '/tokens', { namespace: 'test-2' })).json()
  const status = async (token: string): Promise<number> => (await app.inject({ url: '/extractions/sessions/x', headers: { authorization: `Bearer ${token}` } })).statusCode
  t.equal((await control('DELETE', '/namespaces/test-1')).statusCode, 204)
  t.same(await Promise.all([token, other].map(status)), [401, 404])
  const again = await control('DELETE', '/namespaces/test-1')
  t.same(again.json(), problem(404, 'Not Found', 'Namespace not found.'))
})

t.test('rejects invalid tokens', async t => {
  const { control } = await build(t)
  const reply = await control('POST', '/tokens', { name: '', abilities: ['fly'], namespace: '..' })
  t.equal(reply.statusCode, 422)
  t.same(reply.json(), problem(422, 'Unprocessable Entity', 'The name field must be at least 1 characters. (and 2 more errors)', {
    name: ['The name field must be at least 1 characters.'],
    'abilities.0': [`The abilities.0 field must be one of *, ${ABILITIES.join(', ')}.`],
    namespace: ['The namespace field must be 1 to 64 letters, digits, dots, dashes or underscores.']
  }))
})

t.test('limits the number of namespaces, until one is deleted', async t => {
  const { app, control, namespaces } = await build(t)
  for (let n = (await namespaces.list()).length; n < MAX_NAMESPACES; n++) await namespaces.open(`n-${n}`)
  const message = 'There are already 10000 namespaces: delete some that are no longer needed.'
  const reply = await control('POST', '/tokens', { namespace: 'one-too-many' })
  t.same(reply.json(), problem(429, 'Too Many Requests', message))
  const product = await app.inject({ url: '/nowhere', headers: { ...FULL, 'x-mock-namespace': 'one-too-many' } })
  t.equal(product.statusCode, 404)
  await control('DELETE', '/namespaces/n-1')
  t.equal((await control('POST', '/tokens', { namespace: 'one-too-many' })).statusCode, 201)
})

t.test('the control API requires its own token if one is set, and answers 404 if off', async t => {
  const guarded = await build(t, { control: { token: 'secret' } })
  const status = async (headers: Record<string, string>): Promise<number> => (await guarded.app.inject({ url: '/_mock/namespaces', headers })).statusCode
  t.equal(await status({}), 401)
  t.equal(await status(FULL), 401)
  t.equal(await status({ authorization: 'Bearer secret' }), 200)
  t.same((await guarded.control('GET', '/namespaces')).json(), problem(401, 'Unauthorized', 'Unauthenticated.'))

  const off = await build(t, { control: null })
  const reply = await off.control('GET', '/namespaces')
  t.equal(reply.statusCode, 404)
  t.same(reply.json(), { message: 'The route _mock/namespaces could not be found.' })
})

t.test('the control API has its own contract', async t => {
  const { control, call } = await build(t)
  const reply = await control('GET', '/openapi.json')
  t.equal(reply.headers['content-type'], 'application/json; charset=utf-8')
  t.equal(reply.body, readControlContract())
  const isControl = (path: string): boolean => path.startsWith('/_mock')
  t.ok(Object.keys(reply.json().paths).every(isControl))
  t.notOk(Object.keys((await call('GET', '/openapi.json')).json().paths).some(isControl))
})

t.test('an unexpected error is a bare problem', async t => {
  const { control } = await build(t, {
    watch (app) {
      app.addHook('preHandler', async () => { throw new Error('the disk is on fire') })
    }
  })
  t.same((await control('GET', '/namespaces')).json(), problem(500, 'Internal Server Error', 'Server Error'))
})
