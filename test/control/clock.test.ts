import t from 'tap'
import fc from 'fast-check'
import { forward } from '../../src/control/advance-clock.ts'
import { readInstant } from '../../src/domain/lifecycle/clock.ts'
import { BATCH_URL, build, type Rig } from '../helper.ts'

const CLOCK = '/namespaces/default/clock'

async function set ({ control }: Rig, body: object): Promise<[number, any]> {
  const reply = await control('PUT', CLOCK, body)
  return [reply.statusCode, reply.json()]
}

async function advance ({ control }: Rig, body: object): Promise<[number, any]> {
  const reply = await control('POST', `${CLOCK}/advance`, body)
  return [reply.statusCode, reply.json()]
}

t.test('returns the clock, and 404 for an unknown namespace', async t => {
  const { control } = await build(t)
  t.same((await control('GET', CLOCK)).json(), { mode: 'frozen', now: '2024-01-15T10:30:00.000Z', scale: 0 })
  t.equal((await control('GET', '/namespaces/unknown/clock')).statusCode, 404)
})

t.test('sets every mode, from now or from a later instant', async t => {
  const rig = await build(t)
  t.same(await set(rig, { mode: 'auto', now: '2024-02-01T00:00:00Z' }), [200, { mode: 'auto', now: '2024-02-01T00:00:00.000Z', scale: 0 }])
  t.same(await set(rig, { mode: 'frozen' }), [200, { mode: 'frozen', now: '2024-02-01T00:00:00.000Z', scale: 0 }])
  t.match(await set(rig, { mode: 'scaled', scale: 0.001 }), [200, { mode: 'scaled', scale: 0.001 }])
  t.match(await set(rig, { mode: 'real', now: '2030-01-01T00:00:00+01:00' }), [200, { mode: 'real', now: /^2029-12-31T23:00:0/, scale: 1 }])
})

t.test('a clock never goes backwards', async t => {
  const rig = await build(t)
  const conflict = (detail: string): object => ({ type: 'about:blank', title: 'Conflict', status: 409, detail })
  const back = 'A clock only moves forward: 2024-01-15T10:29:59.000Z lies before 2024-01-15T10:30:00.000Z.'
  t.same(await set(rig, { mode: 'frozen', now: '2024-01-15T10:29:59Z' }), [409, conflict(back)])
  t.same(await advance(rig, { to: '2024-01-15T10:29:59Z' }), [409, conflict(back)])
  await advance(rig, { to: '9999-12-31T00:00:00Z' })
  t.same(await advance(rig, { by: '2d' }), [409, conflict('A clock does not go beyond the year 9999.')])
})

t.test('advancing returns every transition, in order of time', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'], { auto_extract: true })
  const [document, result, session] = [`document:${await rig.documentOf(id)}`, `result:${await rig.resultOf(id)}`, `session:${id}`]
  t.same(await advance(rig, { by: 'PT0.5S' }), [200, { now: '2024-01-15T10:30:00.500Z', fired: [] }])
  t.same(await advance(rig, { to: 'next-event' }), [200, {
    now: '2024-01-15T10:30:01.000Z',
    fired: [
      { at: '2024-01-15T10:30:01.000Z', resource: document, from: 'queued', to: 'parsing' },
      { at: '2024-01-15T10:30:01.000Z', resource: session, from: 'pending', to: 'processing' }
    ]
  }])
  t.same(await advance(rig, { by: 'PT11S' }), [200, {
    now: '2024-01-15T10:30:12.000Z',
    fired: [
      { at: '2024-01-15T10:30:11.000Z', resource: document, from: 'parsing', to: 'parsed' },
      { at: '2024-01-15T10:30:11.000Z', resource: result, from: null, to: 'created' },
      { at: '2024-01-15T10:30:12.000Z', resource: result, from: 'created', to: 'processing' }
    ]
  }])
  t.same(await advance(rig, { to: 'idle' }), [200, {
    now: '2024-01-15T10:31:52.000Z',
    fired: [
      { at: '2024-01-15T10:31:52.000Z', resource: document, from: 'parsed', to: 'processed' },
      { at: '2024-01-15T10:31:52.000Z', resource: result, from: 'processing', to: 'completed' },
      { at: '2024-01-15T10:31:52.000Z', resource: session, from: 'processing', to: 'completed' }
    ]
  }])
  for (const to of ['idle', 'next-event']) t.same(await advance(rig, { to }), [200, { now: '2024-01-15T10:31:52.000Z', fired: [] }], 'no event is left')
})

t.test('one call finishes a thousand sessions', async t => {
  const rig = await build(t, { pace: { queue: { base: 500, spread: 400 }, parse: { base: 2_000, spread: 1_000 }, extract: { base: 3_000, spread: 1_000 } } })
  const ids: string[] = []
  for (let batch = 0; batch < 20; batch++) ids.push(...await rig.create(Array.from({ length: 50 }, (_, n) => `tmp/${batch}-${n}.pdf`), { auto_extract: true }))
  const [status, { fired }] = await advance(rig, { to: 'idle' })
  t.equal(status, 200)
  t.equal(fired.filter(({ resource, to }: { resource: string, to: string }) => resource.startsWith('session:') && to === 'completed').length, 1_000)
  const instants = fired.map(({ at }: { at: string }) => at)
  t.same(instants, [...instants].sort())
  for (const id of [ids[0], ids[999]]) t.equal((await rig.call('GET', `/extractions/sessions/${id}`)).json().status, 'completed')
})

