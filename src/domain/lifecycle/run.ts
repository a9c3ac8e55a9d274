import type { Document, RunInput, Parsing, Run, RunRequest, Session } from './records.ts'
import { PARSER_VERSION, parsingHashOf } from '../templates/config-hash.ts'
import { uuidOf } from '../ids.ts'
import type { Outcome } from './outcome.ts'
import { outcomeOf } from './outcomes.ts'
import { extractPlanOf, parsePlanOf } from './plan.ts'

/**
 * The next run that a session gets: its id and its plan follow from how many came before, those that are gone included.
 * A document that was never parsed is parsed now; else the run takes its last parsing, however that goes.
 */
export function nextRunOf (session: Session, before: number, { requestedAt, template, pace, scripts }: RunRequest): Run {
  const id = uuidOf('run', session.id, before)
  const outcome = outcomeOf(scripts.get(session.id), 1 + before + (session.autoExtract ? 1 : 0))
  const inputs = session.documents.map((document): RunInput => ({
    document,
    parsing: document.parsings.at(-1) ?? parsingOf(document, { index: 0, configHash: parsingHashOf(template), parserVersion: PARSER_VERSION, requestedAt }, pace, outcomeOf(scripts.get(document.id), 1))
  }))
  return { id, requestedAt, template, plan: extractPlanOf(pace, id, outcome), inputs }
}

/** A parsing of a document as it was asked for, with its plan. */
export function parsingOf ({ id, upload }: Document, asked: Omit<Parsing, 'plan'>, pace: RunRequest['pace'], outcome: Outcome): Parsing {
  return { ...asked, plan: parsePlanOf(pace, `${id} ${asked.index}`, outcome, upload) }
}
