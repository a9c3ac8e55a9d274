import type { Outcome } from './outcome.ts'
import type { Document, Parsing, Run, RunRequest, Session } from './records.ts'
import { uuidOf } from '../ids.ts'
import { PARSER_VERSION, parsingHashOf } from '../templates/config-hash.ts'
import { outcomeOf } from './outcomes.ts'
import { extractPlanOf, parsePlanOf } from './plan.ts'

/**
 * Returns the next run of a session. Its id and plan depend on the number of runs before it, deleted ones included. A
 * document without a parsing is parsed now; otherwise the run uses its last parsing, even one that fails.
 */
export function nextRunOf (session: Session, priorCount: number, request: RunRequest): Run {
  const { requestedAt, template, pace, scripts } = request
  const id = uuidOf('run', session.id, priorCount)
  const attempt = 1 + priorCount + (session.autoExtract ? 1 : 0)
  return {
    id,
    requestedAt,
    template,
    plan: extractPlanOf(pace, id, outcomeOf(scripts.get(session.id), attempt)),
    inputs: session.documents.map(document => ({ document, parsing: document.parsings.at(-1) ?? firstParsingOf(document, request) }))
  }
}

function firstParsingOf (document: Document, { requestedAt, template, pace, scripts }: RunRequest): Parsing {
  const facts = { index: 0, configHash: parsingHashOf(template), parserVersion: PARSER_VERSION, requestedAt }
  return parsingOf(document, facts, pace, outcomeOf(scripts.get(document.id), 1))
}

/** Returns the parsing of a document with its plan. */
export function parsingOf ({ id, upload }: Document, facts: Omit<Parsing, 'plan'>, pace: RunRequest['pace'], outcome: Outcome): Parsing {
  return { ...facts, plan: parsePlanOf(pace, `${id} ${facts.index}`, outcome, upload) }
}
