import type { Exchange } from '../store/journal.ts'
import type { CheckInput } from './check-input.ts'
import { CLIENT_CHECKS } from './checks.ts'
import type { Breach, ClientCheck } from './client-check.ts'

/** A reported breach of a check. */
export interface Violation {
  /** The id of the check. */
  readonly rule: string
  readonly severity: ClientCheck['severity']
  /** The request in the journal; the first of several equal ones. */
  readonly request: Exchange
  readonly message: string
  /** The ids of the other requests concerned. */
  readonly related: readonly number[]
}

/** The violations in a journal. */
export interface ConductReport {
  /** In the order of the requests. */
  readonly findings: readonly Violation[]
  /** Number of requests checked. */
  readonly requests: number
}

/** Runs all client checks. */
export function evaluate (input: CheckInput): ConductReport {
  const findings = CLIENT_CHECKS.flatMap(check => merge(check.findBreaches(input)).map(({ about: [request, ...others], message }) => {
    return { rule: check.id, severity: check.severity, request, message, related: others.map(({ id }) => id) }
  }))
  return { findings: findings.sort((a, b) => a.request.id - b.request.id), requests: input.exchanges.length }
}

/** Merges breaches that have the same message, method and route. */
function merge (breaches: readonly Breach[]): Breach[] {
  const byKey = new Map<string, Breach>()
  for (const { about, message } of breaches) {
    const [{ method, route }] = about
    const key = `${method} ${route} ${message}`
    const known = byKey.get(key)
    byKey.set(key, known === undefined ? { about, message } : { about: [...known.about, ...about], message })
  }
  return [...byKey.values()]
}
