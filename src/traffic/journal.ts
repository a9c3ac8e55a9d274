import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '../http/tokens.ts'

/** A request, and, once it was answered, how. */
export interface Exchange {
  /** Counts from 1, in the order of arrival. */
  readonly id: number
  readonly method: string
  /** Path and query as they came. */
  readonly url: string
  /** The pattern of the route; undefined if the request matches none. */
  readonly route: string | undefined
  /** As they came: what is shown of them is the business of whoever shows them. */
  readonly headers: IncomingHttpHeaders
  readonly caller: Caller | undefined
  /** When it came: on the clock of the namespace, and in real milliseconds from anywhere. */
  readonly at: number
  readonly realAt: number
  /** The text of a JSON body, as much of it as is kept; null for other bodies and none. */
  body: string | null
  bodyCut: boolean
  /** Null until it is answered, and for ever if the connection was dropped. */
  status: number | null
  answeredAt: number | null
  answeredRealAt: number | null
  /** The Retry-After header of the answer. */
  retryAfter: string | null
  /** The body of the answer, if it is an error. */
  error: string | null
  /** The fault that was injected. */
  fault: string | null
}

/** What of a request is known when it comes. */
export type Arrival = Pick<Exchange, 'method' | 'url' | 'route' | 'headers' | 'caller' | 'at'>

/** The last requests of a namespace. */
export interface Journal {
  /** Oldest first. */
  exchanges (): readonly Exchange[]
  record (arrival: Arrival): Exchange
  clear (): void
}

/** How many requests a journal holds; older ones are forgotten. */
export const JOURNAL_SIZE = 1_000

/** How many characters of a body are kept. */
export const BODY_SIZE = 8_192

export function createJournal (): Journal {
  let exchanges: Exchange[] = []
  let count = 0
  return {
    exchanges: () => exchanges,
    record ({ method, url, route, headers, caller, at }) {
      const exchange: Exchange = {
        id: ++count,
        method,
        url,
        route,
        headers,
        caller,
        at,
        realAt: performance.now(),
        body: null,
        bodyCut: false,
        status: null,
        answeredAt: null,
        answeredRealAt: null,
        retryAfter: null,
        error: null,
        fault: null
      }
      if (exchanges.push(exchange) > JOURNAL_SIZE) exchanges.shift()
      return exchange
    },
    clear () {
      exchanges = []
    }
  }
}

/** Notes the text of a body. */
export function noteBody (exchange: Exchange, text: string): void {
  exchange.bodyCut = text.length > BODY_SIZE
  exchange.body = exchange.bodyCut ? copyOf(text.slice(0, BODY_SIZE)) : text
}

/** A piece of a text that does not keep the whole of it alive. */
function copyOf (piece: string): string {
  return Buffer.from(piece, 'utf16le').toString('utf16le')
}
