import type { FastifyRequest } from 'fastify'
import type { FoundDocument, Session } from '../domain/lifecycle/records.ts'
import { documentTimeline, nextEventOf, sessionTimeline } from '../domain/lifecycle/transitions.ts'

type Poll = Pick<FastifyRequest, 'namespace' | 'entry' | 'now'>

/** Returns the instant at which a client sees a session: that of the request, or on an auto clock its next change. */
export function pollSession (poll: Poll, session: Session): Promise<number> | number {
  return pollInstant(poll, session.id, now => nextEventOf(sessionTimeline(session), now))
}

/** Returns the instant at which a client sees a document, likewise. */
export function pollDocument (poll: Poll, found: FoundDocument): Promise<number> | number {
  return pollInstant(poll, found.document.id, now => nextEventOf(documentTimeline(found), now))
}

function pollInstant ({ namespace, entry, now }: Poll, id: string, next: (now: number) => number | undefined): Promise<number> | number {
  return entry.mode.mode === 'auto' ? namespace.observe(id, next) : now
}
