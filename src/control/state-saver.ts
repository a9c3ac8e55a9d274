import { setTimeout } from 'node:timers/promises'
import type { LocalControl } from './control.ts'
import { saveStates } from './state-file.ts'

/** Saves all namespaces in a file. */
export interface StateSaver {
  /** Saves once more, for the last time. Throws StateNotSaved, also when the signal aborts. */
  close (signal: AbortSignal): Promise<void>
}

export interface StateSaverOptions {
  readonly path: string
  readonly control: LocalControl
  /** The pause between two saves in milliseconds; null to save at the end only. */
  readonly every: number | null
  /** Called with the reason why a save failed that is not the last one. */
  readonly onFailure: (error: Error) => void
}

/** Saves a first time after one pause. */
export function startSaving ({ path, control, every, onFailure }: StateSaverOptions): StateSaver {
  const closing = new AbortController()
  const saving = every === null ? Promise.resolve() : saveRepeatedly(every)

  async function saveRepeatedly (pause: number): Promise<void> {
    while (true) {
      await setTimeout(pause, undefined, { ref: false, signal: closing.signal }).catch(() => {})
      if (closing.signal.aborted) return
      await saveStates(control, path, closing.signal).catch(error => {
        if (!closing.signal.aborted) onFailure(error)
      })
    }
  }

  return {
    async close (signal) {
      closing.abort()
      await saving
      await saveStates(control, path, signal)
    }
  }
}
