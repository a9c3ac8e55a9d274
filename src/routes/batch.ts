import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { addressesOf, batchHeadOf, MAX_BATCH } from '../domain/lifecycle/batch.ts'
import { PENDING_NAME } from '../domain/lifecycle/lifecycle.ts'
import { scripted, scriptFor } from '../domain/lifecycle/outcomes.ts'
import { BODY_ERRORS, errorResponses, FileKey, NoContentBody, Instant, isoOf, Ref, TOKEN_ERRORS, Uuid } from '../http/schema.ts'
import { templateParams } from '../resources/path-params.ts'
import { startRuns } from '../actions/start-runs.ts'
import { SessionsBody, resolveSessions } from '../actions/resolve-sessions.ts'
import { assertUploaded } from '../actions/add-documents.ts'

const BatchCreateBody = Type.Object({
  files: Type.Array(FileKey, {
    minItems: 1,
    maxItems: MAX_BATCH,
    description: 'File keys from signed URL uploads; each creates a session.',
    examples: [['tmp/abc123-invoice.pdf', 'tmp/def456-invoice.pdf']]
  }),
  settings: Type.Optional(Type.Object({
    auto_extract: Type.Optional(Type.Boolean({
      default: false,
      description: 'Start an extraction automatically when the document is parsed.',
      examples: [true]
    }))
  }))
})

export const CreatedSessionBody = Type.Object({
  id: Uuid('session'),
  name: Type.String({ examples: [PENDING_NAME], description: '"Pending..." until parsing begins.' }),
  created_at: Instant
}, { $id: 'CreatedSession', description: 'A session that has just been created.' })

export const batchRoutes: FastifyPluginAsyncTypebox = async app => {
  app.post('/extractions/templates/:templateId/sessions/batch', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'batchCreateSessions',
      summary: 'Batch create sessions',
      description: 'Creates one session per file, all or none.',
      tags: ['Batch Operations'],
      params: templateParams,
      body: BatchCreateBody,
      response: {
        201: Type.Array(Ref(CreatedSessionBody), { description: 'The sessions, in the order of the files.' }),
        ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS)
      }
    }
  }, async ({ template, namespace, now, body: { files, settings } }, reply) => {
    const { name, seed, pace, records, uploadPolicy } = namespace
    const uploads = await records.findUploads(files)
    if (uploadPolicy === 'strict') assertUploaded(files, 'files', uploads)
    const autoExtract = settings?.auto_extract ?? false
    const rules = await namespace.outcomeRules()
    const scripts = scripted(files.map((key, place) => [place, scriptFor(rules, template.id, key, uploads.get(key))]))
    const head = batchHeadOf(seed, name, { template, files, autoExtract })
    const key = await records.addBatch({ head, template, files, uploads, autoExtract, createdAt: now, pace, scripts })

    const at = isoOf(now)
    reply.code(201)
    return addressesOf(key, 'session', files.length).map(id => ({ id, name: PENDING_NAME, created_at: at }))
  })

  app.post('/extractions/templates/:templateId/sessions/batch/execute', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'batchExecuteSessions',
      summary: 'Batch execute sessions',
      description: 'Queues an extraction run for each session, all or none; a session that already has a run gets another.',
      tags: ['Batch Operations'],
      params: templateParams,
      body: SessionsBody,
      response: {
        200: Type.Object({
          message: Type.String({ examples: ['Extractions queued'] }),
          queued_count: Type.Integer({ description: 'Number of runs that were queued.', examples: [1] })
        }, { description: 'The runs are queued.' }),
        ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS)
      }
    }
  }, async ({ template, namespace, now, body }) => {
    const sessions = await resolveSessions(
      body,
      template,
      namespace,
      ({ documents }) => documents.length > 0 ? null : 'has no documents: upload or attach some first.'
    )
    await startRuns(namespace, template, sessions, now)
    return { message: 'Extractions queued', queued_count: sessions.length }
  })

  // Documented in two forms; both are accepted.
  for (const { method, path, operationId } of [
    { method: 'DELETE', path: 'batch', operationId: 'batchDeleteSessions' },
    { method: 'POST', path: 'batch/delete', operationId: 'batchDeleteSessionsByPost' }
  ] as const) {
    app.route({
      method,
      url: `/extractions/templates/:templateId/sessions/${path}`,
      config: { ability: 'sessions-write' },
      schema: {
        operationId,
        summary: 'Batch delete sessions',
        description: 'Deletes the sessions and their results, all or none; their documents stay in the workspace.',
        tags: ['Batch Operations'],
        params: templateParams,
        body: SessionsBody,
        response: { 204: NoContentBody, ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS) }
      },
      async handler ({ template, namespace, body }, reply) {
        const sessions = await resolveSessions(body, template, namespace)
        await namespace.records.remove(sessions.map(({ id }) => id))
        return await reply.code(204).send(undefined)
      }
    })
  }
}
