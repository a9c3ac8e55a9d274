import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import type { Exchange } from '../../traffic/journal.ts'
import { RequestFilter } from '../../traffic/request-filter.ts'
import { Nullable } from '../../http/schema.ts'
import { ControlInstant, List, namespaceParams, NoContent, presentInstant, problems } from '../schema.ts'

export const RequestBody = Type.Object({
  id: Type.Integer({ description: 'Counts from 1, in the order of arrival.' }),
  method: Type.String(),
  url: Type.String({ description: 'Path and query; *** stands for what is secret, there and in the headers.' }),
  route: Nullable(Type.String(), 'The pattern that the path matches; null for none.'),
  did_you_mean: Nullable(Type.String(), 'The nearest route, where the request matches none.'),
  headers: Type.Record(Type.String(), Type.Unknown()),
  body: Nullable(Type.String(), 'The text of a JSON body, 8,192 characters of it at most; null for others and none.'),
  body_cut: Type.Boolean({ description: 'The body was longer.' }),
  token: Nullable(Type.String(), 'The name of the caller\'s token.'),
  at: ControlInstant,
  status: Nullable(Type.Integer(), 'Null until it is answered, and for ever if the connection was dropped.'),
  answered_at: Nullable(ControlInstant, 'Null until it is answered.'),
  error: Nullable(Type.String(), 'The body of the answer, where that is an error.'),
  fault: Nullable(Type.String(), 'The id of the fault that has struck it, or prefer.')
})

/** What clients have sent. */
export const requestRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  const url = '/_mock/namespaces/:namespace/requests'

  app.get(url, {
    schema: {
      operationId: 'listRequests',
      summary: 'What clients have sent',
      description: 'The last 1,000 requests to a namespace, those that were refused or match no route included.',
      tags: ['Journal'],
      params: namespaceParams,
      querystring: RequestFilter,
      response: { 200: List(RequestBody, 'Oldest first.'), ...problems(404, 422) }
    }
  }, async ({ params: { namespace }, query }) => {
    const data = control.requests(namespace, query).map(exchange => presentRequest(control, exchange))
    return { data, total: data.length }
  })

  app.post(`${url}/count`, {
    schema: {
      operationId: 'countRequests',
      summary: 'How many requests are as described',
      tags: ['Journal'],
      params: namespaceParams,
      body: RequestFilter,
      response: { 200: Type.Object({ count: Type.Integer() }, { description: 'So many.' }), ...problems(404, 415, 422) }
    }
  }, async ({ params: { namespace }, body }) => ({ count: control.requests(namespace, body).length }))

  app.delete(url, {
    schema: {
      operationId: 'clearRequests',
      summary: 'Forget what clients have sent',
      tags: ['Journal'],
      params: namespaceParams,
      response: { 204: NoContent('The journal is empty.'), ...problems(404) }
    }
  }, async ({ params: { namespace } }, reply) => {
    control.find(namespace).journal.clear()
    return await reply.code(204).send(undefined)
  })
}

/** A request as it may be shown: without what is secret, and without what no second run would repeat. */
export function presentRequest (control: Control, exchange: Exchange): Static<typeof RequestBody> {
  const { id, method, url, route = null, headers, body, bodyCut, caller, at, status, answeredAt, error, fault } = exchange
  return {
    id,
    method,
    url: url.replaceAll(SECRET_PARAMETER, '$1***'),
    route,
    did_you_mean: control.meantBy(exchange),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, SECRET_HEADER.test(name) ? '***' : value])),
    body,
    body_cut: bodyCut,
    token: caller?.name ?? null,
    at: presentInstant(at),
    status,
    answered_at: answeredAt === null ? null : presentInstant(answeredAt),
    error,
    fault
  }
}

const SECRET_PARAMETER = /([?&][^=&]*(?:signature|token|secret|key)[^=&]*=)[^&]*/gi
const SECRET_HEADER = /authorization|cookie|token|secret|api-key/i
