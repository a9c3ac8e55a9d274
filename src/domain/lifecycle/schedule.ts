import type { Document, Parsing, Run, RunInput, Session } from './records.ts'
import type { DocumentStatus, ParsingStatus, ResultStatus } from './statuses.ts'

/** The statuses of a resource in order, each from the instant at which it begins. There is always a first one. */
export type Schedule<Status> = readonly [ScheduledStatus<Status>, ...Array<ScheduledStatus<Status>>]

export interface ScheduledStatus<Status> {
  readonly at: number
  readonly status: Status
}

/** Returns the status at `now`: the last that begins at or before it, or else the first. */
export function currentStatus<Status> (schedule: Schedule<Status>, now: number): ScheduledStatus<Status> {
  let current = schedule[0]
  for (const entry of schedule) if (entry.at <= now) current = entry
  return current
}

export function parsingSchedule (parsing: Parsing): Schedule<ParsingStatus> {
  return [
    { at: parsing.requestedAt, status: 'queued' },
    { at: parsingBeginsAt(parsing), status: 'parsing' },
    { at: parsingEndsAt(parsing), status: parsing.plan.failure === null ? 'ready' : 'failed' }
  ]
}

/** The schedule of a document without its runs: they make a `parsed` document `processed`. */
export function documentSchedule ({ createdAt, parsings }: Document): Schedule<DocumentStatus> {
  const uploaded: ScheduledStatus<DocumentStatus> = { at: createdAt, status: 'uploaded' }
  const last = parsings.at(-1)
  if (last === undefined) return [uploaded]
  const parsing = parsingSchedule(last).map(({ at, status }): ScheduledStatus<DocumentStatus> => {
    return { at, status: status === 'ready' ? 'parsed' : status }
  })
  return [uploaded, ...parsing]
}

export function resultSchedule (run: Run): Schedule<ResultStatus> {
  const pending: ScheduledStatus<ResultStatus> = { at: run.requestedAt, status: 'parsing_pending' }
  const { endsAt: readyAt, failure } = parsingWindowOf(run.inputs, run.requestedAt)
  if (failure !== null) return [pending, { at: readyAt, status: 'failed' }]
  const beginsAt = readyAt + run.plan.queueMs
  return [
    pending,
    { at: readyAt, status: 'created' },
    { at: beginsAt, status: 'processing' },
    { at: beginsAt + run.plan.extractMs, status: run.plan.failure === null ? 'completed' : 'failed' }
  ]
}

/** Returns all runs of a session in order: the requested ones, and the automatic one at the instant at which parsing ends. */
export function runsOf (session: Session): readonly Run[] {
  const automatic = automaticRunOf(session)
  if (automatic === null) return session.runs
  // A run that is requested at that very instant comes after the automatic one.
  const index = session.runs.findIndex(run => run.requestedAt >= automatic.requestedAt)
  return index === -1 ? [...session.runs, automatic] : session.runs.toSpliced(index, 0, automatic)
}

/** Returns the automatic run with the instant at which it starts; null if there is none. */
export function automaticRunOf ({ automaticRun, createdAt }: Session): Run | null {
  if (automaticRun === null) return null
  const { id, template, plan, inputs } = automaticRun
  return { id, template, plan, inputs, requestedAt: parsingWindowOf(inputs, createdAt).endsAt }
}

/** The time during which several documents are parsed: it ends with the last parsing, or with the first that fails. */
export interface ParsingWindow {
  /** Infinity if there is nothing to parse. */
  readonly beginsAt: number
  readonly endsAt: number
  readonly failure: string | null
}

/** Returns the window for work that is requested at `start`; it never ends before that. */
export function parsingWindowOf (inputs: readonly RunInput[], start: number): ParsingWindow {
  let beginsAt = Infinity
  let endsAt = start
  let failed: { at: number, reason: string } | null = null
  for (const { parsing } of inputs) {
    const at = parsingEndsAt(parsing)
    beginsAt = Math.min(beginsAt, parsingBeginsAt(parsing))
    endsAt = Math.max(endsAt, at)
    if (parsing.plan.failure !== null && (failed === null || at < failed.at)) failed = { at, reason: parsing.plan.failure }
  }
  return failed === null ? { beginsAt, endsAt, failure: null } : { beginsAt, endsAt: Math.max(start, failed.at), failure: failed.reason }
}

export function parsingBeginsAt ({ requestedAt, plan }: Parsing): number {
  return requestedAt + plan.queueMs
}

export function parsingEndsAt (parsing: Parsing): number {
  return parsingBeginsAt(parsing) + parsing.plan.parseMs
}
