import type { Document, FoundDocument, RunInput, Parsing, Run, Session, Template } from './records.ts'
import type { Fixture } from './outcomes.ts'
import { filenameOfKey } from '../files/file-key.ts'

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
  /** What it is about. */
  readonly documents: readonly Document[]
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
}

/** One parsing of a document as it stands at an instant. */
export interface ParsingState {
  readonly status: ParsingStatus
  readonly updatedAt: number
}

interface Step<Status> {
  readonly at: number
  readonly status: Status
}

type Steps<Status> = readonly [Step<Status>, ...Array<Step<Status>>]

/** The session's status, its name, and when either last changed. */
export function sessionAt (session: Session, now: number): { status: SessionStatus, name: string, updatedAt: number } {
  const parsing = parsingWindowOf(session.documents.flatMap(inputsOf), session.createdAt)
  const results = resultsAt(session, now)
  const namedAt = namedAfterAt(session)
  return {
    status: sessionStatus(parsing, results.at(-1)?.status, now),
    name: typeof session.name === 'string' ? session.name : now >= namedAt ? filenameOf(session.name.document) : PENDING_NAME,
    updatedAt: Math.max(
      session.createdAt,
      session.renamedAt ?? 0,
      ...[namedAt, parsing.begins, parsing.ends].filter(at => at <= now),
      ...results.map(result => result.updatedAt)
    )
  }
}

/** When a session takes the name of a document; Infinity if it has one of its own. */
function namedAfterAt ({ name }: Session): number {
  if (typeof name === 'string') return Infinity
  return name.parsing.plan.lateName ? endOf(name.parsing) : beginOf(name.parsing)
}

function sessionStatus (parsing: ParsingWindow, newest: ResultStatus | undefined, now: number): SessionStatus {
  if (parsing.failure !== null && now >= parsing.ends) return 'failed'
  if (newest === 'completed' || newest === 'failed') return newest
  if (newest !== undefined) return 'processing'
  return now >= parsing.begins && now < parsing.ends ? 'processing' : 'pending'
}

/** The results of a session that exist at `now`, oldest first. */
export function resultsAt (session: Session, now: number): ResultState[] {
  return runsOf(session).filter(run => run.requestedAt <= now).map(run => resultState(run, now))
}

/** One result of a session, or undefined if it does not exist at `now`. */
export function resultAt (session: Session, id: string, now: number): ResultState | undefined {
  return resultsAt(session, now).find(result => result.id === id)
}

/** One of the runs of a session, and since when, or from when on, it could be worked on. It must be there. */
export function runOf (session: Session, id: string): { readonly run: Run, readonly readyAt: number } {
  const run = runsOf(session).find(run => run.id === id) as Run
  return { run, readyAt: parsingWindowOf(run.inputs, run.requestedAt).ends }
}

/** The runs that come into being by themselves after `now`, of those that take the document. */
export function comingRunsOver (document: Document, session: Session, now: number): Run[] {
  return runsOf(session).filter(({ requestedAt, inputs }) => requestedAt > now && inputs.some(input => input.document.id === document.id))
}

/**
 * What has become of a document: of its last parsing, and it is `processed` once a run over that has completed in any of
 * the sessions.
 */
export function documentAt ({ document, runs }: FoundDocument, now: number): DocumentState {
  const { status, at } = currentStep(documentSteps(document), now)
  const state: DocumentState = { status, updatedAt: at, failure: status === 'failed' ? String(document.parsings.at(-1)?.plan.failure) : null }
  if (status !== 'parsed') return state
  const completed = completionsOver(document, runs).filter(at => at <= now)
  return completed.length === 0 ? state : { ...state, status: 'processed', updatedAt: Math.max(at, Math.min(...completed)) }
}

/** When runs over the last parsing of a document complete. */
function completionsOver (document: Document, runs: readonly Run[]): number[] {
  const last = document.parsings.length - 1
  const over = runs.filter(({ inputs }) => inputs.some(input => input.document.id === document.id && input.parsing.index === last))
  return over.map(run => resultSteps(run).at(-1) as Step<ResultStatus>).filter(({ status }) => status === 'completed').map(({ at }) => at)
}

export function parsingAt (parsing: Parsing, now: number): ParsingState {
  const { status, at: updatedAt } = currentStep(parsingSteps(parsing), now)
  return { status, updatedAt }
}

/** The first instant after `now` at which anything about the session changes by itself; undefined when all is done. */
export function nextEventAt (session: Session, now: number): number | undefined {
  return eventsOf(session).find(at => at > now)
}

/** Every instant at which anything about the session changes, unless somebody asks for more; in order, each once. */
export function eventsOf (session: Session): number[] {
  return instantsOf([...session.documents.flatMap(documentSteps), ...runsOf(session).flatMap(resultSteps), { at: namedAfterAt(session) }])
}

