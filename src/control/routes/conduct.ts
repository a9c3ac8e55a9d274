import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { ConductReport } from '../../conduct/report.ts'
import type { Control } from '../control.ts'
import { junitOf } from '../../conduct/junit.ts'
import { CLIENT_CHECKS } from '../../conduct/checks.ts'
import { pathOf } from '../../http/framework.ts'
import { Enum } from '../../http/schema.ts'
import { ControlInstant, namespaceParams, presentInstant, problems } from '../schema.ts'

const Severity = Enum(['error', 'warning'], 'An error breaks something, or will; a warning is a thing to think about.')

export const ConductBody = Type.Object({
  findings: Type.Array(Type.Object({
    rule: Type.String(),
    severity: Severity,
    request: Type.Integer({ description: 'The id of the request in the journal; of several that are alike the first.' }),
    method: Type.String(),
    path: Type.String(),
    at: ControlInstant,
    message: Type.String(),
    related: Type.Array(Type.Integer(), { description: 'The ids of the other requests that it is about.' })
  }), { description: 'In the order of the requests.' }),
  summary: Type.Object({
    errors: Type.Integer(),
    warnings: Type.Integer(),
    requests: Type.Integer({ description: 'How many requests were looked at.' })
  }),
  rules: Type.Array(Type.Object({ rule: Type.String(), severity: Severity, description: Type.String() }))
}, { description: 'What the client under test did wrong.' })

/** What clients did wrong. */
export const conductRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.get('/_mock/namespaces/:namespace/conduct', {
    schema: {
      operationId: 'reportConduct',
      summary: 'What the client under test did wrong',
      description: 'Judged by the journal, and so by the last 1,000 requests.',
      tags: ['Journal'],
      params: namespaceParams,
      querystring: Type.Object({ format: Type.Optional(Enum(['json', 'junit'], 'JUnit for test reports: a test case for each rule.')) }, { additionalProperties: false }),
      response: {
        200: {
          description: 'What is to be said; nothing of a client that behaves well.',
          content: { 'application/json': { schema: ConductBody }, 'application/xml': { schema: Type.String() } }
        },
        ...problems(404, 422)
      }
    }
  }, async ({ params: { namespace }, query: { format } }, reply) => {
    const report = await control.conduct(namespace)
    if (format === 'junit') return await reply.type('application/xml; charset=utf-8').send(junitOf(report, namespace) as never)
    return presentConduct(report)
  })
}

export function presentConduct ({ findings, requests }: ConductReport): Static<typeof ConductBody> {
  return {
    findings: findings.map(({ rule, severity, request: { id, method, url, at }, message, related }) => ({
      rule, severity, request: id, method, path: pathOf(url), at: presentInstant(at), message, related: [...related]
    })),
    summary: {
      errors: findings.filter(({ severity }) => severity === 'error').length,
      warnings: findings.filter(({ severity }) => severity === 'warning').length,
      requests
    },
    rules: CLIENT_CHECKS.map(({ id, severity, description }) => ({ rule: id, severity, description }))
  }
}
