import type { Session } from '../domain/lifecycle/records.ts'
import type { RouteInfo, RouteTable } from '../http/route-table.ts'
import type { NamespaceState } from '../namespaces/namespace.ts'
import type { Exchange } from '../store/journal.ts'
import { pathOf } from '../http/url.ts'

/** The facts that client checks evaluate. */
export interface CheckInput {
  /** Oldest first. */
  readonly exchanges: readonly Exchange[]
  /** The sessions that successful requests refer to, by the id in the request: that of the session, of a document or of a result. */
  readonly sessions: ReadonlyMap<string, Session>
  /** Returns the abilities and the body schema of a request's route; undefined if the request matched none. */
  readonly routeOf: (exchange: Exchange) => RouteInfo | undefined
}

export async function gatherCheckInput ({ journal, records }: NamespaceState, routeTable: RouteTable): Promise<CheckInput> {
  const exchanges = await journal.exchanges()
  const sessions = new Map<string, Session>()
  for (const id of new Set(exchanges.flatMap(sessionKeysOf))) {
    const [found] = await records.findSessions([id])
    const session = found ?? (await records.sessionsOf(id))[0] ?? await records.findSessionOfResult(id)
    if (session !== undefined) sessions.set(id, session)
  }
  return { exchanges, sessions, routeOf: ({ method, route }) => routeTable.routeOf(method, String(route)) }
}

/** A resource whose status a client polls. */
export interface PolledResource {
  readonly kind: string
  readonly id: string
}

/** Returns the session, document or result whose status the request reads; undefined for any other request. */
export function polledResource ({ method, url }: Exchange): PolledResource | undefined {
  const [, kind, id] = POLL.exec(pathOf(url)) ?? []
  return method === 'GET' && kind !== undefined && id !== undefined ? { kind, id: id.toLowerCase() } : undefined
}

const POLL = /^\/extractions\/(sessions|documents|results)\/([0-9a-f-]{36})(?:\/results)?$/i

/** Returns the JSON object in the body of a request; undefined if there is none, or if the journal kept only a part of it. */
export function bodyOf ({ body, bodyCut }: Exchange): Record<string, unknown> | undefined {
  if (body === null || bodyCut) return undefined
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : undefined
  } catch {
    return undefined
  }
}

/** Returns the session ids in the body of a batch execute, in lower case. */
export function executedSessions (exchange: Exchange): string[] {
  const ids = bodyOf(exchange)?.['session_ids']
  return Array.isArray(ids) ? ids.map(id => String(id).toLowerCase()) : []
}

/** Returns none for a request that was refused: a client can put any number of ids into those. */
function sessionKeysOf (exchange: Exchange): string[] {
  if (exchange.status !== 200) return []
  const resource = polledResource(exchange)
  return resource === undefined ? executedSessions(exchange) : [resource.id]
}
