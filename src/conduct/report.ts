import type { Exchange } from '../store/journal.ts'
import type { CheckInput } from './check-input.ts'
import { CLIENT_CHECKS, type Breach, type ClientCheck } from './checks.ts'

/** Something that a client did and should not have done. */
export interface Violation {
  readonly rule: string
  readonly severity: ClientCheck['severity']
  /** The request in the journal; of several that are alike the first. */
  readonly request: Exchange
  readonly message: string
  /** The ids of the other requests that it is about. */
  readonly related: readonly number[]
}

/** What the journal tells of a client. */
export interface ConductReport {
  /** In the order of the requests. */
  readonly findings: readonly Violation[]
  /** How many requests were looked at. */
  readonly requests: number
}

/** What is to be said against a client. */
export function evaluate (evidence: CheckInput): ConductReport {
  const findings = CLIENT_CHECKS.flatMap(rule => unique(rule.judge(evidence)).map(({ about: [request, ...others], message }) => {
    return { rule: rule.id, severity: rule.severity, request, message, related: others.map(({ id }) => id) }
  }))
  return { findings: findings.sort((a, b) => a.request.id - b.request.id), requests: evidence.exchanges.length }
}

/** Complaints with the same words about the same method and route are one. */
function unique (complaints: readonly Breach[]): Breach[] {
  const byKey = new Map<string, Breach>()
  for (const { about, message } of complaints) {
    const [{ method, route }] = about
    const key = `${method} ${route} ${message}`
    const known = byKey.get(key)
    byKey.set(key, known === undefined ? { about, message } : { about: [...known.about, ...about], message })
  }
  return [...byKey.values()]
}
