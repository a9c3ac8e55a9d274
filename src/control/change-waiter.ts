import type { NamespaceState } from '../namespaces/namespace.ts'
import { HttpError } from '../http/errors.ts'
import { createChangeAlarm, type ChangeAlarm } from './change-alarm.ts'

/** Wakes a waiter when something may have changed in a namespace. */
export interface ChangeWaiter extends Disposable, Pick<ChangeAlarm, 'wait'> {
  /** True once the namespace was reset or removed, so that nothing will ever change in it. */
  readonly dropped: boolean
}

/** The maximum number of waiters in a namespace. */
export const MAX_WAITING = 1_000

/** Creates a waiter that wakes also when the signal aborts. Throws a 429 if there are too many already. */
export function createChangeWaiter (namespace: NamespaceState, signal: AbortSignal): ChangeWaiter {
  let dropped = false
  const place = takePlace(namespace, () => {
    dropped = true
    alarm.ring()
  })
  const alarm = createChangeAlarm(namespace)
  signal.addEventListener('abort', alarm.ring)

  return {
    get dropped () {
      return dropped
    },
    wait: alarm.wait,
    [Symbol.dispose] () {
      place[Symbol.dispose]()
      alarm[Symbol.dispose]()
      signal.removeEventListener('abort', alarm.ring)
    }
  }
}

/** Takes one of the places for waiters, and calls back when the namespace is reset or removed. Throws a 429 if none is free. */
export function takePlace ({ events }: NamespaceState, onDropped: () => void): Disposable {
  if (events.listenerCount('dropped') >= MAX_WAITING) {
    throw new HttpError(429, `There are already ${MAX_WAITING} waiters in the namespace: wait until some of them have finished.`)
  }
  events.on('dropped', onDropped)
  return { [Symbol.dispose]: () => { events.off('dropped', onDropped) } }
}
