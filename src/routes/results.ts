import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { NamespaceRegistry } from '../namespaces/registry.ts'
import { nextEventAt, resultAt, resultsAt, type ResultState } from '../domain/lifecycle/lifecycle.ts'
import { HttpError, notFound } from '../http/errors.ts'
import { errorResponses, NoContentBody, Ref, TOKEN_ERRORS, UNREAD_BODY_ERRORS } from '../http/schema.ts'
import { resultParams, sessionParams } from '../resources/path-params.ts'
import { presentResult, presentSummary, ResultBody, ResultSummaryBody } from '../resources/result.ts'
import { exportResult, Workbook, WORKBOOK_TYPE } from '../actions/export-results.ts'
import { startRuns } from '../actions/start-runs.ts'

export const resultRoutes: FastifyPluginAsyncTypebox<{ world: NamespaceRegistry }> = async (app, { world }) => {
  app.get('/extractions/sessions/:sessionId/results', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'listResults',
      summary: 'List the results of a session',
      tags: ['Results'],
      params: sessionParams,
      response: {
        200: Type.Object({ data: Type.Array(Ref(ResultSummaryBody)) }, { description: 'The results, oldest first.' }),
        ...errorResponses(...TOKEN_ERRORS, 404)
      }
    }
  }, ({ session, namespace: { clock } }) => {
    const now = clock.observe(session.id, now => nextEventAt(session, now))
    return { data: resultsAt(session, now).map(result => presentSummary(session.id, result)) }
  })

  app.post('/extractions/sessions/:sessionId/results', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'runExtraction',
      summary: 'Run an extraction',
      description: 'Runs the template over the documents of the session; the run is `parsing_pending` until they are parsed.',
      tags: ['Results'],
      params: sessionParams,
      response: { 201: Ref(ResultBody), ...errorResponses(...TOKEN_ERRORS, 404, 400, 413, 415, 422) }
    }
  }, async ({ session, namespace }, reply) => {
    if (session.documents.length === 0) throw new HttpError(422, 'The session has no documents: upload or attach some first.')
    const { store, clock } = namespace
    const template = await store.templates.find(session.template.id)
    const [run] = await startRuns(namespace, world.pace, template ?? session.template, [session])
    const [after = session] = await store.findSessions([session.id])
    reply.code(201)
    return await presentResult(namespace, session.id, resultAt(after, String(run?.id), clock.now()) as ResultState)
  })

  app.get('/extractions/results/:resultId', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'getResult',
      summary: 'Get a result',
      tags: ['Results'],
      params: resultParams,
      response: { 200: Ref(ResultBody), ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async request => await presentResult(request.namespace, request.session.id, observedResult(request)))

  app.delete('/extractions/results/:resultId', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'deleteResult',
      summary: 'Delete a result',
      tags: ['Results'],
      params: resultParams,
      response: { 204: NoContentBody, ...errorResponses(...TOKEN_ERRORS, 404, ...UNREAD_BODY_ERRORS) }
    }
  }, async ({ session, namespace: { clock, store }, params }, reply) => {
    const id = params.resultId.toLowerCase()
    if (resultAt(session, id, clock.now()) === undefined) throw notFound('Result')
    await store.remove([id])
    return await reply.code(204).send(undefined)
  })

  app.get('/extractions/results/:resultId/export/excel', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'exportResult',
      summary: 'Export a result as an Excel workbook',
      description: 'Returns a workbook with the sheets Data, Audit and Metadata.',
      tags: ['Results'],
      params: resultParams,
      response: { 200: Workbook, ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async (request, reply) => {
    const { namespace, session } = request
    const result = observedResult(request)
    const { writeWorkbook } = await import('../spreadsheets/workbook.ts')
    const workbook = await writeWorkbook([await exportResult(namespace, session, result)])
    return await reply.type(WORKBOOK_TYPE).header('content-disposition', 'attachment; filename="extraction_result.xlsx"').send(workbook as never)
  })
}

/** The result that a path names, as a reader sees it. */
function observedResult ({ session, namespace: { clock }, params }: FastifyRequest): ResultState {
  const now = clock.observe(session.id, now => nextEventAt(session, now))
  const result = resultAt(session, (params as { resultId: string }).resultId.toLowerCase(), now)
  if (result === undefined) throw notFound('Result')
  return result
}
