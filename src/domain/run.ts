import type { Run, RunRequest } from './records.ts'
import { uuidOf } from './ids.ts'
import { extractPlanOf } from './plan.ts'

/** The run that a session gets when it has had `before` of them: its id and plan follow from that. */
export function runOf (sessionId: string, before: number, { askedAt, template, pace }: RunRequest): Run {
  const id = uuidOf('run', sessionId, before)
  return { id, askedAt, template, plan: extractPlanOf(pace, id) }
}
