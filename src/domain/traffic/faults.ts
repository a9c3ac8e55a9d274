import { digestOf, uniform } from '../ids.ts'
import { matchesWildcard } from '../wildcard.ts'

/** An injected failure, and the requests that it applies to. */
export interface FaultRule {
  /** Every condition must hold; without conditions the rule matches every request. */
  readonly match: {
    /** In any case. */
    readonly method?: string
    /** The path without its query; `*` stands for any text. */
    readonly path?: string
    /** The name of the caller's token. */
    readonly token?: string
    /** Only the nth request that meets the other conditions, counted from 1. */
    readonly nth?: number
  }
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** A duration, or a range of durations, as text. */
  readonly delay?: string
  readonly drop?: boolean
  /** The number of bytes of the body that are sent; true for half of them. */
  readonly truncate?: true | number
  readonly malformed?: boolean
  /** A duration as text. */
  readonly trickle?: string
  /** The request is carried out before it fails. */
  readonly after?: boolean
  readonly times?: number
  /** Above 0, at most 1. */
  readonly probability?: number
}

/** A fault with its counters. */
export interface Fault {
  readonly id: string
  readonly rule: FaultRule
  /** The number of requests that matched. */
  readonly seen: number
  /** The number of requests that failed because of it. */
  readonly fired: number
}

/** The faults of a namespace, in the order in which they are tried. */
export interface Faults {
  readonly list: readonly Fault[]
  /** The number of faults that were ever added: the next one is numbered after it. */
  readonly added: number
}

/** A request, as far as a fault can match it. */
export interface FaultTarget {
  readonly method: string
  readonly path: string
  /** The name of the caller's token. */
  readonly token: string | undefined
}

/** The maximum number of faults in a namespace: each request is compared with all of them. */
export const MAX_FAULTS = 1_000

export const NO_FAULTS: Faults = { list: [], added: 0 }

/** Returns the faults with a new one at the end. */
export function withFault ({ list, added }: Faults, rule: FaultRule): Faults {
  return { list: [...list, { id: `${PREFIX}${added + 1}`, rule, seen: 0, fired: 0 }], added: added + 1 }
}

/** Returns the faults with those that were saved, whose numbers are not given again. */
export function restoreFaults (list: readonly Fault[]): Faults {
  return { list, added: Math.max(0, ...list.map(({ id }) => Number(id.slice(PREFIX.length)))) }
}

/**
 * Counts a request. Of the faults that match it, the first that is due is taken; all of them count the request. The seed
 * makes `probability` deterministic.
 */
export function takeFault (
  { list, added }: Faults,
  seed: string,
  target: FaultTarget
): { readonly faults: Faults, readonly taken: Fault | undefined } {
  let taken: Fault | undefined
  const counted = list.map(fault => {
    if (!matches(fault.rule, target)) return fault
    const seen = { ...fault, seen: fault.seen + 1 }
    if (taken !== undefined || !isDue(seen, seed)) return seen
    taken = { ...seen, fired: seen.fired + 1 }
    return taken
  })
  return { faults: { list: counted, added }, taken }
}

/** Returns the number of requests that a fault will still fail; null for no limit. */
export function remainingOf ({ rule: { match: { nth }, times }, fired }: Fault): number | null {
  const all = nth === undefined ? times : 1
  return all === undefined ? null : all - fired
}

const PREFIX = 'fault-'

function matches ({ match }: FaultRule, { method, path, token }: FaultTarget): boolean {
  return (match.method === undefined || match.method.toUpperCase() === method) &&
    (match.path === undefined || matchesWildcard(path, match.path)) &&
    (match.token === undefined || match.token === token)
}

function isDue (fault: Fault, seed: string): boolean {
  const { id, seen, rule: { match: { nth }, probability = 1 } } = fault
  return remainingOf(fault) !== 0 && (nth === undefined || nth === seen) && uniform(digestOf(seed, id, seen), 0) < probability
}
