import TinyQueue from 'tinyqueue'
import type { NamespaceState } from '../namespaces/namespace.ts'
import type { RowAddress } from '../store/store.ts'
import { addressesOf, MAX_BATCH } from '../domain/lifecycle/batch.ts'
import { nextEventOf, transitionsOf, type Timeline, type Transition } from '../domain/lifecycle/transitions.ts'
import { createBreather } from './breathe.ts'
import { idIn, TIMELINES_AT_A_TIME, timelineOf, timelinesIn, timelinesOf } from './timelines.ts'

/**
 * Finds the transitions of a namespace as they happen. It looks only at what was written and what is due, so that its work does
 * not grow with the number of resources.
 */
export interface TransitionTracker extends Disposable {
  /** Reads all resources once, as they are now. */
  begin (): Promise<void>
  /** Returns the transitions since the last call, in order of time. */
  take (): Promise<Transition[]>
  /** The instant of the next transition, or an earlier one; undefined if nothing changes without a request. */
  readonly next: number | undefined
}

/** A timeline when it was last looked at. */
interface Seen {
  /** By resource. */
  readonly statuses: ReadonlyMap<string, string>
  readonly next: number | undefined
}

const UNSEEN: Seen = { statuses: new Map(), next: undefined }

export function trackTransitions (namespace: NamespaceState): TransitionTracker {
  const { records, events } = namespace
  const seen = new Map<string, Seen>()
  const due = new TinyQueue<{ readonly at: number, readonly resource: string }>([], (a, b) => a.at - b.at)
  /** The ids of the sessions of results: a result that was removed leads to no session any more. */
  const sessions = new Map<string, string>()
  const written = new Set<string>()
  let seenAt: number

  function noteWrites (rows: readonly RowAddress[]): void {
    for (const row of rows) for (const id of idsOf(row)) written.add(id)
  }

  function look (timeline: Timeline, now: number): void {
    const { resource } = timeline
    const statuses = timeline.statusesAt(now)
    const next = nextEventOf(timeline, now)
    if (next !== undefined && next !== seen.get(resource)?.next) due.push({ at: next, resource })
    seen.set(resource, { statuses, next })
    for (const result of statuses.keys()) if (result !== resource) sessions.set(idIn(result), idIn(resource))
  }

  /** Returns the timelines to look at, documents first, in the order of their ids. */
  async function * timelinesToLookAt (now: number): AsyncGenerator<Timeline> {
    const resources = new Map<string, Timeline | undefined>()
    const ids = [...written].flatMap(id => [id, sessions.get(id) ?? []].flat())
    written.clear()
    for (const timeline of await timelinesOf(records, ids)) resources.set(timeline.resource, timeline)
    for (let first = due.peek(); first !== undefined && first.at <= now; first = due.peek()) {
      due.pop()
      // An instant that no longer counts is left behind where a plan was changed.
      if (seen.get(first.resource)?.next === first.at && !resources.has(first.resource)) resources.set(first.resource, undefined)
    }
    const breathe = createBreather(TIMELINES_AT_A_TIME)
    for (const resource of [...resources.keys()].sort()) {
      await breathe()
      const timeline = resources.get(resource) ?? await timelineOf(records, resource)
      if (timeline === undefined) seen.delete(resource)
      else yield timeline
    }
  }

  events.on('written', noteWrites)

  return {
    get next () {
      return due.peek()?.at
    },
    async begin () {
      seenAt = (await namespace.clock()).now
      for await (const timeline of timelinesIn(records)) look(timeline, seenAt)
    },
    async take () {
      const { now } = await namespace.clock()
      const transitions: Transition[] = []
      for await (const timeline of timelinesToLookAt(now)) {
        const { statuses } = seen.get(timeline.resource) ?? UNSEEN
        transitions.push(...transitionsOf(timeline, seenAt, now, statuses))
        look(timeline, now)
      }
      seenAt = now
      return transitions.sort((a, b) => a.at - b.at)
    },
    [Symbol.dispose] () {
      events.off('written', noteWrites)
    }
  }
}

/** Returns the ids of the sessions, documents or results that a row is about. */
function idsOf ([kind, key]: RowAddress): string[] {
  if (kind === 'batch') return addressesOf(key, 'session', MAX_BATCH)
  return kind === 'session' || kind === 'document' || kind === 'later' ? [key] : []
}
