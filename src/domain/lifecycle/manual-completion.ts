import type { Fixture } from './outcome.ts'
import type { ExtractPlan } from './plan.ts'
import type { Parsing } from './records.ts'

/**
 * Manual completion replaces the plan of unfinished work by one that ends at `now`. Statuses before `now` stay as they were;
 * work that was still queued begins and ends at once.
 */

/** Returns the parsing, ended at `now`: with null as the failure it succeeds. */
export function parsingEndedAt (now: number, parsing: Parsing, failure: string | null): Parsing {
  const { requestedAt, plan } = parsing
  const queueMs = Math.min(plan.queueMs, now - requestedAt)
  return { ...parsing, plan: { ...plan, queueMs, parseMs: now - requestedAt - queueMs, failure } }
}

/** A run whose documents were parsed at `readyAt`. */
export interface ReadyRun {
  readonly readyAt: number
  readonly plan: ExtractPlan
}

/** Returns the plan of the run, ended at `now`: with null as the failure it succeeds. A fixture replaces the planned one. */
export function runEndedAt (now: number, { readyAt, plan }: ReadyRun, failure: string | null, fixture?: Fixture): ExtractPlan {
  const queueMs = Math.min(plan.queueMs, now - readyAt)
  return { queueMs, extractMs: now - readyAt - queueMs, failure, fixture: fixture ?? plan.fixture }
}
