import { Type, type Static } from '@sinclair/typebox'
import type { RouteTable } from '../http/route-table.ts'
import type { Exchange } from '../store/journal.ts'
import type { NamespaceAccess } from './access.ts'
import { Nullable } from '../http/schema.ts'
import { pathOf } from '../http/url.ts'
import { checked } from '../http/validation.ts'
import { matching, RequestFilter } from '../traffic/request-filter.ts'
import { ControlInstant, presentInstant } from './schema.ts'

export const RequestBody = Type.Object({
  id: Type.Integer({ description: 'Counts from 1, in the order of arrival.' }),
  method: Type.String(),
  path: Type.String({ description: 'The path without the query.', examples: ['/extractions/sessions'] }),
  query: Nullable(Type.String(), 'The query without the question mark; *** stands for a secret, here and in the headers.'),
  route: Nullable(Type.String(), 'The pattern that the path matches; null for none.'),
  did_you_mean: Nullable(Type.String(), 'The nearest route, where the request matches none.'),
  headers: Type.Record(Type.String(), Type.Unknown()),
  body: Nullable(Type.String(), 'The first 8,192 characters of a JSON body; null for other bodies and for none.'),
  body_cut: Type.Boolean({ description: 'Whether the body was longer.' }),
  token: Nullable(Type.String(), 'The name of the caller\'s token.'),
  at: ControlInstant,
  status: Nullable(Type.Integer(), 'Null until the request is answered, and for ever if the connection was dropped.'),
  answered_at: Nullable(ControlInstant, 'Null until the request is answered.'),
  error: Nullable(Type.String(), 'The first 8,192 characters of the body of the answer, if it is an error.'),
  fault: Nullable(Type.String(), 'The id of the fault that was injected, or prefer.'),
  missing_abilities: Type.Array(Type.String(), { description: 'The abilities for whose lack the request was refused.' })
})

export type RequestBody = Static<typeof RequestBody>

/**
 * The journal of a namespace: the last 1,000 requests, those that were refused or match no route included; fewer when the
 * journals of all namespaces together would take more than 64 MiB.
 */
export interface JournalControl {
  /** Returns the requests that match a filter, oldest first. */
  list (filter?: RequestFilter): Promise<RequestBody[]>
  /** Returns the number of requests that match a filter. */
  count (filter?: RequestFilter): Promise<number>
  clear (): Promise<void>
}

export function createJournalControl ({ find }: NamespaceAccess, routeTable: RouteTable): JournalControl {
  async function matchingRequests (filter: RequestFilter): Promise<Exchange[]> {
    return matching(await (await find()).journal.exchanges(), checked(RequestFilter, filter))
  }

  return {
    list: async (filter = {}) => (await matchingRequests(filter)).map(exchange => presentRequest(routeTable, exchange)),
    count: async (filter = {}) => (await matchingRequests(filter)).length,
    async clear () {
      await (await find()).journal.clear()
    }
  }
}

/** Presents a request without its secrets, and without facts that no second run would repeat. */
export function presentRequest (routeTable: RouteTable, exchange: Exchange): RequestBody {
  const { id, method, url, route = null, headers, body, bodyCut, caller, at, status, answeredAt, error, fault, missingAbilities } = exchange
  return {
    id,
    method,
    path: pathOf(url),
    query: queryOf(url),
    route,
    did_you_mean: route === null ? routeTable.nearestTo(method, pathOf(url)) : null,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, SECRET.test(name) ? '***' : value])),
    body,
    body_cut: bodyCut,
    token: caller?.name ?? null,
    at: presentInstant(at),
    status,
    answered_at: answeredAt === null ? null : presentInstant(answeredAt),
    error,
    fault,
    missing_abilities: [...missingAbilities]
  }
}

/** Returns the query of a URL with the values of secret parameters hidden; the names of parameters are decoded first. */
function queryOf (url: string): string | null {
  const { length } = pathOf(url)
  if (length === url.length) return null
  return url.slice(length + 1).split('&').map(parameter => {
    const [name = ''] = parameter.split('=', 1)
    return parameter.length > name.length && SECRET.test(decoded(name)) ? `${name}=***` : parameter
  }).join('&')
}

function decoded (name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

const SECRET = /authorization|cookie|signature|token|secret|key/i
