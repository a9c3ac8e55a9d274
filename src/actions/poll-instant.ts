import type { FastifyRequest } from 'fastify'
import type { FoundDocument, Session } from '../domain/lifecycle/records.ts'
import { nextEventAt } from '../domain/lifecycle/lifecycle.ts'
import { documentTimeline, nextEventOf } from '../domain/lifecycle/transitions.ts'

type Poll = Pick<FastifyRequest, 'namespace' | 'entry' | 'now'>

/** Returns the instant at which a client sees a session: that of the request, or on an auto clock its next change. */
export async function pollSession (poll: Poll, session: Session): Promise<number> {
  return await pollInstant(poll, session.id, now => nextEventAt(session, now))
}

/** Returns the instant at which a client sees a document, likewise. */
export async function pollDocument (poll: Poll, found: FoundDocument): Promise<number> {
  return await pollInstant(poll, found.document.id, now => nextEventOf(documentTimeline(found), now))
}

async function pollInstant ({ namespace, entry, now }: Poll, id: string, next: (now: number) => number | undefined): Promise<number> {
  return entry.mode.mode === 'auto' ? await namespace.observe(id, next) : now
}
