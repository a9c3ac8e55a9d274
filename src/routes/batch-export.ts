import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ExportedResult } from '../spreadsheets/exported-result.ts'
import type { Session } from '../domain/lifecycle/records.ts'
import type { Extractor } from '../actions/extract-values.ts'
import { resultsAt, sessionAt } from '../domain/lifecycle/lifecycle.ts'
import { HttpError } from '../http/errors.ts'
import { BODY_ERRORS, Enum, errorResponses, TOKEN_ERRORS, Uuid } from '../http/schema.ts'
import { templateParams } from '../resources/path-params.ts'
import { EXAMPLE_DATA } from '../resources/result.ts'
import { exportResult, WORKBOOK_TYPE } from '../actions/export-results.ts'
import { SessionsBody, resolveSessions } from '../actions/resolve-sessions.ts'

const FORMATS = ['json', 'csv', 'excel'] as const

type Format = typeof FORMATS[number]

const ExportBody = Type.Array(Type.Object({
  session_id: Uuid('session'),
  session_name: Type.String({ examples: ['invoice.pdf'] }),
  data: Type.Record(Type.String(), Type.Unknown(), {
    description: 'Values of the last completed run; empty if there is none.',
    examples: [EXAMPLE_DATA]
  })
}))

const RESPONSES = {
  200: {
    description: 'The values of the sessions, in the order of the request.',
    content: {
      'application/json': { schema: ExportBody },
      'text/csv': { schema: Type.String() },
      [WORKBOOK_TYPE]: { schema: Type.String() }
    }
  },
  ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS)
}

export interface BatchExportOptions {
  readonly extractor: Extractor
}

/** The values of the sessions of a template, in one file. Documented in two forms; both are accepted. */
export const batchExportRoutes: FastifyPluginAsyncTypebox<BatchExportOptions> = async (app, { extractor }) => {
  app.post('/extractions/templates/:templateId/sessions/batch/export', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'batchExportSessions',
      summary: 'Batch export sessions',
      description: 'Exports the values of the last completed run of each session.',
      tags: ['Batch Operations'],
      params: templateParams,
      body: Type.Object({
        ...SessionsBody.properties,
        format: Type.Optional({ ...Enum(FORMATS, 'Format of the export.'), default: 'json' })
      }),
      response: RESPONSES
    }
  }, async (request, reply) => {
    return await sendExport(
      request,
      reply,
      request.body.format ?? 'json',
      await resolveSessions(request.body, request.template, request.namespace)
    )
  })

  app.post('/extractions/templates/:templateId/sessions/batch/export/:format', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'batchExportSessionsTo',
      summary: 'Batch export sessions to a format',
      description: 'Exports the values of the last completed run of each session.',
      tags: ['Batch Operations'],
      params: Type.Object({ ...templateParams.properties, format: Enum(FORMATS, 'Format of the export.') }),
      body: SessionsBody,
      response: RESPONSES
    },
    async onRequest ({ params: { format } }) {
      if (!FORMATS.includes(format)) throw new HttpError(404, `Format not found: send ${FORMATS.join(', ')}.`)
    }
  }, async (request, reply) => {
    return await sendExport(request, reply, request.params.format, await resolveSessions(request.body, request.template, request.namespace))
  })

  async function sendExport (
    { namespace: { seed }, now }: FastifyRequest,
    reply: FastifyReply,
    format: Format,
    sessions: readonly Session[]
  ): Promise<FastifyReply> {
    const lastResults = await Promise.all(sessions.map(async session => await lastCompleted(seed, session, now)))
    const results = lastResults.filter(result => result !== undefined)
    if (format === 'json') {
      const dataOf = new Map(results.map(({ sessionId, data }) => [sessionId, data]))
      return await reply.send(sessions.map(session => ({
        session_id: session.id,
        session_name: sessionAt(session, now).name,
        data: dataOf.get(session.id) ?? {}
      })))
    }
    if (format === 'csv') {
      const { writeCsv } = await import('../spreadsheets/csv.ts')
      return await reply.type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="extraction_results.csv"')
        .send(await writeCsv(results))
    }
    const { writeWorkbook } = await import('../spreadsheets/workbook.ts')
    return await reply.type(WORKBOOK_TYPE)
      .header('content-disposition', 'attachment; filename="extraction_results.xlsx"')
      .send(await writeWorkbook(results))
  }

  async function lastCompleted (seed: string, session: Session, now: number): Promise<ExportedResult | undefined> {
    const result = resultsAt(session, now).findLast(({ status }) => status === 'completed')
    return result === undefined ? undefined : exportResult(session, await extractor.extractResult(seed, result), now)
  }
}
