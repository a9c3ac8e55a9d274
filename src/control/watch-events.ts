import type { Exchange } from '../store/journal.ts'
import type { NamespaceState } from '../namespaces/namespace.ts'
import type { Transition } from '../domain/lifecycle/transitions.ts'
import { createBreather } from './breathe.ts'
import { createChangeAlarm, type ChangeAlarm } from './change-alarm.ts'
import { takePlace } from './change-waiter.ts'
import { createEventLog, type EventLog } from './event-log.ts'
import { trackTransitions, type TransitionTracker } from './track-transitions.ts'

/** A transition or an answered request. */
export type Occurrence = { readonly transition: Transition } | { readonly exchange: Exchange }

/** A message about an occurrence, and its size. */
export interface Sized<Message> {
  readonly message: Message
  readonly bytes: number
}

/** Streams of what happens in namespaces. The readers of a namespace share one search for transitions, and one log. */
export interface EventFeeds<Message> {
  /**
   * Returns each transition and each answered request from now on. The stream ends when the signal aborts, when the namespace is
   * reset or removed, or when its reader has fallen more than MAX_LAG bytes behind. Throws a 429 if there are too many waiters
   * already.
   */
  watch (namespace: NamespaceState, signal: AbortSignal): Promise<AsyncIterable<Message>>
}

/** The number of bytes of messages that a reader may be behind. */
export const MAX_LAG = 1024 * 1024

/** The number of bytes of messages after which readers get the time to take them. */
const BYTES_AT_A_TIME = 64 * 1024

interface Feed<Message> {
  readonly log: EventLog<Message>
  readonly alarm: ChangeAlarm
  readonly begun: Promise<void>
  readers: number
}

export function createEventFeeds<Message> (present: (occurrence: Occurrence) => Sized<Message>): EventFeeds<Message> {
  const feeds = new WeakMap<NamespaceState, Feed<Message>>()
  const breathe = createBreather(BYTES_AT_A_TIME)

  function openFeed (namespace: NamespaceState): Feed<Message> {
    const alarm = createChangeAlarm(namespace)
    const tracker = trackTransitions(namespace)
    const feed = { log: createEventLog<Message>(MAX_LAG), alarm, begun: tracker.begin(), readers: 0 }
    feeds.set(namespace, feed)
    follow(namespace, feed, tracker).then(() => { feed.log.end() }, (error: Error) => { feed.log.end(error) })
    return feed
  }

  /** Fills the log until the last reader has gone. */
  async function follow (namespace: NamespaceState, feed: Feed<Message>, opened: TransitionTracker): Promise<void> {
    using alarm = feed.alarm
    using tracker = opened
    using requests = collectRequests(namespace, alarm)
    try {
      await feed.begun
      while (feed.readers > 0) {
        // The transitions that a request brought about come before it.
        const exchanges = requests.take()
        for (const transition of await tracker.take()) await append(feed.log, { transition })
        for (const exchange of exchanges) await append(feed.log, { exchange })
        await alarm.wait(tracker.next)
      }
    } finally {
      feeds.delete(namespace)
    }
  }

  async function append (log: EventLog<Message>, occurrence: Occurrence): Promise<void> {
    const { message, bytes } = present(occurrence)
    log.append(message, bytes)
    await breathe(bytes)
  }

  return {
    async watch (namespace, signal) {
      const dropped = new AbortController()
      const place = takePlace(namespace, () => { dropped.abort() })
      const feed = feeds.get(namespace) ?? openFeed(namespace)
      const end = AbortSignal.any([signal, dropped.signal])
      const events = feed.log.read(end)
      feed.readers++
      let isGone = false

      function leave (): void {
        if (isGone) return
        isGone = true
        place[Symbol.dispose]()
        feed.readers--
        if (feed.readers === 0) feed.alarm.ring()
      }

      end.addEventListener('abort', leave)
      if (end.aborted) leave()
      await feed.begun.catch((error: unknown) => {
        leave()
        throw error
      })
      return untilGone(events, leave)
    }
  }
}

async function * untilGone<T> (events: AsyncIterable<T>, leave: () => void): AsyncGenerator<T, undefined> {
  try {
    yield * events
  } finally {
    leave()
  }
}

/** Collects the requests that are answered until they are taken. */
function collectRequests ({ events }: NamespaceState, alarm: ChangeAlarm): Disposable & { take (): Exchange[] } {
  let answered: Exchange[] = []
  function add (exchange: Exchange): void {
    answered.push(exchange)
    alarm.ring()
  }
  events.on('answered', add)
  return {
    take () {
      const taken = answered
      answered = []
      return taken
    },
    [Symbol.dispose] () {
      events.off('answered', add)
    }
  }
}
