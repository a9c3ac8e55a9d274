import type { Namespace } from '../namespaces/namespace.ts'
import type { Clock, ClockSpec } from '../domain/lifecycle/clock.ts'
import { HttpError } from '../http/errors.ts'

/** Wakes whoever waits for something to happen in a namespace. */
export interface ChangeWaiter extends Disposable {
  /** The namespace was dropped: nothing will ever happen in it. */
  readonly dropped: boolean
  /**
   * Resolves when something may be otherwise than at the last call: the clock was moved, a request was answered, the
   * signal was given, or, on a clock that runs, the instant has come.
   */
  wait (until: number | undefined): Promise<void>
}

/** How many may wait in a namespace at a time. */
export const MAX_WAITING = 1_000

/** An alarm for one; throws a 429 where too many wait already. */
export function createChangeWaiter ({ clock, events }: Namespace, signal: AbortSignal): ChangeWaiter {
  if (events.listenerCount('dropped') >= MAX_WAITING) {
    throw new HttpError(429, `${MAX_WAITING} are waiting in the namespace already: let some of them come to an end.`)
  }
  let rung = false
  let dropped = false
  let wake = (): void => {}

  function ring (): void {
    rung = true
    wake()
  }

  function drop (): void {
    dropped = true
    ring()
  }

  events.on('changed', ring).on('answered', ring).on('dropped', drop)
  signal.addEventListener('abort', ring)

  return {
    get dropped () {
      return dropped
    },
    async wait (until) {
      const ms = until === undefined ? undefined : realTimeTo(until, clock)
      const timer = ms === undefined ? undefined : setTimeout(ring, ms)
      if (!rung) await new Promise<void>(resolve => { wake = resolve })
      clearTimeout(timer)
      rung = false
    },
    [Symbol.dispose] () {
      events.off('changed', ring).off('answered', ring).off('dropped', drop)
      signal.removeEventListener('abort', ring)
    }
  }
}

/** The longest that a timer can be set for; whoever is woken too early looks and waits on. */
const LONGEST = 2 ** 31 - 1

/** How many real milliseconds a clock takes to an instant; undefined if it stands. */
function realTimeTo (instant: number, clock: Clock & { readonly spec: ClockSpec }): number | undefined {
  const { spec } = clock
  if (spec.mode !== 'real' && spec.mode !== 'scaled') return undefined
  return Math.min(LONGEST, Math.max(1, Math.ceil((instant - clock.now()) / (spec.mode === 'scaled' ? spec.scale : 1))))
}
