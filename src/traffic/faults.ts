import type { FaultRule } from './fault-rule.ts'
import { digestOf, uniform } from '../domain/ids.ts'
import { pathOf } from '../http/framework.ts'
import { matchesWildcard } from '../domain/wildcard.ts'

/** How many faults a namespace may have: each request is held against all of them. */
export const MAX_FAULTS = 1_000

/** A fault that stands ready. */
export interface Fault {
  readonly id: string
  readonly rule: FaultRule
  /** How many requests have matched so far, and to how many of them it has happened. */
  readonly seen: number
  readonly fired: number
}

/** The faults of a namespace. */
export interface Faults {
  /** In the order in which they are tried. */
  list (): Fault[]
  add (rule: FaultRule): Fault
  /** False if there is no fault of that id. */
  delete (id: string): boolean
  clear (): void
  /** The fault that happens to a request: of those that match it the first whose turn it is. All of them count it. */
  take (request: { readonly method: string, readonly url: string, readonly token: string | undefined }): Fault | undefined
}

/** No faults yet but those given. The seed decides whom those strike that strike by chance. */
export function createFaults (seed: string, initial: readonly Fault[] = []): Faults {
  let faults = initial
  let added = Math.max(0, ...initial.map(({ id }) => Number(id.slice(PREFIX.length))))
  return {
    list: () => [...faults],
    add (rule) {
      const fault = freshFault(rule, added++)
      faults = [...faults, fault]
      return fault
    },
    delete (id) {
      const before = faults.length
      faults = faults.filter(fault => fault.id !== id)
      return faults.length < before
    },
    clear () {
      faults = []
    },
    take ({ method, url, token }) {
      if (faults.length === 0) return undefined
      const path = pathOf(url)
      let taken: Fault | undefined
      faults = faults.map(fault => {
        const { match } = fault.rule
        if (match.method !== undefined && match.method.toUpperCase() !== method) return fault
        if (match.path !== undefined && !matchesWildcard(path, match.path)) return fault
        if (match.token !== undefined && match.token !== token) return fault
        const seen = { ...fault, seen: fault.seen + 1 }
        if (taken !== undefined || !isDue(seen, seed)) return seen
        taken = { ...seen, fired: seen.fired + 1 }
        return taken
      })
      return taken
    }
  }
}

/** A fault that nothing has met with yet, the one after so many others. */
export function freshFault (rule: FaultRule, before: number): Fault {
  return { id: `${PREFIX}${before + 1}`, rule, seen: 0, fired: 0 }
}

/** How often a fault is still going to happen; null for any number of times. */
export function remainingOf ({ rule: { match: { nth }, times }, fired }: Fault): number | null {
  const all = nth === undefined ? times : 1
  return all === undefined ? null : all - fired
}

const PREFIX = 'fault-'

function isDue (fault: Fault, seed: string): boolean {
  const { id, seen, rule: { match: { nth }, probability = 1 } } = fault
  return remainingOf(fault) !== 0 && (nth === undefined || nth === seen) && uniform(digestOf(seed, id, seen), 0) < probability
}
