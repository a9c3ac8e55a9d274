import type { Run, RunRequest, Session } from './records.ts'
import { uuidOf } from './ids.ts'
import { outcomeOf } from './outcomes.ts'
import { extractPlanOf } from './plan.ts'

/** The next run that a session gets: its id and its plan follow from how many came before, those that are gone included. */
export function nextRunOf (session: Session, before: number, { askedAt, template, pace, scripts }: RunRequest): Run {
  const id = uuidOf('run', session.id, before)
  const attempt = 1 + before + (session.autoExtract ? 1 : 0)
  return { id, askedAt, template, plan: extractPlanOf(pace, id, outcomeOf(scripts.get(session.id), attempt)) }
}
