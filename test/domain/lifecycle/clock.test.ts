import t from 'tap'
import fc from 'fast-check'
import { DEFAULT_INSTANT, instantOf, LAST_INSTANT, moveClock, scaleOf, setClock, startClock, type ClockSpec } from '../../../src/domain/lifecycle/clock.ts'

t.test('a real clock shows wall time', async t => {
  const clock = startClock({ mode: 'real' }, 1_000)
  t.same([1_000, 61_000].map(wall => instantOf(clock, wall)), [1_000, 61_000])
  t.equal(scaleOf(clock), 1)
})

t.test('a scaled clock runs faster than wall time', async t => {
  const clock = startClock({ mode: 'scaled', scale: 60 }, 1_000)
  t.same([1_000, 2_000].map(wall => instantOf(clock, wall)), [1_000, 61_000])
  t.equal(scaleOf(clock), 60)
})

t.test('a clock shows no instant before its start', async t => {
  t.equal(instantOf(startClock({ mode: 'real' }, 5_000), 2_000), 5_000)
})

t.test('frozen and auto clocks stand until they are moved, forward only', async t => {
  for (const mode of ['frozen', 'auto'] as const) {
    const clock = startClock({ mode, at: DEFAULT_INSTANT }, 1_000)
    t.equal(instantOf(clock, 9_000_000), DEFAULT_INSTANT)
    t.equal(scaleOf(clock), 0)
    const moved = moveClock(clock, DEFAULT_INSTANT + 1_000, 2_000)
    t.equal(instantOf(moved, 9_000_000), DEFAULT_INSTANT + 1_000)
    t.equal(instantOf(clock, 9_000_000), DEFAULT_INSTANT, 'the clock before the move is unchanged')
    t.same(moveClock(moved, DEFAULT_INSTANT + 1_000, 3_000), { ...moved, since: 3_000 }, 'a move to the present is allowed')
    t.throws(() => moveClock(moved, DEFAULT_INSTANT + 999, 2_000), {
      name: 'RangeError',
      message: 'a clock only moves forward: 2024-01-15T10:30:00.999Z lies before 2024-01-15T10:30:01.000Z'
    })
  }
})

t.test('a running clock runs on from where it was moved to', async t => {
  const clock = moveClock(startClock({ mode: 'real' }, 1_000), 10_000, 1_000)
  t.equal(instantOf(clock, 2_000), 11_000)
})

t.test('a clock can be set to another mode, at the present or at a later instant', async t => {
  const frozen = setClock(startClock({ mode: 'real' }, 1_000), { mode: 'frozen' }, 5_000)
  t.same(frozen, { mode: 'frozen', at: 5_000, since: 5_000 })
  const scaled = setClock(frozen, { mode: 'scaled', scale: 10 }, 6_000, 7_000)
  t.same(scaled, { mode: 'scaled', scale: 10, at: 7_000, since: 6_000 })
  t.equal(instantOf(scaled, 6_500), 12_000)
  t.same(setClock(scaled, { mode: 'auto' }, 6_500), { mode: 'auto', at: 12_000, since: 6_500 })
  t.throws(() => setClock(scaled, { mode: 'real' }, 6_500, 11_999), {
    name: 'RangeError',
    message: 'a clock only moves forward: 1970-01-01T00:00:11.999Z lies before 1970-01-01T00:00:12.000Z'
  })
})

t.test('no clock goes beyond the last instant', async t => {
  const clock = startClock({ mode: 'frozen', at: 0 }, 0)
  t.throws(() => moveClock(clock, LAST_INSTANT + 1, 0), { name: 'RangeError', message: 'a clock does not go beyond the year 9999' })
  t.equal(instantOf(moveClock(clock, LAST_INSTANT, 0), 0), LAST_INSTANT)
})

t.test('a running clock stops at the last instant, and can still be moved to it and set', async t => {
  for (const spec of [{ mode: 'real' }, { mode: 'scaled', scale: 1_000 }] as const) {
    const clock = startClock({ ...spec, at: LAST_INSTANT - 1_000 }, 0)
    t.same([0, 1, 1_000, 1_001, 9_000_000].map(wall => instantOf(clock, wall) - LAST_INSTANT), spec.mode === 'real' ? [-1_000, -999, 0, 0, 0] : [-1_000, 0, 0, 0, 0])
    t.same(moveClock(clock, LAST_INSTANT, 5_000), { ...spec, at: LAST_INSTANT, since: 5_000 })
    t.same(setClock(clock, { mode: 'auto' }, 5_000), { mode: 'auto', at: LAST_INSTANT, since: 5_000 })
  }
})

t.test('no clock goes backwards as long as wall time does not', async () => {
  const specs = fc.constantFrom<ClockSpec[]>(
    { mode: 'real' }, { mode: 'scaled', scale: 7.3 }, { mode: 'frozen', at: 500 }, { mode: 'auto', at: 500 })
  const moves = fc.array(fc.tuple(fc.nat(20_000), fc.nat(20_000), fc.boolean()))
  fc.assert(fc.property(specs, moves, (spec, moves) => {
    let wall = 1_000
    let clock = startClock(spec, wall)
    let last = instantOf(clock, wall)
    return moves.every(([pause, step, isSet]) => {
      wall += pause
      const before = instantOf(clock, wall)
      clock = isSet ? setClock(clock, { mode: 'scaled', scale: 2 }, wall, before + step) : moveClock(clock, before + step, wall)
      const after = instantOf(clock, wall)
      const isForward = before >= last && after === before + step
      last = after
      return isForward
    })
  }))
})
