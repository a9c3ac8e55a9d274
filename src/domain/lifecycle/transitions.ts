import type { FoundDocument, Session } from './records.ts'
import { documentAt, eventsOf, eventsOfDocument, resultsAt, sessionAt } from './lifecycle.ts'

/** One change of a status. */
export interface Transition {
  /** The instant of the change. */
  readonly at: number
  /** `session:<id>`, `document:<id>` or `result:<id>`. */
  readonly resource: string
  /** The status before; null if the thing came into being. */
  readonly from: string | null
  readonly to: string
}

/** Something that changes by itself as time goes by: a session with its results, or a document. */
export interface Timeline {
  /** `session:<id>` or `document:<id>`. */
  readonly resource: string
  /** Every instant at which it changes, unless somebody asks for more; in order, each once. */
  readonly events: () => number[]
  /** The statuses of all that belongs to it, by resource. */
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

/** The first instant after `now` at which anything about it changes by itself; undefined when all is done. */
export function nextEventOf (subject: Timeline, now: number): number | undefined {
  return subject.events().find(at => at > now)
}

/** What changes about a subject after one instant and until another, in order of time; `before` is what it was at first. */
export function transitionsOf (subject: Timeline, after: number, until: number, before: ReadonlyMap<string, string> = subject.statusesAt(after)): Transition[] {
  const transitions: Transition[] = []
  // At the end things may be otherwise though no time has gone by: somebody has asked for something.
  for (const at of [...subject.events().filter(at => at > after && at < until), until]) {
    const statuses = subject.statusesAt(at)
    for (const [resource, to] of statuses) {
      const from = before.get(resource) ?? null
      if (from !== to) transitions.push({ at, resource, from, to })
    }
    before = statuses
  }
  return transitions
}
