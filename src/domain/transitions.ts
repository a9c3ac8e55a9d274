import type { Session } from './records.ts'
import { documentAt, eventsOf, resultsAt, sessionAt } from './lifecycle.ts'

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

/** What changes about the session after one instant and until another, in order of time; `before` is what it was at first. */
export function transitionsOf (session: Session, after: number, until: number, before: ReadonlyMap<string, string> = statusesAt(session, after)): Transition[] {
  const transitions: Transition[] = []
  // At the end things may be otherwise though no time has gone by: somebody has asked for something.
  for (const at of [...eventsOf(session).filter(at => at > after && at < until), until]) {
    const statuses = statusesAt(session, at)
    for (const [resource, to] of statuses) {
      const from = before.get(resource) ?? null
      if (from !== to) transitions.push({ at, resource, from, to })
    }
    before = statuses
  }
  return transitions
}

/** The statuses of a session and of all that belongs to it, by resource. */
export function statusesAt (session: Session, now: number): Map<string, string> {
  return new Map([
    ...session.documents.map((document): [string, string] => [`document:${document.id}`, documentAt(session, document, now).status]),
    ...resultsAt(session, now).map(({ id, status }): [string, string] => [`result:${id}`, status]),
    [`session:${session.id}`, sessionAt(session, now).status]
  ])
}
