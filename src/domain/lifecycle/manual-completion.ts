import type { Parsing } from './records.ts'
import type { Fixture } from './outcome.ts'
import type { ExtractPlan } from './plan.ts'

/**
 * Work that somebody brings to an end gets a plan by which it ends at that instant. What has been until then stays as it
 * was: work that was still waiting begins and ends at once.
 */

/** The parsing, ended at `now`; it fails for that reason, or, with null, succeeds. */
export function parsingEndedAt (now: number, parsing: Parsing, failure: string | null): Parsing {
  const { requestedAt, plan } = parsing
  const queueMs = Math.min(plan.queueMs, now - requestedAt)
  return { ...parsing, plan: { ...plan, queueMs, parseMs: now - requestedAt - queueMs, failure } }
}

/** The plan by which a run that has been ready since `readyAt` ends at `now`, likewise; what it finds may be given. */
export function runEndedAt (now: number, { readyAt, plan }: { readonly readyAt: number, readonly plan: ExtractPlan }, failure: string | null, fixture?: Fixture): ExtractPlan {
  const queueMs = Math.min(plan.queueMs, now - readyAt)
  return { queueMs, extractMs: now - readyAt - queueMs, failure, fixture: fixture ?? plan.fixture }
}
