import type { NamespaceState } from '../namespaces/namespace.ts'
import { scaleOf } from '../domain/lifecycle/clock.ts'
import { HttpError } from '../http/errors.ts'

/** Wakes a waiter when something may have changed in a namespace. */
export interface ChangeWaiter extends Disposable {
  /** True once the namespace was reset or removed, so that nothing will ever change in it. */
  readonly dropped: boolean
  /**
   * Resolves when something may have changed since the last call: the clock was moved, a request was answered, the signal
   * aborted, or, on a clock that runs, the instant has come.
   */
  wait (until: number | undefined): Promise<void>
}

/** The maximum number of waiters in a namespace. */
export const MAX_WAITING = 1_000

/** Creates a waiter. Throws a 429 if there are too many already. */
export function createChangeWaiter (namespace: NamespaceState, signal: AbortSignal): ChangeWaiter {
  const { events } = namespace
  if (events.listenerCount('dropped') >= MAX_WAITING) {
    throw new HttpError(429, `There are already ${MAX_WAITING} waiters in the namespace: wait until some of them have finished.`)
  }
  let notified = false
  let dropped = false
  let wake = (): void => {}

  function notify (): void {
    notified = true
    wake()
  }

  function drop (): void {
    dropped = true
    notify()
  }

  events.on('changed', notify).on('answered', notify).on('dropped', drop)
  signal.addEventListener('abort', notify)

  return {
    get dropped () {
      return dropped
    },
    async wait (until) {
      const ms = until === undefined ? undefined : await realTimeTo(until, namespace)
      const timer = ms === undefined ? undefined : setTimeout(notify, ms)
      if (!notified) await new Promise<void>(resolve => { wake = resolve })
      clearTimeout(timer)
      notified = false
    },
    [Symbol.dispose] () {
      events.off('changed', notify).off('answered', notify).off('dropped', drop)
      signal.removeEventListener('abort', notify)
    }
  }
}

/** The longest time that a timer can be set for; a waiter that wakes too early looks and waits on. */
const LONGEST = 2 ** 31 - 1

/** Returns the number of real milliseconds that the clock takes to an instant; undefined if it stands. */
async function realTimeTo (instant: number, namespace: NamespaceState): Promise<number | undefined> {
  const { mode, now } = await namespace.clock()
  const scale = scaleOf(mode)
  return scale === 0 ? undefined : Math.min(LONGEST, Math.max(1, Math.ceil((instant - now) / scale)))
}
