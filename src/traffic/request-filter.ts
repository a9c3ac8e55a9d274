import { Type, type Static } from '@sinclair/typebox'
import type { Exchange } from '../store/journal.ts'
import { matchesWildcard } from '../domain/wildcard.ts'
import { pathOf } from '../http/url.ts'

/** The conditions on a request that faults and filters share. */
export const RequestConditions = Type.Object({
  method: Type.Optional(Type.String({ minLength: 1, maxLength: 16, description: 'HTTP method, case-insensitive.', examples: ['POST'] })),
  path: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 1_024,
    description: 'Path without the query; `*` matches any text.',
    examples: ['/extractions/*']
  })),
  token: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Name of the caller\'s token.' }))
})

/** A filter for the requests of a journal. The same shape in a query, in a body and in process. */
export const RequestFilter = Type.Object({
  ...RequestConditions.properties,
  status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
  fault: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Id of a fault that was applied to them.' })),
  unmatched: Type.Optional(Type.Boolean({ description: 'True: only requests that match no route; false: only those that do.' })),
  after: Type.Optional(Type.Integer({ minimum: 0, description: 'Only requests after the one with this id.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: 'Maximum number of requests; the newest are returned.' }))
}, { additionalProperties: false })

export type RequestFilter = Static<typeof RequestFilter>

/** Returns the matching requests, oldest first. */
export function matching (exchanges: readonly Exchange[], filter: RequestFilter): Exchange[] {
  const { method, path, token, status, fault, unmatched, after = 0, limit = Infinity } = filter
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
