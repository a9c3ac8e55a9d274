/**
 * Time as a value. Domain code receives `now` (milliseconds since the epoch) as an argument; routes read a clock once
 * per request. A clock never goes backwards and nothing is ever scheduled on it.
 */
export interface Clock {
  /** The present instant. */
  now (): number
  /**
   * The instant at which a reader sees the thing called `id`, whose next change `nextEventAt` names. Only on an `auto`
   * clock is it anything but `now()`: a reader who has seen the present already is first taken to the next change, so
   * that a client which polls without a pause meets every status in order and never waits.
   */
  observe (id: string, nextEventAt: (now: number) => number | undefined): number
}

/** How a namespace's clock runs. `scale` is how many of its seconds pass in one real second. */
export type ClockSpec =
  | { readonly mode: 'real' }
  | { readonly mode: 'scaled', readonly scale: number }
  | { readonly mode: 'frozen' | 'auto', readonly at: number }

/** Where a frozen or auto clock stands unless told otherwise: the instant of the API documentation's own example. */
export const DEFAULT_INSTANT = Date.UTC(2024, 0, 15, 10, 30, 0)

/** A clock that can be moved, forward only. Whoever holds this and not just a `Clock` is in control of time. */
export interface MovableClock extends Clock {
  /** How it runs. */
  readonly spec: ClockSpec
  /** Moves to `instant` and returns it; throws a RangeError if that lies in the past or beyond the year 9999. */
  advanceTo (instant: number): number
  /** Runs on in another way, from `at` or, without it, from the present; throws a RangeError as `advanceTo` does. */
  set (spec: ClockMode, at?: number): void
}

/** How a clock is to run, wherever it stands. */
export type ClockMode = { readonly mode: 'real' | 'frozen' | 'auto' } | { readonly mode: 'scaled', readonly scale: number }

/** The last instant that the wire format can say. */
export const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** A clock of the given mode; `wallClock` supplies real milliseconds and is read by `real` and `scaled` clocks only. */
export function createClock (initial: ClockSpec, wallClock: () => number = Date.now): MovableClock {
  let mode: ClockMode = initial
  /** Where the clock stood at its last change, and how much real time has gone by since. */
  let base = 'at' in initial ? initial.at : wallClock()
  let since = wallClock()
  let elapsed = 0
  /** When each thing was last read; kept by an auto clock only. */
  let lastSeen = new Map<string, number>()

  function now (): number {
    if (mode.mode === 'frozen' || mode.mode === 'auto') return base
    // A wall clock may be set back; the elapsed time it reports is never allowed to shrink.
    elapsed = Math.max(elapsed, wallClock() - since)
    return base + Math.floor(elapsed * ('scale' in mode ? mode.scale : 1))
  }

  /** The way to `instant`, which must lie ahead. */
  function wayTo (instant: number, present: number): number {
    if (instant < present) throw new RangeError(`a clock only moves forward: ${textOf(instant)} lies before ${textOf(present)}`)
    if (instant > LAST_INSTANT) throw new RangeError('a clock does not go beyond the year 9999')
    return instant - present
  }

  function advanceTo (instant: number): number {
    base += wayTo(instant, now())
    return instant
  }

  return {
    now,
    advanceTo,
    get spec () {
      return mode.mode === 'frozen' || mode.mode === 'auto' ? { mode: mode.mode, at: base } : mode as ClockSpec
    },
    observe (id, nextEventAt) {
      if (mode.mode !== 'auto') return now()
      if (lastSeen.get(id) === base) advanceTo(nextEventAt(base) ?? base)
      lastSeen.set(id, base)
      return base
    },
    set (to, at) {
      const present = now()
      base = present + wayTo(at ?? present, present)
      mode = to
      since = wallClock()
      elapsed = 0
      lastSeen = new Map()
    }
  }
}

/** A clock that runs on in a mode from an instant. */
export function resumeClock (mode: ClockMode, at: number): MovableClock {
  const clock = createClock({ mode: 'frozen', at })
  clock.set(mode)
  return clock
}

function textOf (instant: number): string {
  return new Date(instant).toISOString()
}
