import type { NamespaceState } from '../namespaces/namespace.ts'
import { scaleOf } from '../domain/lifecycle/clock.ts'

/** Rings when something may have changed in a namespace. */
export interface ChangeAlarm extends Disposable {
  ring (): void
  /**
   * Resolves when it has rung since the last call: the clock was moved, a request that wrote something was answered, or, on a
   * clock that runs, the instant has come.
   */
  wait (until: number | undefined): Promise<void>
}

export function createChangeAlarm (namespace: NamespaceState): ChangeAlarm {
  const { events } = namespace
  let rung = false
  let written = false
  let wake = (): void => {}

  function ring (): void {
    rung = true
    wake()
  }

  function noteWrite (): void {
    written = true
  }

  /** Most requests only read: they wake no one. */
  function ringIfWritten (): void {
    if (!written) return
    written = false
    ring()
  }

  events.on('changed', ring).on('written', noteWrite).on('answered', ringIfWritten)

  return {
    ring,
    async wait (until) {
      const ms = until === undefined ? undefined : await realTimeTo(until, namespace)
      const timer = ms === undefined ? undefined : setTimeout(ring, ms)
      if (!rung) await new Promise<void>(resolve => { wake = resolve })
      clearTimeout(timer)
      rung = false
    },
    [Symbol.dispose] () {
      events.off('changed', ring).off('written', noteWrite).off('answered', ringIfWritten)
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
