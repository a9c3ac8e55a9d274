import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Document, Session } from '../domain/records.ts'
import { nextEventAt, filenameOf, RESULT_STATUSES, resultAt, resultsAt, type ResultState } from '../domain/lifecycle.ts'
import { configHashOf } from '../domain/fingerprint.ts'
import { contentOf } from '../domain/content.ts'
import { extract, titleOf, type AuditEntry } from '../domain/extraction.ts'
import type { World } from '../world.ts'
import { askForRuns } from './running.ts'
import { notFound } from '../http/errors.ts'
import { Enum, errorResponses, Gone, Instant, isoOf, Nullable, Ref, TOKEN_ERRORS, Uuid } from '../http/wire.ts'

const summary = {
  id: Uuid('The result.'),
  extraction_session_id: Uuid('The session that the run belongs to.'),
  status: Enum(RESULT_STATUSES, 'How far the run has come; completed and failed are final.'),
  config_hash: Type.String({ description: 'Fingerprint of the configuration, 64 hexadecimal digits.' }),
  title: Nullable(Type.String(), 'Null until the run has completed.'),
  error: Type.Optional(Type.String({ description: 'Why the run failed; only on a failed result.' })),
  created_at: Instant,
  completed_at: Nullable(Instant, 'When the run completed or failed; null until then.')
}

export const ResultSummaryBody = Type.Object(summary, { $id: 'ResultSummary', description: 'A result without its values.' })

export const DocumentRefBody = Type.Object({
  kind: Enum(['documentRef'], 'What kind of reference this is.'),
  documentId: Uuid('The document.'),
  workspaceId: Type.Integer(),
  filename: Type.String(),
  mime: Type.String(),
  size: Type.Integer({ description: 'Bytes.' }),
  sha256: Type.String({ minLength: 64, maxLength: 64 }),
  source: Type.Object({ type: Type.String({ examples: ['upload'] }), url: Nullable(Type.String(), 'Where it was fetched from.') }),
  createdAt: Instant
}, { $id: 'DocumentRef', description: 'A document as it was when the run was made.' })

export const ResultBody = Type.Object({
  ...summary,
  document_refs: Type.Array(Ref(DocumentRefBody)),
  data: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()), {
    description: 'The values, by group and field; empty until the run has completed.'
  }),
  audit_data: Type.Record(Type.String(), Type.Record(Type.String(), Type.Object({
    reasoning: Type.String(),
    sources: Type.Array(Type.Object({
      chunk_id: Uuid('The chunk of the document.'),
      text: Type.String(),
      page: Type.Integer({ minimum: 1 })
    }))
  })), { description: 'Where each value comes from; empty until the run has completed.' }),
  updated_at: Instant
}, { $id: 'Result', description: 'One run of an extraction over the documents of a session.' })

export const resultRoutes: FastifyPluginAsyncTypebox<{ world: World }> = async (app, { world }) => {
  app.get('/extractions/sessions/:sessionId/results', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'listResults',
      summary: 'List the results of a session, oldest first',
      tags: ['Results'],
      params: Type.Object({ sessionId: Uuid('The session.') }),
      response: {
        200: Type.Object({ data: Type.Array(Ref(ResultSummaryBody)) }, { description: 'The results that exist by now.' }),
        ...errorResponses(...TOKEN_ERRORS, 404)
      }
    }
  }, ({ session, namespace: { clock } }) => {
    const now = clock.observe(session.id, now => nextEventAt(session, now))
    return { data: resultsAt(session, now).map(result => presentSummary(session, result)) }
  })

  app.post('/extractions/sessions/:sessionId/results', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'runExtraction',
      summary: 'Run an extraction over the documents of a session',
      description: 'A body is not looked at. While documents are still being parsed the run waits for them, as `parsing_pending`.',
      tags: ['Results'],
      params: Type.Object({ sessionId: Uuid('The session.') }),
      response: { 201: Ref(ResultBody), ...errorResponses(...TOKEN_ERRORS, 404, 400, 413, 415) }
    }
  }, async ({ session: { id, template }, session, namespace }, reply) => {
    const { store, clock, seed } = namespace
    const [run] = await askForRuns(namespace, world.pace, template, [session])
    const [after = session] = await store.findSessions([id])
    reply.code(201)
    return await presentResult(seed, after, resultAt(after, String(run?.id), clock.now()) as ResultState)
  })

  app.get('/extractions/results/:resultId', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'getResult',
      summary: 'Get result',
      tags: ['Results'],
      params: Type.Object({ resultId: Uuid('The result.') }),
      response: { 200: Ref(ResultBody), ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async ({ session, namespace: { clock, seed }, params }) => {
    const now = clock.observe(session.id, now => nextEventAt(session, now))
    const result = resultAt(session, params.resultId.toLowerCase(), now)
    if (result === undefined) throw notFound('Result')
    return await presentResult(seed, session, result)
  })

  app.delete('/extractions/results/:resultId', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'deleteResult',
      summary: 'Delete result',
      tags: ['Results'],
      params: Type.Object({ resultId: Uuid('The result.') }),
      response: { 204: Gone, ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async ({ session, namespace: { clock, store }, params }, reply) => {
    const id = params.resultId.toLowerCase()
    if (resultAt(session, id, clock.now()) === undefined) throw notFound('Result')
    await store.remove([id])
    return await reply.code(204).send(undefined)
  })
}

function presentSummary (session: Session, result: ResultState): Static<typeof ResultSummaryBody> {
  return {
    id: result.id,
    extraction_session_id: session.id,
    status: result.status,
    config_hash: configHashOf(result.template),
    title: result.status === 'completed' ? result.fixture?.title ?? titleOf(result.template, session.documents) : null,
    ...result.failure === null ? {} : { error: result.failure },
    created_at: isoOf(result.createdAt),
    completed_at: result.completedAt === null ? null : isoOf(result.completedAt)
  }
}

/** A result with its values; the seed decides what they are. */
export async function presentResult (seed: string, session: Session, result: ResultState): Promise<Static<typeof ResultBody>> {
  const { data, audit_data: auditData } = result.status === 'completed'
    ? await presentFindings(seed, session, result)
    : { data: {}, audit_data: {} }
  return {
    ...presentSummary(session, result),
    document_refs: session.documents.map(presentDocumentRef),
    data,
    audit_data: auditData,
    updated_at: isoOf(result.updatedAt)
  }
}

async function presentFindings (seed: string, session: Session, { template, fixture }: ResultState): Promise<Pick<Static<typeof ResultBody>, 'data' | 'audit_data'>> {
  const { data, audit } = await extract(seed, template, session.documents, fixture?.data)
  const found = Object.entries(audit).map(([group, fields]) => [
    group,
    Object.fromEntries(Object.entries(fields).map(([field, entry]) => [field, presentAuditEntry(entry)]))
  ])
  return { data, audit_data: fixture?.auditData ?? Object.fromEntries(found) }
}

function presentAuditEntry ({ reasoning, sources }: AuditEntry): Static<typeof ResultBody>['audit_data'][string][string] {
  return { reasoning, sources: sources.map(({ chunkId, text, page }) => ({ chunk_id: chunkId, text, page })) }
}

function presentDocumentRef (document: Document): Static<typeof DocumentRefBody> {
  const { mime, size, sha256 } = contentOf(document)
  return {
    kind: 'documentRef',
    documentId: document.id,
    workspaceId: document.workspaceId,
    filename: filenameOf(document),
    mime,
    size,
    sha256,
    source: { type: 'upload', url: null },
    createdAt: isoOf(document.createdAt)
  }
}
