import { Type, type Static } from '@sinclair/typebox'
import type { Session, Template } from '../domain/lifecycle/records.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import { MAX_BATCH } from '../domain/lifecycle/batch.ts'
import { rejectItems } from '../http/errors.ts'
import { Uuid } from '../http/schema.ts'

export const SessionsBody = Type.Object({
  session_ids: Type.Array(
    Uuid('session', 'A session of the template.'),
    { minItems: 1, maxItems: MAX_BATCH, description: 'Sessions of the template.' }
  )
})

/** Returns the sessions of a template that a body names, each once. Throws a 422 that names the others, and those with an issue. */
export async function resolveSessions (
  { session_ids: sessionIds }: Static<typeof SessionsBody>,
  template: Template,
  { records }: Namespace,
  issueOf: (session: Session) => string | null = () => null
): Promise<Session[]> {
  const ids = sessionIds.map(id => id.toLowerCase())
  const found = await records.findSessions(ids)
  rejectItems(ids, 'session_ids', (_, index) => {
    const session = found[index]
    return session?.template.id === template.id ? issueOf(session) : 'is invalid: send the id of a session of this template.'
  })
  return [...new Map(found.filter(session => session !== undefined).map(session => [session.id, session])).values()]
}
