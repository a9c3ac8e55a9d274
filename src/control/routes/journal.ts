import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { RequestFilter } from '../../traffic/request-filter.ts'
import { RequestBody } from '../journal.ts'
import { List, listOf, namespaceParams, NoContent, problems } from '../schema.ts'

export const journalRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  const url = '/_mock/namespaces/:namespace/requests'

  app.get(url, {
    schema: {
      operationId: 'listRequests',
      summary: 'List requests',
      description: 'The last 1,000 requests to a namespace, those that were refused or match no route included.',
      tags: ['Journal'],
      params: namespaceParams,
      querystring: RequestFilter,
      response: { 200: List(RequestBody, 'Oldest first.'), ...problems(404, 422) }
    }
  }, async ({ params: { namespace }, query }) => listOf(await control.namespace(namespace).journal.list(query)))

  app.post(`${url}/count`, {
    schema: {
      operationId: 'countRequests',
      summary: 'Count requests',
      tags: ['Journal'],
      params: namespaceParams,
      body: RequestFilter,
      response: {
        200: Type.Object({ count: Type.Integer() }, { description: 'The number of matching requests.' }),
        ...problems(404, 415, 422)
      }
    }
  }, async ({ params: { namespace }, body }) => ({ count: await control.namespace(namespace).journal.count(body) }))

  app.delete(url, {
    schema: {
      operationId: 'clearRequests',
      summary: 'Clear the journal',
      tags: ['Journal'],
      params: namespaceParams,
      response: { 204: NoContent('The journal is empty.'), ...problems(404) }
    }
  }, async ({ params: { namespace } }, reply) => {
    await control.namespace(namespace).journal.clear()
    return await reply.code(204).send(undefined)
  })
}
