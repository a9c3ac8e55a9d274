import type { FoundDocument, Session } from './records.ts'
import { documentAt, eventsOf, eventsOfDocument, resultsAt, sessionAt } from './lifecycle.ts'

/** One change of a status. */
export interface Transition {
  /** The instant of the change. */
  readonly at: number
  /** `session:<id>`, `document:<id>` or `result:<id>`. */
  readonly resource: string
  /** The status before; null if the resource is new. */
  readonly from: string | null
  readonly to: string
}

/** A resource whose status changes over time: a session with its results, or a document. */
export interface Timeline {
  /** `session:<id>` or `document:<id>`. */
  readonly resource: string
  /** Returns every instant at which it changes unless a further request is made; in order, without duplicates. */
  readonly events: () => number[]
  /** Returns the statuses of the resource and its results, by resource. */
  readonly statusesAt: (now: number) => Map<string, string>
}

export function sessionTimeline (session: Session): Timeline {
  return {
    resource: `session:${session.id}`,
    events: () => eventsOf(session),
    statusesAt: now => new Map([
      ...resultsAt(session, now).map(({ id, status }): [string, string] => [`result:${id}`, status]),
      [`session:${session.id}`, sessionAt(session, now).status]
    ])
  }
}

export function documentTimeline (found: FoundDocument): Timeline {
  const resource = `document:${found.document.id}`
  return {
    resource,
    events: () => eventsOfDocument(found),
    statusesAt: now => new Map([[resource, documentAt(found, now).status]])
  }
}

/** Returns the first instant after `now` at which the resource changes by itself; undefined when all its work has ended. */
export function nextEventOf (timeline: Timeline, now: number): number | undefined {
  return timeline.events().find(at => at > now)
}

/**
 * Returns the transitions after one instant, up to and including another, in order of time. `initial` holds the statuses at
 * the beginning, by default those of the timeline itself.
 */
export function transitionsOf (
  timeline: Timeline, after: number, until: number, initial: ReadonlyMap<string, string> = timeline.statusesAt(after)
): Transition[] {
  const transitions: Transition[] = []
  let previous = initial
  // `until` is always compared: a request may have changed statuses although no time has passed.
  for (const at of [...timeline.events().filter(at => at > after && at < until), until]) {
    const statuses = timeline.statusesAt(at)
    for (const [resource, to] of statuses) {
      const from = previous.get(resource) ?? null
      if (from !== to) transitions.push({ at, resource, from, to })
    }
    previous = statuses
  }
  return transitions
}
