import { Type, type Static } from '@sinclair/typebox'
import type { Exchange } from '../store/journal.ts'
import { matchesWildcard } from '../domain/wildcard.ts'
import { pathOf } from '../http/url.ts'

/** Which requests of a journal are meant. The same in a query, in a body and in process. */
export const RequestFilter = Type.Object({
  method: Type.Optional(Type.String({ minLength: 1, maxLength: 16, description: 'In any case.', examples: ['POST'] })),
  path: Type.Optional(Type.String({ minLength: 1, maxLength: 1_024, description: 'Without the query; * stands for any text.', examples: ['/extractions/*'] })),
  token: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'The name of the caller\'s token.' })),
  status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
  fault: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'The id of a fault that has struck them.' })),
  unmatched: Type.Optional(Type.Boolean({ description: 'Whether they match no route.' })),
  after: Type.Optional(Type.Integer({ minimum: 0, description: 'Only those that came after the request with this id.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: 'Only the last so many.' }))
}, { additionalProperties: false })

export type RequestFilter = Static<typeof RequestFilter>

/** The requests that a filter means, oldest first. */
export function matching (exchanges: readonly Exchange[], { method, path, token, status, fault, unmatched, after = 0, limit = Infinity }: RequestFilter): Exchange[] {
  const found = exchanges.filter(exchange =>
    exchange.id > after &&
    (method === undefined || method.toUpperCase() === exchange.method) &&
    (path === undefined || matchesWildcard(pathOf(exchange.url), path)) &&
    (token === undefined || token === exchange.caller?.name) &&
    (status === undefined || status === exchange.status) &&
    (fault === undefined || fault === exchange.fault) &&
    (unmatched === undefined || unmatched === (exchange.route === undefined)))
  return found.slice(-limit)
}
