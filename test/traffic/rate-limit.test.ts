import t from 'tap'
import { BATCH_URL, build, FULL, type Rig } from '../helper.ts'

const URL = '/extractions/sessions/00000000-0000-4000-8000-000000000000'
const LIMIT = '/namespaces/default/rate-limit'

async function ask ({ app }: Rig, more: { headers?: object, remoteAddress?: string } = {}): Promise<[status: number, limit: unknown, remaining: unknown, retryAfter: unknown, reset: unknown]> {
  const { statusCode, headers } = await app.inject({ url: URL, remoteAddress: more.remoteAddress ?? '10.0.0.1', headers: { ...FULL, ...more.headers } })
  return [statusCode, headers['x-ratelimit-limit'], headers['x-ratelimit-remaining'], headers['retry-after'], headers['x-ratelimit-reset']]
}

t.test('without a limit responses have no rate-limit headers', async t => {
  const rig = await build(t)
  t.same(await ask(rig), [404, undefined, undefined, undefined, undefined])
  t.same((await rig.control('GET', LIMIT)).json(), { max: null })
})

t.test('beyond the limit answers 429 with Retry-After, on the clock of the namespace', async t => {
  const rig = await build(t, { maxRate: 2 })
  t.same(await ask(rig), [404, '2', '1', undefined, undefined])
  await rig.clock.advanceTo((await rig.clock.now()) + 10_500)
  t.same(await ask(rig), [404, '2', '0', undefined, undefined])
  t.same(await ask(rig), [429, '2', '0', '50', String(Date.UTC(2024, 0, 15, 10, 31, 0) / 1000)])
  const refused = await rig.call('POST', BATCH_URL, { files: ['tmp/a.pdf'] })
  t.same([refused.statusCode, refused.headers['x-ratelimit-remaining']], [201, '1'], 'another address')
  const { body } = await rig.app.inject({ url: URL, remoteAddress: '10.0.0.1', headers: FULL })
  t.equal(body, '{"message":"Too Many Attempts."}')
  await rig.clock.advanceTo((await rig.clock.now()) + 49_500)
  t.same(await ask(rig), [404, '2', '1', undefined, undefined], 'a new minute')
})

t.test('counts addresses and namespaces separately, and signed URLs not at all', async t => {
  const rig = await build(t, { maxRate: 1 })
  t.equal((await ask(rig))[0], 404)
  t.equal((await ask(rig))[0], 429)
  t.equal((await ask(rig, { remoteAddress: '10.0.0.2' }))[0], 404)
  t.equal((await ask(rig, { headers: { 'x-mock-namespace': 'other' } }))[0], 404)
  const { url, headers } = (await rig.app.inject({ method: 'POST', url: '/vapor/signed-storage-url', headers: FULL, remoteAddress: '10.0.0.3' })).json()
  const put = await rig.app.inject({ method: 'PUT', url, headers, payload: 'x', remoteAddress: '10.0.0.3' })
  t.same([put.statusCode, put.headers['x-ratelimit-limit']], [200, undefined])
})

t.test('a limit can be set, changed and removed at any time', async t => {
  const rig = await build(t)
  t.same((await rig.control('PUT', LIMIT, { max: 1 })).json(), { max: 1 })
  t.equal((await ask(rig))[0], 404)
  t.equal((await ask(rig))[0], 429)
  await rig.control('PUT', LIMIT, { max: 2 })
  t.same((await ask(rig)).slice(0, 3), [404, '2', '1'])
  t.same((await rig.control('PUT', LIMIT, { max: null })).json(), { max: null })
  t.same(await ask(rig), [404, undefined, undefined, undefined, undefined])
  const reply = await rig.control('PUT', LIMIT, { max: -1 })
  t.equal(reply.statusCode, 422)
  t.same(reply.json().errors, { max: ['The max field must be a number of requests or null.'] })
  t.equal((await rig.control('GET', '/namespaces/nowhere/rate-limit')).statusCode, 404)
})
