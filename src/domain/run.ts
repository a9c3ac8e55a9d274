import type { Run, RunRequest, Session } from './records.ts'
import { uuidOf } from './ids.ts'
import { outcomeOf } from './outcomes.ts'
import { extractPlanOf } from './plan.ts'

/** The next run that a session gets: its id and its plan follow from how many came before. */
export function nextRunOf (session: Session, { askedAt, template, pace, scripts }: RunRequest): Run {
  const before = session.runs.length
  const id = uuidOf('run', session.id, before)
  const attempt = 1 + before + (session.automaticRun === null ? 0 : 1)
  return { id, askedAt, template, plan: extractPlanOf(pace, id, outcomeOf(scripts.get(session.id), attempt)) }
}
