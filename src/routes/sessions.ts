import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Session } from '../domain/lifecycle/records.ts'
import type { Extractor } from '../actions/extract-values.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import { findDocuments } from '../actions/find-documents.ts'
import { pollSession } from '../actions/poll-instant.ts'
import { known } from '../domain/known.ts'
import { resultsAt } from '../domain/lifecycle/lifecycle.ts'
import { requireRole, roleIn } from '../http/roles.ts'
import { unprocessable } from '../http/errors.ts'
import { annotated, BODY_ERRORS, errorResponses, NoContentBody, Name, Ref, TOKEN_ERRORS, UNREAD_BODY_ERRORS, Uuid } from '../http/schema.ts'
import { sessionParams } from '../resources/path-params.ts'
import { presentSession, SessionBody } from '../resources/session.ts'
import { newId } from '../actions/new-id.ts'

const DEFAULT_NAME = 'New session'

export interface SessionOptions {
  readonly extractor: Extractor
}

export const sessionRoutes: FastifyPluginAsyncTypebox<SessionOptions> = async (app, { extractor }) => {
  async function show (namespace: Namespace, session: Session, now: number): Promise<Static<typeof SessionBody>> {
    const documents = await findDocuments(namespace, session.documents.map(({ id }) => id))
    const results = await Promise.all(resultsAt(session, now).map(async result => await extractor.extractResult(namespace.seed, result)))
    return presentSession(session, { documents, results }, now)
  }

  app.post('/extractions/sessions', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'createSession',
      summary: 'Create a session',
      description: 'Creates a session without documents; upload or attach some, then run an extraction.',
      tags: ['Extraction Sessions'],
      body: Type.Object({
        extraction_template_id: Uuid('template', 'The template of the session.'),
        name: Type.Optional(annotated(
          Name,
          { description: `Name of the session; by default "${DEFAULT_NAME}".`, examples: ['March batch'] }
        ))
      }),
      response: { 201: Ref(SessionBody), ...errorResponses(...TOKEN_ERRORS, ...BODY_ERRORS) }
    }
  }, async (request, reply) => {
    const { namespace, now, body: { extraction_template_id: templateId, name = DEFAULT_NAME } } = request
    const { records } = namespace
    const template = await records.templates.find(templateId.toLowerCase())
    const role = template === undefined ? undefined : await roleIn(request, template.workspaceId)
    if (template === undefined || role === undefined) {
      throw unprocessable({
        extraction_template_id: ['The selected extraction_template_id is invalid: send the id of a template in one of your workspaces.']
      })
    }
    requireRole(request, role)
    const id = await newId(namespace, 'session', template.id, name)
    await records.addSession({ id, templateId: template.id, name, createdAt: now })
    const [session] = await records.findSessions([id])
    reply.code(201)
    return await show(namespace, known(session, 'the session was added'), now)
  })

  app.get('/extractions/sessions/:sessionId', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'getSession',
      summary: 'Get a session',
      tags: ['Extraction Sessions'],
      params: sessionParams,
      response: { 200: Ref(SessionBody), ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async request => await show(request.namespace, request.session, await pollSession(request, request.session)))

  app.put('/extractions/sessions/:sessionId', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'updateSession',
      summary: 'Rename a session',
      tags: ['Extraction Sessions'],
      params: sessionParams,
      body: Type.Object({ name: Type.Optional(Name) }),
      response: { 200: Ref(SessionBody), ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS) }
    }
  }, async ({ session, namespace, now, body: { name } }) => {
    const { records } = namespace
    if (name !== undefined) await records.renameSession(session.id, name, now)
    const [after = session] = await records.findSessions([session.id])
    return await show(namespace, after, now)
  })

  app.delete('/extractions/sessions/:sessionId', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'deleteSession',
      summary: 'Delete a session',
      description: 'Deletes the session and its results; its documents stay in the workspace.',
      tags: ['Extraction Sessions'],
      params: sessionParams,
      response: { 204: NoContentBody, ...errorResponses(...TOKEN_ERRORS, 404, ...UNREAD_BODY_ERRORS) }
    }
  }, async ({ session, namespace: { records } }, reply) => {
    await records.remove([session.id])
    return await reply.code(204).send(undefined)
  })
}