/** The same for a document, by itself and for the runs over it. */
export function eventsOfDocument ({ document, runs }: FoundDocument): number[] {
  // Once it is processed, further runs do not change it.
  return instantsOf([...documentSteps(document), { at: Math.min(...completionsOver(document, runs)) }])
}

function instantsOf (steps: ReadonlyArray<{ readonly at: number }>): number[] {
  return [...new Set(steps.map(({ at }) => at))].filter(Number.isFinite).sort((a, b) => a - b)
}

/** The name of a document: its own, the one its uploader gave it, or else what its key tells. */
export function filenameOf ({ filename, upload, key }: Document): string {
  return filename ?? upload?.filename ?? filenameOfKey(key)
}

/** Some parsings, seen as one step: it ends with the last, or with the first that fails. */
interface ParsingWindow {
  readonly begins: number
  readonly ends: number
  readonly failure: string | null
}

/** The step that lies before what could begin at `start` if there was nothing to parse. */
function parsingWindowOf (inputs: readonly RunInput[], start: number): ParsingWindow {
  let begins = Infinity
  let ends = start
  let failed: { at: number, reason: string } | null = null
  for (const { parsing } of inputs) {
    const end = endOf(parsing)
    begins = Math.min(begins, beginOf(parsing))
    ends = Math.max(ends, end)
    if (parsing.plan.failure !== null && (failed === null || end < failed.at)) failed = { at: end, reason: parsing.plan.failure }
  }
  return failed === null ? { begins, ends, failure: null } : { begins, ends: Math.max(start, failed.at), failure: failed.reason }
}

function inputsOf (document: Document): RunInput[] {
  const parsing = document.parsings.at(-1)
  return parsing === undefined ? [] : [{ document, parsing }]
}

/** Every run there will be unless somebody asks for more, in the order in which they come into being. */
function runsOf (session: Session): readonly Run[] {
  const automatic = automaticRunOf(session)
  if (automatic === null) return session.runs
  // Whoever asks at that very instant finds the automatic run there.
  const later = session.runs.findIndex(run => run.requestedAt >= automatic.requestedAt)
  return later === -1 ? [...session.runs, automatic] : session.runs.toSpliced(later, 0, automatic)
}

/** The run that starts by itself, with the instant at which it does; null if there is none. */
export function automaticRunOf ({ automaticRun, createdAt }: Session): Run | null {
  return automaticRun === null ? null : { ...automaticRun, requestedAt: parsingWindowOf(automaticRun.inputs, createdAt).ends }
}

function beginOf ({ requestedAt, plan }: Parsing): number {
  return requestedAt + plan.queueMs
}

function endOf (parsing: Parsing): number {
  return beginOf(parsing) + parsing.plan.parseMs
}

function parsingSteps (parsing: Parsing): Steps<ParsingStatus> {
  return [
    { at: parsing.requestedAt, status: 'queued' },
    { at: beginOf(parsing), status: 'parsing' },
    { at: endOf(parsing), status: parsing.plan.failure === null ? 'ready' : 'failed' }
  ]
}

function documentSteps ({ createdAt, parsings }: Document): Steps<DocumentStatus> {
  const uploaded: Step<DocumentStatus> = { at: createdAt, status: 'uploaded' }
  const last = parsings.at(-1)
  if (last === undefined) return [uploaded]
  return [uploaded, ...parsingSteps(last).map(({ at, status }): Step<DocumentStatus> => ({ at, status: status === 'ready' ? 'parsed' : status }))]
}

function resultSteps (run: Run): Steps<ResultStatus> {
  const pending: Step<ResultStatus> = { at: run.requestedAt, status: 'parsing_pending' }
  const { ends: readyAt, failure } = parsingWindowOf(run.inputs, run.requestedAt)
  if (failure !== null) return [pending, { at: readyAt, status: 'failed' }]
  const begins = readyAt + run.plan.queueMs
  return [
    pending,
    { at: readyAt, status: 'created' },
    { at: begins, status: 'processing' },
    { at: begins + run.plan.extractMs, status: run.plan.failure === null ? 'completed' : 'failed' }
  ]
}

function resultState (run: Run, now: number): ResultState {
  const { status, at } = currentStep(resultSteps(run), now)
  const over = status === 'completed' || status === 'failed'
  return {
    id: run.id,
    template: run.template,
    documents: run.inputs.map(({ document }) => document),
    status,
    createdAt: run.requestedAt,
    updatedAt: at,
    completedAt: over ? at : null,
    failure: status === 'failed' ? parsingWindowOf(run.inputs, run.requestedAt).failure ?? run.plan.failure : null,
    fixture: run.plan.fixture
  }
}

/** The last step that lies at or before `now`; of several at one instant, the last. */
function currentStep<Status> (steps: Steps<Status>, now: number): Step<Status> {
  let current = steps[0]
  for (const step of steps) if (step.at <= now) current = step
  return current
}
