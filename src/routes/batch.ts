import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Session, Template } from '../domain/records.ts'
import type { Namespace } from '../namespace.ts'
import type { World } from '../world.ts'
import { addressesOf, batchHeadOf, MAX_BATCH } from '../domain/batch.ts'
import { MAX_FILE_KEY_LENGTH } from '../domain/file-key.ts'
import { PENDING_NAME } from '../domain/lifecycle.ts'
import { scripted } from '../domain/outcomes.ts'
import { unprocessable } from '../http/errors.ts'
import { askForRuns } from './running.ts'
import { BODY_ERRORS, errorResponses, Gone, Instant, isoOf, Ref, TOKEN_ERRORS, Uuid } from '../http/wire.ts'

const BatchCreateBody = Type.Object({
  files: Type.Array(Type.String({
    format: 'file-key',
    maxLength: MAX_FILE_KEY_LENGTH,
    description: '`tmp/` and a name, without `..` or control characters.',
    examples: ['tmp/abc123-invoice.pdf']
  }), {
    minItems: 1,
    maxItems: MAX_BATCH,
    description: 'File keys from signed URL uploads; each makes a session.',
    examples: [['tmp/abc123-invoice.pdf', 'tmp/def456-invoice.pdf']]
  }),
  settings: Type.Optional(Type.Object({
    auto_extract: Type.Optional(Type.Boolean({
      default: false,
      description: 'Start an extraction by itself when the document is parsed.'
    }))
  }))
})

export const CreatedSessionBody = Type.Object({
  id: Uuid('The session.'),
  name: Type.String({ examples: [PENDING_NAME], description: '"Pending..." until parsing begins.' }),
  created_at: Instant
}, { $id: 'CreatedSession', description: 'A session that has just been created.' })

const SessionsBody = Type.Object({
  session_ids: Type.Array(Uuid('A session of the template.'), { minItems: 1, maxItems: MAX_BATCH, description: 'Sessions of the template.' })
})

const params = Type.Object({ templateId: Uuid('The template.') })

export const batchRoutes: FastifyPluginAsyncTypebox<{ world: World }> = async (app, { world }) => {
  app.post('/extractions/templates/:templateId/sessions/batch', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'batchCreateSessions',
      summary: 'Batch create sessions',
      description: 'Creates one session per uploaded file, all or none.',
      tags: ['Batch Operations'],
      params,
      body: BatchCreateBody,
      response: {
        201: Type.Array(Ref(CreatedSessionBody), { description: 'The sessions, in the order of the files.' }),
        ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS)
      }
    }
  }, async ({ template, namespace: { name, seed, clock, store, outcomes }, body: { files, settings } }, reply) => {
    const uploads = await store.findUploads(files)
    if (world.uploads === 'strict') {
      refuse(files, 'files', key => uploads.has(key) ? null : 'was not uploaded: PUT it to a signed URL first, and send the key that came with it.')
    }
    const autoExtract = settings?.auto_extract ?? false
    const head = batchHeadOf(seed, name, { template, files, autoExtract })
    const createdAt = clock.now()
    const scripts = scripted(files.map((key, place) => [place, outcomes.scriptFor(template, key, uploads.get(key))]))
    const occurrence = await store.addBatch({ head, template, files, uploads, autoExtract, createdAt, pace: world.pace, scripts })

    const at = isoOf(createdAt)
    reply.code(201)
    return addressesOf(head, occurrence, 'session', files.length).map(id => ({ id, name: PENDING_NAME, created_at: at }))
  })

  app.post('/extractions/templates/:templateId/sessions/batch/execute', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'batchExecuteSessions',
      summary: 'Batch execute sessions',
      description: 'Asks for an extraction run on each of the sessions, all or none. A session that already has a run gets another.',
      tags: ['Batch Operations'],
      params,
      body: SessionsBody,
      response: {
        200: Type.Object({
          message: Type.String({ examples: ['Extractions queued'] }),
          queued_count: Type.Integer({ description: 'How many runs were asked for.' })
        }, { description: 'The runs are queued.' }),
        ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS)
      }
    }
  }, async ({ template, namespace, body }) => {
    const sessions = await sessionsNamedBy(body, template, namespace)
    await askForRuns(namespace, world.pace, template, sessions)
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
        description: 'Deletes the sessions with their documents and results, all or none.',
        tags: ['Batch Operations'],
        params,
        body: SessionsBody,
        response: { 204: Gone, ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS) }
      },
      async handler ({ template, namespace, body }, reply) {
        const sessions = await sessionsNamedBy(body, template, namespace)
        await namespace.store.remove(sessions.map(({ id }) => id))
        return await reply.code(204).send(undefined)
      }
    })
  }
}

/** The sessions of a template that a body names, each once; throws a 422 where it names others. */
async function sessionsNamedBy ({ session_ids: sessionIds }: Static<typeof SessionsBody>, template: Template, { store }: Namespace): Promise<Session[]> {
  const ids = sessionIds.map(id => id.toLowerCase())
  const found = await store.findSessions(ids)
  refuse(ids, 'session_ids', (_, index) => found[index]?.template.id === template.id ? null : 'is invalid: send the id of a session of this template.')
  return [...new Map(found.filter(session => session !== undefined).map(session => [session.id, session])).values()]
}

/** Throws a 422 that names every item of the list for which `faultOf` finds one. */
function refuse (items: readonly string[], field: string, faultOf: (item: string, index: number) => string | null): void {
  const errors = items.flatMap((item, index): Array<[string, string[]]> => {
    const fault = faultOf(item, index)
    return fault === null ? [] : [[`${field}.${index}`, [`The selected ${field}.${index} ${fault}`]]]
  })
  if (errors.length > 0) throw unprocessable(Object.fromEntries(errors))
}
