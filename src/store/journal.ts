import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '../domain/workspaces/token.ts'

/** A request, and its answer once there is one. */
export interface Exchange {
  /** Counts from 1, in the order of arrival. */
  readonly id: number
  readonly method: string
  /** The path and query as they arrived. */
  readonly url: string
  /** The pattern of the route; undefined if the request matches none. */
  readonly route: string | undefined
  /** As they arrived: secrets are hidden where a request is presented. */
  readonly headers: IncomingHttpHeaders
  readonly caller: Caller | undefined
  /** The instant of the arrival on the clock of the namespace. */
  readonly at: number
  /** The instant of the arrival in real milliseconds from an arbitrary origin. */
  readonly realAt: number
  /** The first characters of a JSON body; null for other bodies and for none. */
  body: string | null
  bodyCut: boolean
  /** Null until the request is answered, and for ever if the connection was dropped. */
  status: number | null
  answeredAt: number | null
  answeredRealAt: number | null
  /** The Retry-After header of the answer. */
  retryAfter: string | null
  /** The body of the answer, if it is an error. */
  error: string | null
  /** The id of the injected fault. */
  fault: string | null
}

/** The facts of a request that are known when it arrives. */
export type Arrival = Pick<Exchange, 'method' | 'url' | 'route' | 'headers' | 'caller' | 'at'>

/** The facts of an answer. */
export type Answer = Pick<Exchange, 'retryAfter' | 'error'> & { readonly status: number, readonly answeredAt: number }

/** The last requests of a namespace. */
export interface Journal {
  /** Returns the requests, oldest first. */
  exchanges (): Promise<readonly Exchange[]>
  /** Enters a request. What is learned about it before it is answered is written into the exchange that this returns. */
  record (arrival: Arrival): Promise<Exchange>
  /** Enters the answer to a request. */
  answer (exchange: Exchange, answer: Answer): Promise<void>
  clear (): Promise<void>
}

/** The number of requests that a journal holds; older ones are removed. */
export const JOURNAL_SIZE = 1_000

/** The number of characters of a body that are kept. */
export const BODY_SIZE = 8_192

/** Creates a journal in this process's memory. */
export function createMemoryJournal (): Journal {
  let exchanges: Exchange[] = []
  let count = 0
  return {
    exchanges: async () => exchanges,
    async record ({ method, url, route, headers, caller, at }) {
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
    async answer (exchange, answer) {
      Object.assign(exchange, answer, { answeredRealAt: performance.now() })
    },
    async clear () {
      exchanges = []
    }
  }
}

/** Writes the text of a body into an exchange. */
export function noteBody (exchange: Exchange, text: string): void {
  exchange.bodyCut = text.length > BODY_SIZE
  exchange.body = exchange.bodyCut ? copyOf(text.slice(0, BODY_SIZE)) : text
}

/** Copies a piece of a text, so that it does not keep the whole text in memory. */
function copyOf (piece: string): string {
  return Buffer.from(piece, 'utf16le').toString('utf16le')
}
