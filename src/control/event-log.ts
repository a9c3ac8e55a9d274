/** The last events of a stream. Its readers share them: a reader that stops reading holds none. */
export interface EventLog<T> {
  append (event: T, bytes: number): void
  /** Ends the readers when they have read everything; they throw the error then, if there is one. */
  end (error?: Error): void
  /**
   * Returns the events from now on. Ends when the signal aborts, or when the reader has fallen so far behind that an event which it
   * has not read is no longer in the log.
   */
  read (signal: AbortSignal): AsyncGenerator<T, undefined>
}

/** Creates a log that holds at most `maxBytes` of events. */
export function createEventLog<T> (maxBytes: number): EventLog<T> {
  const events = new Map<number, { readonly event: T, readonly bytes: number }>()
  let [first, next, size] = [0, 0, 0]
  let ending: { readonly error: Error | undefined } | undefined
  const waiting = new Set<() => void>()

  function wakeReaders (): void {
    for (const wake of waiting) wake()
    waiting.clear()
  }

  async function * readFrom (start: number, signal: AbortSignal): AsyncGenerator<T, undefined> {
    let wake = (): void => {}
    function leave (): void {
      waiting.delete(wake)
      wake()
    }
    signal.addEventListener('abort', leave)
    try {
      for (let at = start; !signal.aborted;) {
        const entry = events.get(at)
        if (entry !== undefined) {
          at++
          yield entry.event
        } else if (at < first) {
          return
        } else if (ending !== undefined) {
          if (ending.error !== undefined) throw ending.error
          return
        } else {
          await new Promise<void>(resolve => { wake = resolve; waiting.add(wake) })
        }
      }
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  return {
    append (event, bytes) {
      events.set(next++, { event, bytes })
      size += bytes
      for (const [index, oldest] of events) {
        if (size <= maxBytes) break
        events.delete(index)
        size -= oldest.bytes
        first = index + 1
      }
      wakeReaders()
    },
    end (error) {
      ending = { error }
      wakeReaders()
    },
    read: signal => readFrom(next, signal)
  }
}
