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

/** What changes about the session after one instant and until another, in order of time. */
export function transitionsOf (session: Session, after: number, until: number): Transition[] {
  const transitions: Transition[] = []
  let before = statusesAt(session, after)
  for (const at of eventsOf(session).filter(at => at > after && at <= until)) {
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