t.test('steps of any size give the same transitions as one leap', async t => {
  const leap = async (): Promise<Rig> => {
    const rig = await build(t)
    await rig.create(['tmp/a.pdf', 'tmp/b.pdf'], { auto_extract: true })
    return rig
  }
  const whole = (await advance(await leap(), { by: 'PT300S' }))[1].fired
  await fc.assert(fc.asyncProperty(fc.array(fc.nat({ max: 60_000 }), { maxLength: 6 }), async steps => {
    const rig = await leap()
    const fired: unknown[] = []
    for (const step of steps) fired.push(...(await advance(rig, { by: `${step}ms` }))[1].fired)
    fired.push(...(await advance(rig, { to: '2024-01-15T10:40:00Z' }))[1].fired)
    return JSON.stringify(fired) === JSON.stringify(whole)
  }), { numRuns: 20 })
})

t.test('rejects invalid modes, scales, durations and instants', async t => {
  const rig = await build(t)
  const instant = 'an instant such as 2024-01-15T10:30:00Z, from 1970 to 9999.'
  const either = 'Send either by or to: {"by": "PT90S"}, {"to": "next-event"}, {"to": "idle"} or {"to": "2024-01-15T10:30:00Z"}.'
  const cases: Array<[(rig: Rig, body: object) => Promise<[number, any]>, object, object]> = [
    [set, {}, { mode: ['The mode field is required.'] }],
    [set, { mode: 'fast' }, { mode: ['The mode field must be one of real, frozen, scaled, auto.'] }],
    [set, { mode: 'scaled' }, { scale: ['The scale field is required when mode is scaled.'] }],
    [set, { mode: 'auto', scale: 2 }, { scale: ['The scale field is allowed only when mode is scaled.'] }],
    [set, { mode: 'scaled', scale: 0 }, { scale: ['The scale field must be greater than 0.'] }],
    [set, { mode: 'scaled', scale: 1e9 }, { scale: ['The scale field must not be greater than 1000000.'] }],
    [set, { mode: 'frozen', now: 'yesterday' }, { now: [`The now field must be ${instant}`] }],
    [advance, {}, { by: [either] }],
    [advance, { by: 'PT1S', to: 'idle' }, { by: [either] }],
    [advance, { by: '-1s' }, { by: ['The by field must be a duration such as PT90S, 500ms or 2m, at most a year, in weeks or smaller units.'] }],
    ...['P1M', 'P1Y', 'P1Y2D', '1mo', '1 year'].map((by): [typeof advance, object, object] => [advance, { by }, { by: ['The by field must be a duration such as PT90S, 500ms or 2m, at most a year, in weeks or smaller units.'] }]),
    [advance, { by: 'soon' }, { by: ['The by field must be a duration such as PT90S, 500ms or 2m, at most a year, in weeks or smaller units.'] }],
    [advance, { by: 5 }, { by: ['The by field must be a string.'] }],
    [advance, { to: 'the end' }, { to: [`The to field must be next-event, idle or ${instant}`] }]
  ]
  for (const [call, body, errors] of cases) {
    const [status, problem] = await call(rig, body)
    t.equal(status, 422, JSON.stringify(body))
    t.same(problem.errors, errors)
  }
  for (const path of ['PUT /namespaces/a%20b/clock', 'POST /namespaces/a%20b/clock/advance'] as const) {
    const [method, url] = path.split(' ') as ['PUT' | 'POST', string]
    const reply = await rig.control(method, url, { mode: 'auto', by: '1s' })
    t.same(reply.json().errors, { namespace: ['The namespace must be 1 to 64 letters, digits, dots, dashes or underscores.'] })
  }
})

t.test('accepts only ISO 8601 instants', async t => {
  t.equal(readInstant('2024-01-15T10:30:00Z'), Date.UTC(2024, 0, 15, 10, 30))
  t.equal(readInstant('2024-02-29T00:00:00Z'), Date.UTC(2024, 1, 29))
  t.equal(readInstant('2024-01-15T12:30+02:00'), Date.UTC(2024, 0, 15, 10, 30))
  for (const text of ['', '2024', '2024-01-15', '2024-13-15T10:30:00Z', '1969-12-31T23:59:59Z', 'Mon, 15 Jan 2024', '2024-01-15 10:30', '2030-02-30T00:00:00Z', '2023-02-29T00:00:00Z', '2024-04-31T00:00:00+02:00', '2024-00-10T00:00:00Z', '2024-01-00T00:00:00Z']) t.equal(readInstant(text), undefined, text)
})

t.test('parallel tests in separate namespaces are independent', async t => {
  const rig = await build(t)
  const script = async (n: number): Promise<void> => {
    const namespace = `parallel-${n}`
    const { token } = (await rig.control('POST', '/tokens', { namespace })).json()
    const headers = { authorization: `Bearer ${token}` }
    const reply = await rig.app.inject({ method: 'POST', url: BATCH_URL, headers, payload: { files: [`tmp/${n % 7}.pdf`], settings: { auto_extract: true } } })
    const { id, created_at: createdAt } = reply.json()[0]
    t.equal(createdAt, '2024-01-15T10:30:00Z')
    await rig.control('POST', `/namespaces/${namespace}/clock/advance`, { by: `PT${n}S` })
    const { status } = (await rig.app.inject({ url: `/extractions/sessions/${id}`, headers })).json()
    t.equal(status, n < 1 ? 'pending' : n < 112 ? 'processing' : 'completed', `${n} s`)
    const wrong = await rig.app.inject({ url: `/extractions/sessions/${id}`, headers: { ...headers, 'x-mock-namespace': `parallel-${n + 1}` } })
    t.equal(wrong.statusCode, 404)
  }
  await Promise.all(Array.from({ length: 200 }, async (_, n) => { await script(n) }))
})

t.test('an error other than a refused move is not taken for one', async t => {
  const failed = new Error('the disk is gone')
  await t.rejects(forward(async () => { throw failed }), failed)
})
