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
  /** Moves to `instant` and returns it; throws a RangeError if that lies in the past. */
  advanceTo (instant: number): number
}

/** A clock of the given mode; `wallClock` supplies real milliseconds and is read by `real` and `scaled` clocks only. */
export function createClock (spec: ClockSpec, wallClock: () => number = Date.now): MovableClock {
  const stands = spec.mode === 'frozen' || spec.mode === 'auto'
  const scale = spec.mode === 'scaled' ? spec.scale : 1
  const startedAt = stands ? 0 : wallClock()
  // A wall clock may be set back; the elapsed time it reports is never allowed to shrink.
  let elapsed = 0
  let base = stands ? spec.at : startedAt
  /** When each thing was last read; kept by an auto clock only. */
  const lastSeen = new Map<string, number>()

  function now (): number {
    if (stands) return base
    elapsed = Math.max(elapsed, wallClock() - startedAt)
    return base + Math.floor(elapsed * scale)
  }

  function advanceTo (instant: number): number {
    const present = now()
    if (instant < present) {
      throw new RangeError(`a clock only moves forward: ${new Date(instant).toISOString()} lies before ${new Date(present).toISOString()}`)
    }
    base += instant - present
    return instant
  }

  function observe (id: string, nextEventAt: (now: number) => number | undefined): number {
    if (spec.mode !== 'auto') return now()
    if (lastSeen.get(id) === base) advanceTo(nextEventAt(base) ?? base)
    lastSeen.set(id, base)
    return base
  }

  return { now, observe, advanceTo }
}
