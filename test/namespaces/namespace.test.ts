import t from 'tap'
import type { ClockSpec } from '../../src/domain/lifecycle/clock.ts'
import type { NamespaceState } from '../../src/namespaces/namespace.ts'
import { LAST_INSTANT } from '../../src/domain/lifecycle/clock.ts'
import { MAX_FAULTS } from '../../src/domain/traffic/faults.ts'
import { createNamespaceRegistry } from '../../src/namespaces/registry.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { openUploadedFiles } from '../../src/store/uploaded-files.ts'
import { PACE, seedData } from '../helper.ts'

/** A namespace on a wall clock that the test sets. */
async function open (clock: ClockSpec): Promise<{ namespace: NamespaceState, wall: { now: number } }> {
  const wall = { now: 1_000 }
  const store = createMemoryStore({ seedData, wallClock: () => wall.now })
  const files = await openUploadedFiles()
  const namespaces = createNamespaceRegistry({ store, files, seed: 's', pace: PACE, uploadPolicy: 'strict', clock })
  return { namespace: await namespaces.open('one'), wall }
}

t.test('a clock follows wall time, and stands while that is set back', async t => {
  const { namespace, wall } = await open({ mode: 'real' })
  wall.now = 5_000
  t.same(await namespace.clock(), { mode: { mode: 'real', at: 1_000, since: 1_000 }, now: 5_000 })
  wall.now = 2_000
  t.equal((await namespace.clock()).now, 5_000)
  await namespace.moveClock(10_000)
  wall.now = 6_000
  t.equal((await namespace.clock()).now, 11_000)
  await t.rejects(namespace.moveClock(10_999), { name: 'RangeError' })
  t.equal(await namespace.observe('x', () => 99_000), 11_000, 'a poll does not move it')
})

t.test('a client of an auto clock sees the present of a resource once, and then its next change', async t => {
  const { namespace } = await open({ mode: 'auto', at: 0 })
  const next = (now: number): number | undefined => [5, 10].find(at => at > now)
  const seen = []
  for (let n = 0; n < 4; n++) seen.push(await namespace.observe('a', next))
  t.same(seen, [0, 5, 10, 10])
  t.equal(await namespace.observe('b', () => 99), 10, 'another resource was not seen at this instant')
  t.equal(await namespace.observe('b', () => 99), 99)
  t.equal((await namespace.clock()).now, 99)
})

t.test('what was seen before a clock was set does not count', async t => {
  const { namespace } = await open({ mode: 'auto', at: 0 })
  t.equal(await namespace.observe('a', () => 5), 0)
  await namespace.setClock({ mode: 'auto' })
  t.equal(await namespace.observe('a', () => 5), 0)
  t.equal(await namespace.observe('a', () => 5), 5)
})

t.test('an auto clock stops at the last instant', async t => {
  const { namespace } = await open({ mode: 'auto', at: LAST_INSTANT - 1 })
  t.equal(await namespace.observe('a', () => LAST_INSTANT + 5), LAST_INSTANT - 1)
  t.equal(await namespace.observe('a', () => LAST_INSTANT + 5), LAST_INSTANT)
})

t.test('a request begins with the clock, the rate limit, and if there are faults', async t => {
  const { namespace, wall } = await open({ mode: 'real' })
  wall.now = 5_000
  t.same(await namespace.enter(), { mode: { mode: 'real', at: 1_000, since: 1_000 }, now: 5_000, maxRate: null, hasFaults: false })
  await namespace.setRateLimit(60)
  await namespace.faults.add({ match: {}, status: 500 })
  await namespace.setClock({ mode: 'frozen' }, 7_000)
  t.same(await namespace.enter(), { mode: { mode: 'frozen', at: 7_000, since: 5_000 }, now: 7_000, maxRate: 60, hasFaults: true })
})

t.test('a clock that cannot be set stays as it is', async t => {
  const { namespace } = await open({ mode: 'frozen', at: 5_000 })
  const before = await namespace.clock()
  for (const [instant, message] of [
    [4_999, 'a clock only moves forward: 1970-01-01T00:00:04.999Z lies before 1970-01-01T00:00:05.000Z'],
    [LAST_INSTANT + 1, 'a clock does not go beyond the year 9999']
  ] as const) {
    await t.rejects(namespace.setClock({ mode: 'auto' }, instant), new RangeError(message))
    await t.rejects(namespace.moveClock(instant), new RangeError(message))
    t.same(await namespace.clock(), before)
  }
})

t.test('faults are numbered in the order in which they are added, up to a limit', async t => {
  const { namespace: { faults, enter } } = await open({ mode: 'frozen', at: 0 })
  t.equal((await enter()).hasFaults, false)
  for (let n = 1; n <= MAX_FAULTS; n++) t.equal((await faults.add({ match: {}, status: 500 }))?.id, `fault-${n}`)
  t.equal(await faults.add({ match: {}, status: 500 }), null)
  t.equal((await enter()).hasFaults, true)
  t.equal(await faults.delete('fault-1'), true)
  t.equal(await faults.delete('fault-1'), false)
  t.equal((await faults.add({ match: {}, status: 500 }))?.id, 'fault-1001')
  await faults.clear()
  t.same(await faults.list(), [])
  t.equal((await faults.add({ match: {}, drop: true, times: 1 }))?.id, 'fault-1002')
  const target = { method: 'GET', path: '/', token: undefined }
  t.same([(await faults.take(target))?.id, await faults.take(target)], ['fault-1002', undefined])
  t.match(await faults.list(), [{ seen: 2, fired: 1 }])
})

t.test('outcome rules keep their place when they are replaced', async t => {
  const { namespace } = await open({ mode: 'frozen', at: 0 })
  const rule = { match: {}, script: [] }
  await namespace.putOutcome('a', rule)
  await namespace.putOutcome('b', rule)
  await namespace.putOutcome('a', { ...rule, match: { file: '*' } })
  t.same(await namespace.outcomeRules(), new Map([['a', { ...rule, match: { file: '*' } }], ['b', rule]]))
  t.same([await namespace.deleteOutcome('a'), await namespace.deleteOutcome('a')], [true, false])
  t.same([...(await namespace.outcomeRules()).keys()], ['b'])
})

t.test('requests are counted by address in windows of a minute, until the limit is set again', async t => {
  const { namespace } = await open({ mode: 'frozen', at: 0 })
  await namespace.setRateLimit(5)
  t.equal(await namespace.rateLimit(), 5)
  const counts = async (...instants: number[]): Promise<number[]> => {
    const counted = []
    for (const now of instants) counted.push((await namespace.countRequest('1.2.3.4', now)).count)
    return counted
  }
  t.same(await counts(0, 1, 59_999, 60_000, 60_001), [1, 2, 3, 1, 2])
  t.same(await namespace.countRequest('5.6.7.8', 60_001), { endsAt: 120_001, count: 1 })
  await namespace.setRateLimit(null)
  t.equal(await namespace.rateLimit(), null)
  t.same(await counts(60_002), [1])
})
