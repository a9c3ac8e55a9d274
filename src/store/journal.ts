import type { IncomingHttpHeaders } from 'node:http'
import type { Ability } from '../domain/workspaces/abilities.ts'
import { known } from '../domain/known.ts'
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
  /** The first characters of the body of the answer, if it is an error. */
  error: string | null
  /** The id of the injected fault. */
  fault: string | null
  /** The abilities that the caller's token lacks; none unless the request was refused for them. */
  missingAbilities: readonly Ability[]
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

/** The number of characters that are kept of the body of a request, and of that of an error. */
export const BODY_SIZE = 8_192

/** The number of bytes that the journals of all namespaces hold together. */
export const JOURNAL_BYTES = 64 * 1024 * 1024

export interface MemoryJournal extends Journal {
  /** Leaves the count of the journals: nothing refers to this one for long. */
  release (): void
}

/** A journal among others: its requests with their sizes, oldest first. */
interface Counted {
  readonly sizes: Map<Exchange, number>
  bytes: number
}

/** Creates journals in this process's memory. Beyond the maximum, those that hold most lose their oldest requests. */
export function createMemoryJournals (maxBytes = JOURNAL_BYTES): () => MemoryJournal {
  const journals = new Set<Counted>()
  let total = 0

  function setSize (journal: Counted, exchange: Exchange, size: number): void {
    add(journal, size - (journal.sizes.get(exchange) ?? 0))
    journal.sizes.set(exchange, size)
  }

  /** Returns the bytes that it frees. */
  function removeOldest (journal: Counted): number {
    const [[oldest, size]] = journal.sizes as Iterable<[Exchange, number]> as [[Exchange, number]]
    journal.sizes.delete(oldest)
    add(journal, -size)
    return size
  }

  function add (journal: Counted, bytes: number): void {
    journal.bytes += bytes
    if (journals.has(journal)) total += bytes
  }

  /** Makes more room than needed, since the search for the largest journals takes time. */
  function makeRoom (): void {
    if (total <= maxBytes) return
    let excess = total - maxBytes * 0.9
    while (excess > 0) {
      const largest = known([...journals].sort((a, b) => b.bytes - a.bytes)[0], 'a journal holds the excess')
      const half = largest.bytes / 2
      while (largest.bytes > half && excess > 0) excess -= removeOldest(largest)
    }
  }

  return () => {
    const journal: Counted = { sizes: new Map(), bytes: 0 }
    let count = 0
    let isReleased = false
    return {
      exchanges: async () => [...journal.sizes.keys()],
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
          fault: null,
          missingAbilities: []
        }
        // Not before: the namespace may be a draft that is never published.
        if (!isReleased) journals.add(journal)
        setSize(journal, exchange, sizeOf(exchange))
        if (journal.sizes.size > JOURNAL_SIZE) removeOldest(journal)
        makeRoom()
        return exchange
      },
      async answer (exchange, { error, ...answer }) {
        Object.assign(exchange, answer, { error: error === null ? null : beginningOf(error), answeredRealAt: performance.now() })
        if (!journal.sizes.has(exchange)) return
        setSize(journal, exchange, sizeOf(exchange))
        makeRoom()
      },
      async clear () {
        add(journal, -journal.bytes)
        journal.sizes.clear()
      },
      release () {
        isReleased = true
        if (journals.delete(journal)) total -= journal.bytes
      }
    }
  }
}

/** The memory of a request without its texts, in bytes. */
const BARE_SIZE = 1_024

/** Returns the memory that a request takes, in bytes; a character takes two at most. */
function sizeOf ({ url, headers, body, error }: Exchange): number {
  let characters = url.length + (body?.length ?? 0) + (error?.length ?? 0)
  for (const name in headers) characters += name.length + String(headers[name]).length
  return BARE_SIZE + 2 * characters
}

/** Writes the text of a body into an exchange. */
export function noteBody (exchange: Exchange, text: string): void {
  exchange.bodyCut = text.length > BODY_SIZE
  exchange.body = beginningOf(text)
}

function beginningOf (text: string): string {
  return text.length > BODY_SIZE ? copyOf(text.slice(0, BODY_SIZE)) : text
}

/** Copies a piece of a text, so that it does not keep the whole text in memory. */
function copyOf (piece: string): string {
  return Buffer.from(piece, 'utf16le').toString('utf16le')
}
