import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Extractor } from '../actions/extract-values.ts'
import { known } from '../domain/known.ts'
import { resultAt, resultsAt, type ResultState } from '../domain/lifecycle/lifecycle.ts'
import { HttpError, notFound } from '../http/errors.ts'
import { errorResponses, NoContentBody, Ref, TOKEN_ERRORS, UNREAD_BODY_ERRORS } from '../http/schema.ts'
import { resultParams, sessionParams } from '../resources/path-params.ts'
import { presentResult, ResultBody } from '../resources/result.ts'
import { exportResult, Workbook, WORKBOOK_TYPE } from '../actions/export-results.ts'
import { pollSession } from '../actions/poll-instant.ts'
import { startRuns } from '../actions/start-runs.ts'

export interface ResultOptions {
  readonly extractor: Extractor
}

export const resultRoutes: FastifyPluginAsyncTypebox<ResultOptions> = async (app, { extractor }) => {
  app.get('/extractions/sessions/:sessionId/results', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'listResults',
      summary: 'List the results of a session',
      tags: ['Results'],
      params: sessionParams,
      response: {
        200: Type.Object({ data: Type.Array(Ref(ResultBody)) }, { description: 'The results, oldest first.' }),
        ...errorResponses(...TOKEN_ERRORS, 404)
      }
    }
  }, async request => {
    const { session } = request
    const now = await pollSession(request, session)
    const { namespace: { seed } } = request
    const results = await Promise.all(resultsAt(session, now).map(async result => await extractor.extractResult(seed, result)))
    return { data: results.map(result => presentResult(session.id, result)) }
  })

  app.post('/extractions/sessions/:sessionId/results', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'runExtraction',
      summary: 'Run an extraction',
      description: 'Runs the template over the documents of the session; the run is `parsing_pending` until they are parsed.',
      tags: ['Results'],
      params: sessionParams,
      response: { 201: Ref(ResultBody), ...errorResponses(...TOKEN_ERRORS, 404, ...UNREAD_BODY_ERRORS, 422) }
    }
  }, async ({ session, namespace, now }, reply) => {
    if (session.documents.length === 0) throw new HttpError(422, 'The session has no documents: upload or attach some first.')
    const { records, seed } = namespace
    const template = await records.templates.find(session.template.id)
    const [run] = await startRuns(namespace, template ?? session.template, [session], now)
    const [after = session] = await records.findSessions([session.id])
    const result = known(resultAt(after, known(run, 'one run was started').id, now), 'a run that was started exists')
    reply.code(201)
    return presentResult(session.id, await extractor.extractResult(seed, result))
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
  }, async request => {
    const { result } = await polledResult(request)
    return presentResult(request.session.id, await extractor.extractResult(request.namespace.seed, result))
  })

  app.delete('/extractions/results/:resultId', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'deleteResult',
      summary: 'Delete a result',
      tags: ['Results'],
      params: resultParams,
      response: { 204: NoContentBody, ...errorResponses(...TOKEN_ERRORS, 404, ...UNREAD_BODY_ERRORS) }
    }
  }, async ({ session, namespace: { records }, now, params }, reply) => {
    const id = params.resultId.toLowerCase()
    if (resultAt(session, id, now) === undefined) throw notFound('Result')
    await records.remove([id])
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
    const { namespace: { seed }, session } = request
    const { result, now } = await polledResult(request)
    const { writeWorkbook } = await import('../spreadsheets/workbook.ts')
    const workbook = await writeWorkbook([exportResult(session, await extractor.extractResult(seed, result), now)])
    return await reply.type(WORKBOOK_TYPE)
      .header('content-disposition', 'attachment; filename="extraction_result.xlsx"')
      .send(workbook as never)
  })
}

/** Returns the result that the path names, and the instant at which the client sees it. */
async function polledResult (request: FastifyRequest): Promise<{ result: ResultState, now: number }> {
  const now = await pollSession(request, request.session)
  const result = resultAt(request.session, (request.params as { resultId: string }).resultId.toLowerCase(), now)
  if (result === undefined) throw notFound('Result')
  return { result, now }
}
