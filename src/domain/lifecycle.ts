import type { Document, Run, Session, Template } from './records.ts'
import type { Fixture } from './outcomes.ts'
import type { ExtractPlan } from './plan.ts'
import { filenameOfKey } from './file-key.ts'

/**
 * What records are at an instant. Everything here is a pure function of a record and `now`: reading changes nothing, so
 * any number of readers in any order, on any replica, after any pause, see the same.
 *
 * Statuses are those of the API's current generation (G2).
 */

export const DOCUMENT_STATUSES = ['uploaded', 'queued', 'parsing', 'parsed', 'processed', 'failed'] as const
export const SESSION_STATUSES = ['pending', 'processing', 'completed', 'failed'] as const
export const RESULT_STATUSES = ['parsing_pending', 'created', 'processing', 'completed', 'failed'] as const

export const PARSING_STATUSES = ['queued', 'parsing', 'ready', 'failed'] as const

export type ParsingStatus = typeof PARSING_STATUSES[number]
export type DocumentStatus = typeof DOCUMENT_STATUSES[number]
export type SessionStatus = typeof SESSION_STATUSES[number]
export type ResultStatus = typeof RESULT_STATUSES[number]

/** The name of a batch-created session until parsing begins. */
export const PENDING_NAME = 'Pending...'

/** A run as it stands at an instant. */
export interface ResultState {
  readonly id: string
  readonly template: Template
  readonly status: ResultStatus
  readonly createdAt: number
  /** The instant of the last change. */
  readonly updatedAt: number
  /** Null until the run has completed or failed. */
  readonly completedAt: number | null
  /** Why it failed; null otherwise. */
  readonly failure: string | null
  /** What it finds; null for what is made up. */
  readonly fixture: Fixture | null
}

/** A document as it stands at an instant. */
export interface DocumentState {
  readonly status: DocumentStatus
  /** The instant of the last change. */
  readonly updatedAt: number
  /** Why parsing failed; null otherwise. */
  readonly failure: string | null
  /** Its parsing; null if none was asked for yet. */
  readonly parsing: { readonly status: ParsingStatus, readonly updatedAt: number } | null
}

const PARSING_STATUS = {
  uploaded: null,
  queued: 'queued',
  parsing: 'parsing',
  parsed: 'ready',
  processed: 'ready',
  failed: 'failed'
} as const satisfies Record<DocumentStatus, ParsingStatus | null>

interface Step<Status> {
  readonly at: number
  readonly status: Status
}

type Steps<Status> = readonly [Step<Status>, ...Array<Step<Status>>]

/** The session's status, its name, and when either last changed. */
export function sessionAt (session: Session, now: number): { status: SessionStatus, name: string, updatedAt: number } {
  const parsing = parsingOf(session)
  const results = resultsAt(session, now)
  const newest = results.at(-1)
  const [first] = session.documents
  return {
    status: sessionStatus(parsing, newest?.status, now),
    name: first !== undefined && now >= namedAt(first, parsing) ? filenameOf(first) : PENDING_NAME,
    updatedAt: Math.max(
      session.createdAt,
      ...[parsing.begins, parsing.ends].filter(at => at <= now),
      ...results.map(result => result.updatedAt)
    )
  }
}

function namedAt ({ parse: { plan } }: Document, parsing: Parsing): number {
  return plan.lateName ? parsing.ends : parsing.begins
}

function sessionStatus (parsing: Parsing, newest: ResultStatus | undefined, now: number): SessionStatus {
  if (parsing.failure !== null && now >= parsing.ends) return 'failed'
  if (newest === 'completed' || newest === 'failed') return newest
  if (newest !== undefined) return 'processing'
  return now >= parsing.begins && now < parsing.ends ? 'processing' : 'pending'
}

/** The results of a session that exist at `now`, oldest first. */
export function resultsAt (session: Session, now: number): ResultState[] {
  const parsing = parsingOf(session)
  return runsOf(session, parsing).filter(run => run.askedAt <= now).map(run => resultState(run, parsing, now))
}

/** One result of a session, or undefined if it does not exist at `now`. */
export function resultAt (session: Session, id: string, now: number): ResultState | undefined {
  return resultsAt(session, now).find(result => result.id === id)
}

/** One of the runs of a session, and since when, or from when on, it could be worked on. It must be there. */
export function runOf (session: Session, id: string): { readonly run: Run, readonly readyAt: number } {
  const parsing = parsingOf(session)
  const run = runsOf(session, parsing).find(run => run.id === id) as Run
  return { run, readyAt: Math.max(run.askedAt, parsing.ends) }
}

