import type { Exchange } from '../store/journal.ts'
import type { NamespaceState } from '../namespaces/namespace.ts'
import type { Transition } from '../domain/lifecycle/transitions.ts'
import { nextEventOf, transitionsOf } from '../domain/lifecycle/transitions.ts'
import { createChangeWaiter, type ChangeWaiter } from './change-waiter.ts'
import { timelinesIn } from './timelines.ts'

/** A transition or an answered request. */
export type Occurrence = { readonly transition: Transition } | { readonly exchange: Exchange }

/**
 * Streams each transition and each answered request from now on. Ends when the signal aborts or the namespace is reset or
 * removed. Throws a 429 if there are too many waiters already.
 */
export function watchEvents (namespace: NamespaceState, signal: AbortSignal): AsyncIterable<Occurrence> {
  return follow(namespace, signal, createChangeWaiter(namespace, signal))
}

async function * follow (namespace: NamespaceState, signal: AbortSignal, created: ChangeWaiter): AsyncGenerator<Occurrence> {
  using waiter = created
  using requests = collect(namespace.events)
  const { records } = namespace
  /** The statuses of each timeline when it was last looked at. */
  const statuses = new Map<string, ReadonlyMap<string, string>>()
  let { now: seen } = await namespace.clock()
  for await (const { resource, statusesAt } of timelinesIn(records)) statuses.set(resource, statusesAt(seen))

  while (!signal.aborted && !waiter.dropped) {
    const { now } = await namespace.clock()
    const transitions: Transition[] = []
    let next: number | undefined
    for await (const timeline of timelinesIn(records)) {
      transitions.push(...transitionsOf(timeline, seen, now, statuses.get(timeline.resource) ?? new Map()))
      statuses.set(timeline.resource, timeline.statusesAt(now))
      next = Math.min(next ?? Infinity, nextEventOf(timeline, now) ?? Infinity)
    }
    seen = now
    for (const transition of transitions.sort((a, b) => a.at - b.at)) yield { transition }
    for (const exchange of requests.take()) yield { exchange }
    await waiter.wait(next)
  }
}

/** Collects the requests that are answered until they are taken. */
function collect (events: NamespaceState['events']): Disposable & { take (): Exchange[] } {
  let answered: Exchange[] = []
  const add = (exchange: Exchange): void => { answered.push(exchange) }
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
