import type { Session } from '../domain/lifecycle/records.ts'
import type { RouteInfo, RouteTable } from '../http/route-table.ts'
import type { NamespaceState } from '../namespaces/namespace.ts'
import type { Exchange } from '../store/journal.ts'
import { pathOf } from '../http/url.ts'

/** What there is to judge by. */
export interface CheckInput {
  /** Oldest first. */
  readonly exchanges: readonly Exchange[]
  /** The sessions that the requests were about, by the id by which they named them: the session's, a document's or a result's. */
  readonly sessions: ReadonlyMap<string, Session>
  /** What a request's route needs and takes; undefined if it matches none. */
  readonly routeOf: (exchange: Exchange) => RouteInfo | undefined
}

export async function gatherCheckInput ({ journal, records }: NamespaceState, routeTable: RouteTable): Promise<CheckInput> {
  const exchanges = await journal.exchanges()
  const sessions = new Map<string, Session>()
  for (const id of new Set(exchanges.flatMap(idsIn))) {
    const [found] = await records.findSessions([id])
    const session = found ?? (await records.sessionsOf(id))[0] ?? await records.findSessionOfResult(id)
    if (session !== undefined) sessions.set(id, session)
  }
  return { exchanges, sessions, routeOf: ({ method, route }) => routeTable.routeOf(method, String(route)) }
}

/** What a request reads that can come to an end: the kind and the id. */
export function subjectOf ({ method, url }: Exchange): { readonly kind: string, readonly id: string } | undefined {
  const [, kind, id] = POLL.exec(pathOf(url)) ?? []
  return method === 'GET' && kind !== undefined && id !== undefined ? { kind, id: id.toLowerCase() } : undefined
}

const POLL = /^\/extractions\/(sessions|documents|results)\/([0-9a-f-]{36})(?:\/results)?$/i

/** The JSON object in the body of a request; undefined if there is none, or not all of it was kept. */
export function bodyOf ({ body, bodyCut }: Exchange): Record<string, unknown> | undefined {
  if (body === null || bodyCut) return undefined
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : undefined
  } catch {
    return undefined
  }
}

/** The sessions that a batch execute names. */
export function executedBy (exchange: Exchange): string[] {
  const ids = bodyOf(exchange)?.['session_ids']
  return Array.isArray(ids) ? ids.map(id => String(id).toLowerCase()) : []
}

function idsIn (exchange: Exchange): string[] {
  const subject = subjectOf(exchange)
  return subject === undefined ? executedBy(exchange) : [subject.id]
}