/** What has become of one of the session's documents. It is `processed` once a run over it has completed. */
export function documentAt (session: Session, document: Document, now: number): DocumentState {
  const { status, at } = currentStep(documentSteps(document), now)
  const parsingStatus = PARSING_STATUS[status]
  const state: DocumentState = {
    status,
    updatedAt: at,
    failure: status === 'failed' ? document.parse.plan.failure : null,
    parsing: parsingStatus === null ? null : { status: parsingStatus, updatedAt: at }
  }
  if (status !== 'parsed') return state
  const completed = resultsAt(session, now).filter(result => result.status === 'completed')
  if (completed.length === 0) return state
  return { ...state, status: 'processed', updatedAt: Math.min(...completed.map(result => result.updatedAt)) }
}

/** The first instant after `now` at which anything about the session changes by itself; undefined when all is done. */
export function nextEventAt (session: Session, now: number): number | undefined {
  return eventsOf(session).find(at => at > now)
}

/** Every instant at which anything about the session changes, unless somebody asks for more; in order, each once. */
export function eventsOf (session: Session): number[] {
  const parsing = parsingOf(session)
  const steps = [
    ...session.documents.flatMap(document => documentSteps(document)),
    ...runsOf(session, parsing).flatMap(run => resultSteps(run, parsing))
  ]
  return [...new Set(steps.map(({ at }) => at))].filter(Number.isFinite).sort((a, b) => a - b)
}

/** The name of a document: the one its uploader gave it, or else what its key tells. */
export function filenameOf (document: Document): string {
  return document.upload?.filename ?? filenameOfKey(document.key)
}

/** The parsing of all of a session's documents, seen as one step: it ends with the last, or with the first that fails. */
interface Parsing {
  readonly begins: number
  readonly ends: number
  readonly failure: string | null
}

function parsingOf (session: Session): Parsing {
  let begins = Infinity
  let ends = session.createdAt
  let failed: { at: number, reason: string } | null = null
  for (const { parse: { askedAt, plan } } of session.documents) {
    const beginsAt = askedAt + plan.queueMs
    const endsAt = beginsAt + plan.parseMs
    begins = Math.min(begins, beginsAt)
    ends = Math.max(ends, endsAt)
    if (plan.failure !== null && (failed === null || endsAt < failed.at)) failed = { at: endsAt, reason: plan.failure }
  }
  return failed === null ? { begins, ends, failure: null } : { begins, ends: failed.at, failure: failed.reason }
}

/** Every run there will be unless somebody asks for more, in the order in which they come into being. */
function runsOf (session: Session, parsing: Parsing): readonly Run[] {
  if (session.automaticRun === null) return session.runs
  const { id, plan } = session.automaticRun
  const automatic = { id, plan, askedAt: parsing.ends, template: session.template }
  const later = session.runs.findIndex(run => run.askedAt > automatic.askedAt)
  return later === -1 ? [...session.runs, automatic] : session.runs.toSpliced(later, 0, automatic)
}

function documentSteps ({ createdAt, parse: { askedAt, plan } }: Document): Steps<DocumentStatus> {
  const begins = askedAt + plan.queueMs
  return [
    { at: createdAt, status: 'uploaded' },
    { at: askedAt, status: 'queued' },
    { at: begins, status: 'parsing' },
    { at: begins + plan.parseMs, status: plan.failure === null ? 'parsed' : 'failed' }
  ]
}

function resultSteps (run: Run, parsing: Parsing): Steps<ResultStatus> {
  const pending: Step<ResultStatus> = { at: run.askedAt, status: 'parsing_pending' }
  const readyAt = Math.max(run.askedAt, parsing.ends)
  if (parsing.failure !== null) return [pending, { at: readyAt, status: 'failed' }]
  const begins = readyAt + run.plan.queueMs
  return [
    pending,
    { at: readyAt, status: 'created' },
    { at: begins, status: 'processing' },
    { at: begins + run.plan.extractMs, status: endOf(run.plan) }
  ]
}

function endOf (plan: ExtractPlan): ResultStatus {
  return plan.failure === null ? 'completed' : 'failed'
}

function resultState (run: Run, parsing: Parsing, now: number): ResultState {
  const { status, at } = currentStep(resultSteps(run, parsing), now)
  const over = status === 'completed' || status === 'failed'
  return {
    id: run.id,
    template: run.template,
    status,
    createdAt: run.askedAt,
    updatedAt: at,
    completedAt: over ? at : null,
    failure: status === 'failed' ? parsing.failure ?? run.plan.failure : null,
    fixture: run.plan.fixture
  }
}

/** The last step that lies at or before `now`; of several at one instant, the last. */
function currentStep<Status> (steps: Steps<Status>, now: number): Step<Status> {
  let current = steps[0]
  for (const step of steps) if (step.at <= now) current = step
  return current
}
