import type { Exchange } from '../traffic/journal.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import type { Transition } from '../domain/lifecycle/transitions.ts'
import { nextEventOf, transitionsOf } from '../domain/lifecycle/transitions.ts'
import { createChangeWaiter, type ChangeWaiter } from './change-waiter.ts'
import { timelinesIn } from './timelines.ts'

/** Something that has happened in a namespace. */
export type Occurrence = { readonly transition: Transition } | { readonly exchange: Exchange }

/**
 * Everything that happens in a namespace from now on, as it happens: each change of a status, each request that is
 * answered. Ends when the signal is given or the namespace is dropped; throws a 429 where too many wait already.
 */
export function watch (namespace: Namespace, signal: AbortSignal): AsyncIterable<Occurrence> {
  return follow(namespace, signal, createChangeWaiter(namespace, signal))
}

async function * follow ({ clock, store, events }: Namespace, signal: AbortSignal, turnedOn: ChangeWaiter): AsyncGenerator<Occurrence> {
  using alarm = turnedOn
  using requests = collect(events)
  /** What the things of each subject were when they were last looked at. */
  const known = new Map<string, ReadonlyMap<string, string>>()
  let seen = clock.now()
  for await (const { resource, statusesAt } of timelinesIn(store)) known.set(resource, statusesAt(seen))

  while (!signal.aborted && !alarm.dropped) {
    const now = clock.now()
    const transitions: Transition[] = []
    let next: number | undefined
    for await (const subject of timelinesIn(store)) {
      transitions.push(...transitionsOf(subject, seen, now, known.get(subject.resource) ?? new Map()))
      known.set(subject.resource, subject.statusesAt(now))
      next = Math.min(next ?? Infinity, nextEventOf(subject, now) ?? Infinity)
    }
    seen = now
    for (const transition of transitions.sort((a, b) => a.at - b.at)) yield { transition }
    for (const exchange of requests.take()) yield { exchange }
    await alarm.wait(next)
  }
}

/** Gathers the requests that are answered, to be taken when there is time. */
function collect (events: Namespace['events']): Disposable & { take (): Exchange[] } {
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
