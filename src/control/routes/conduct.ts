import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { junitOf } from '../../conduct/junit.ts'
import { Enum } from '../../http/schema.ts'
import { ConductBody } from '../conduct.ts'
import { namespaceParams, problems } from '../schema.ts'

const ConductQuery = Type.Object({
  format: Type.Optional(Enum(['json', 'junit'], 'junit for test reports: a test case for each check.'))
}, { additionalProperties: false })

export const conductRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.get('/_mock/namespaces/:namespace/conduct', {
    schema: {
      operationId: 'reportConduct',
      summary: 'Get the conduct report',
      description: 'Checks what the client under test sent, by the last 1,000 requests of the journal.',
      tags: ['Journal'],
      params: namespaceParams,
      querystring: ConductQuery,
      response: {
        200: {
          description: 'The violations; none for a client that behaves well.',
          content: { 'application/json': { schema: ConductBody }, 'application/xml': { schema: Type.String() } }
        },
        ...problems(404, 422)
      }
    }
  }, async ({ params: { namespace }, query: { format } }, reply) => {
    const report = await control.namespace(namespace).conduct()
    if (format === 'junit') return await reply.type('application/xml; charset=utf-8').send(junitOf(report, namespace) as never)
    return report
  })
}
