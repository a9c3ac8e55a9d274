import t from 'tap'
import { readPreference } from '../../src/traffic/preference.ts'
import { build, FULL } from '../helper.ts'

const url = '/extractions/sessions/00000000-0000-4000-8000-000000000000'

t.test('reads known preferences and ignores the others', async t => {
  const cases: Array<[string | undefined, object | undefined]> = [
    [undefined, undefined],
    ['', undefined],
    ['code=429', { status: 429, applied: 'code=429' }],
    ['Code="503"; because=why, DELAY=10ms', { status: 503, delay: '10ms', applied: 'code=503, delay=10ms' }],
    ['respond-async, delay=PT0.5S, wait=10', { delay: 'PT0.5S', applied: 'delay=PT0.5S' }],
    ['code=429, code=500', { status: 429, applied: 'code=429' }],
    ['code=200', undefined],
    ['code=1000', undefined],
    ['delay=11m', undefined],
    ['delay=soon, code', undefined]
  ]
  for (const [header, preference] of cases) t.same(readPreference(header), preference, String(header))
})

t.test('a request gets the preferred response and Preference-Applied', async t => {
  const { app, namespaces } = await build(t)
  await (await namespaces.open('default')).faults.add({ match: {}, status: 500 })
  const reply = await app.inject({ url, headers: { ...FULL, prefer: 'code=429, delay=1ms' } })
  t.equal(reply.statusCode, 429)
  t.same(reply.json(), { message: 'Too Many Attempts.' })
  t.equal(reply.headers['preference-applied'], 'code=429, delay=1ms')
  t.match(await (await namespaces.open('default')).journal.exchanges(), [{ status: 429, fault: 'prefer' }])
})

t.test('a delay alone leaves the response unchanged, and unknown preferences are ignored', async t => {
  const { app, namespaces } = await build(t)
  const delayed = await app.inject({ url, headers: { ...FULL, prefer: 'delay=1ms' } })
  t.same([delayed.statusCode, delayed.headers['preference-applied']], [404, 'delay=1ms'])
  await (await namespaces.open('default')).faults.add({ match: {}, status: 500 })
  const ignored = await app.inject({ url, headers: { ...FULL, prefer: 'respond-async' } })
  t.same([ignored.statusCode, ignored.headers['preference-applied']], [500, undefined])
})

t.test('preferences have no effect if the control API is off', async t => {
  const { app } = await build(t, { control: null })
  const reply = await app.inject({ url, headers: { ...FULL, prefer: 'code=429' } })
  t.same([reply.statusCode, reply.headers['preference-applied']], [404, undefined])
})
