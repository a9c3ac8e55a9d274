import t from 'tap'
import fc from 'fast-check'
import { createClock, DEFAULT_INSTANT, LAST_INSTANT, resumeClock, type MovableClock } from '../../../src/domain/lifecycle/clock.ts'

/** A clock over a wall clock that the test sets. */
function over (spec: Parameters<typeof createClock>[0]): { clock: MovableClock, wall: { now: number } } {
  const wall = { now: 1_000 }
  return { clock: createClock(spec, () => wall.now), wall }
}

t.test('a real clock shows wall time', async t => {
  const { clock, wall } = over({ mode: 'real' })
  t.equal(clock.now(), 1_000)
  wall.now = 61_000
  t.equal(clock.now(), 61_000)
  t.equal(clock.observe('x', () => 99_000), 61_000)
  t.ok(Math.abs(createClock({ mode: 'real' }).now() - Date.now()) < 1_000)
})

t.test('a scaled clock runs as many times faster as it is told', async t => {
  const { clock, wall } = over({ mode: 'scaled', scale: 60 })
  t.equal(clock.now(), 1_000)
  wall.now = 2_000
  t.equal(clock.now(), 61_000)
})

t.test('a clock does not go back when the wall clock is set back', async t => {
  const { clock, wall } = over({ mode: 'real' })
  wall.now = 5_000
  t.equal(clock.now(), 5_000)
  wall.now = 2_000
  t.equal(clock.now(), 5_000)
})

t.test('a frozen clock stands still until it is moved, and moves forward only', async t => {
  const { clock, wall } = over({ mode: 'frozen', at: DEFAULT_INSTANT })
  wall.now = 9_000_000
  t.equal(clock.now(), DEFAULT_INSTANT)
  t.equal(clock.observe('x', () => DEFAULT_INSTANT + 5), DEFAULT_INSTANT)
  t.equal(clock.advanceTo(DEFAULT_INSTANT + 1_000), DEFAULT_INSTANT + 1_000)
  t.equal(clock.now(), DEFAULT_INSTANT + 1_000)
  t.throws(() => clock.advanceTo(DEFAULT_INSTANT), {
    name: 'RangeError',
    message: 'a clock only moves forward: 2024-01-15T10:30:00.000Z lies before 2024-01-15T10:30:01.000Z'
  })
})

t.test('a running clock can be moved forward and runs on from there', async t => {
  const { clock, wall } = over({ mode: 'real' })
  clock.advanceTo(10_000)
  wall.now = 2_000
  t.equal(clock.now(), 11_000)
})

t.test('an auto clock lets a reader see the present of a thing once, then takes it to the next event', async t => {
  const { clock } = over({ mode: 'auto', at: 0 })
  const events = [5, 10]
  const next = (now: number): number | undefined => events.find(at => at > now)
  t.same([1, 2, 3, 4].map(() => clock.observe('a', next)), [0, 5, 10, 10])
  t.equal(clock.observe('b', () => 99), 10, 'another thing has not been seen at this instant')
  t.equal(clock.observe('b', () => 99), 99)
  t.equal(clock.now(), 99)
})

t.test('a clock tells how it runs, and can be made to run in another way, from where it is or from later', async t => {
  const { clock, wall } = over({ mode: 'real' })
  t.same(clock.spec, { mode: 'real' })
  wall.now = 5_000
  clock.set({ mode: 'frozen' })
  t.same(clock.spec, { mode: 'frozen', at: 5_000 })
  wall.now = 6_000
  clock.set({ mode: 'scaled', scale: 10 }, 7_000)
  t.same(clock.spec, { mode: 'scaled', scale: 10 })
  wall.now = 6_500
  t.equal(clock.now(), 12_000)
  clock.set({ mode: 'auto' })
  t.same([clock.spec, clock.now()], [{ mode: 'auto', at: 12_000 }, 12_000])
  t.throws(() => { clock.set({ mode: 'real' }, 11_999) }, { name: 'RangeError', message: 'a clock only moves forward: 1970-01-01T00:00:11.999Z lies before 1970-01-01T00:00:12.000Z' })
  t.same(clock.spec, { mode: 'auto', at: 12_000 })
})

t.test('what was seen before an auto clock was set counts as not seen', async t => {
  const { clock } = over({ mode: 'auto', at: 0 })
  t.equal(clock.observe('a', () => 5), 0)
  clock.set({ mode: 'auto' })
  t.equal(clock.observe('a', () => 5), 0)
  t.equal(clock.observe('a', () => 5), 5)
})

t.test('no clock goes beyond what can be written', async t => {
  const { clock } = over({ mode: 'frozen', at: 0 })
  t.throws(() => clock.advanceTo(LAST_INSTANT + 1), { name: 'RangeError', message: 'a clock does not go beyond the year 9999' })
  t.equal(clock.advanceTo(LAST_INSTANT), LAST_INSTANT)
})

t.test('a clock can be resumed from an instant, however it is to run', async t => {
  t.same(resumeClock({ mode: 'frozen' }, 5).spec, { mode: 'frozen', at: 5 })
  t.same(resumeClock({ mode: 'auto' }, 5).spec, { mode: 'auto', at: 5 })
  const resumed = resumeClock({ mode: 'scaled', scale: 2 }, 5)
  t.same(resumed.spec, { mode: 'scaled', scale: 2 })
  t.ok(resumed.now() >= 5 && resumed.now() < 60_000)
})

t.test('no clock ever goes backwards', async () => {
  const specs = fc.constantFrom<Array<Parameters<typeof createClock>[0]>>(
    { mode: 'real' }, { mode: 'scaled', scale: 7.3 }, { mode: 'frozen', at: 500 }, { mode: 'auto', at: 500 })
  fc.assert(fc.property(specs, fc.array(fc.tuple(fc.nat(20_000), fc.nat(20_000))), (spec, moves) => {
    const { clock, wall } = over(spec)
    let last = clock.now()
    return moves.every(([wallNow, step]) => {
      wall.now = wallNow
      const seen = [clock.now(), clock.advanceTo(clock.now() + step), clock.observe('x', now => now + step)]
      const forward = seen.every((instant, index) => instant >= (seen[index - 1] ?? last))
      last = clock.now()
      return forward
    })
  }))
})
