import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Session } from '../domain/records.ts'
import { nextEventAt, resultsAt, SESSION_STATUSES, sessionAt } from '../domain/lifecycle.ts'
import { Enum, errorResponses, Gone, Instant, isoOf, Ref, TOKEN_ERRORS, Uuid } from '../http/wire.ts'
import { DocumentBody, presentDocument } from './documents.ts'
import { presentResult, ResultBody } from './results.ts'

export const SessionBody = Type.Object({
  id: Uuid('The session.'),
  name: Type.String({ description: '"Pending..." until parsing begins, then the filename of the document.' }),
  extraction_template_id: Uuid('The template that says what to extract.'),
  settings: Type.Object({ auto_extract: Type.Boolean() }),
  status: Enum(SESSION_STATUSES, 'How far it has come.'),
  created_at: Instant,
  updated_at: Instant,
  documents: Type.Array(Ref(DocumentBody)),
  results: Type.Array(Ref(ResultBody), { description: 'Oldest first.' })
}, { $id: 'Session', description: 'An extraction session: documents, and the runs over them.' })

export const sessionRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/extractions/sessions/:sessionId', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'getSession',
      summary: 'Get session',
      tags: ['Extraction Sessions'],
      params: Type.Object({ sessionId: Uuid('The session.') }),
      response: { 200: Ref(SessionBody), ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async ({ session, namespace: { clock, seed } }) => {
    return await presentSession(seed, session, clock.observe(session.id, now => nextEventAt(session, now)))
  })

  app.delete('/extractions/sessions/:sessionId', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'deleteSession',
      summary: 'Delete session',
      description: 'Its documents and results go with it.',
      tags: ['Extraction Sessions'],
      params: Type.Object({ sessionId: Uuid('The session.') }),
      response: { 204: Gone, ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async ({ session, namespace: { store } }, reply) => {
    await store.remove([session.id])
    return await reply.code(204).send(undefined)
  })
}

async function presentSession (seed: string, session: Session, now: number): Promise<Static<typeof SessionBody>> {
  const { status, name, updatedAt } = sessionAt(session, now)
  return {
    id: session.id,
    name,
    extraction_template_id: session.template.id,
    settings: { auto_extract: session.autoExtract },
    status,
    created_at: isoOf(session.createdAt),
    updated_at: isoOf(updatedAt),
    documents: session.documents.map(document => presentDocument(session, document, now)),
    results: await Promise.all(resultsAt(session, now).map(result => presentResult(seed, session, result)))
  }
}
