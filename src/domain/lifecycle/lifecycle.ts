import type { Document, FoundDocument, Parsing, Run, RunInput, Session, Template } from './records.ts'
import type { Fixture } from './outcome.ts'
import { filenameOfKey } from '../files/file-key.ts'
import { known } from '../known.ts'
import {
  currentStatus, documentSchedule, parsingBeginsAt, parsingEndsAt, parsingSchedule, parsingWindowOf, resultSchedule, runsOf,
  type ParsingWindow
} from './schedule.ts'
import type { DocumentStatus, ParsingStatus, ResultStatus, SessionStatus } from './statuses.ts'

/**
 * The state of records at an instant. Every function here is a pure function of a record and `now`: reading changes nothing,
 * so any number of readers in any order, on any replica, after any pause, see the same state.
 */

/** The name of a batch-created session until parsing begins. */
export const PENDING_NAME = 'Pending...'

/** The state of a run at an instant. */
export interface ResultState {
  readonly id: string
  readonly template: Template
  /** The documents that the run extracts from. */
  readonly documents: readonly Document[]
  readonly status: ResultStatus
  readonly createdAt: number
  /** The instant of the last change. */
  readonly updatedAt: number
  /** Null until the run has completed or failed. */
  readonly completedAt: number | null
  /** The reason why the run failed; null unless it has. */
  readonly failure: string | null
  /** Exact values for the result; null if all values come from the documents or are generated. */
  readonly fixture: Fixture | null
}

/** The state of a document at an instant. */
export interface DocumentState {
  readonly status: DocumentStatus
  /** The instant of the last change. */
  readonly updatedAt: number
  /** The reason why parsing failed; null unless it has. */
  readonly failure: string | null
}

/** The state of one parsing of a document at an instant. */
export interface ParsingState {
  readonly status: ParsingStatus
  readonly updatedAt: number
}

/** Returns the session's status and name, and the instant at which either last changed. */
export function sessionAt (session: Session, now: number): { status: SessionStatus, name: string, updatedAt: number } {
  const parsing = parsingWindowOf(session.documents.flatMap(inputsOf), session.createdAt)
  const results = resultsAt(session, now)
  const namedAt = takesNameAt(session)
  return {
    status: sessionStatus(parsing, results.at(-1)?.status, now),
    name: typeof session.name === 'string' ? session.name : now >= namedAt ? filenameOf(session.name.document) : PENDING_NAME,
    updatedAt: Math.max(
      session.createdAt,
      session.renamedAt ?? 0,
      ...[namedAt, parsing.beginsAt, parsing.endsAt].filter(at => at <= now),
      ...results.map(result => result.updatedAt)
    )
  }
}

/** The instant at which a session takes the name of its document; Infinity if it has a fixed name. */
function takesNameAt ({ name }: Session): number {
  if (typeof name === 'string') return Infinity
  return name.parsing.plan.lateName ? parsingEndsAt(name.parsing) : parsingBeginsAt(name.parsing)
}

function sessionStatus (parsing: ParsingWindow, newest: ResultStatus | undefined, now: number): SessionStatus {
  if (parsing.failure !== null && now >= parsing.endsAt) return 'failed'
  if (newest === 'completed' || newest === 'failed') return newest
  if (newest !== undefined) return 'processing'
  return now >= parsing.beginsAt && now < parsing.endsAt ? 'processing' : 'pending'
}

function inputsOf (document: Document): RunInput[] {
  const parsing = document.parsings.at(-1)
  return parsing === undefined ? [] : [{ document, parsing }]
}

/** Returns the results of a session that exist at `now`, oldest first. */
export function resultsAt (session: Session, now: number): ResultState[] {
  return runsOf(session).filter(run => run.requestedAt <= now).map(run => resultState(run, now))
}

/** Returns one result of a session; undefined if it does not exist at `now`. */
export function resultAt (session: Session, id: string, now: number): ResultState | undefined {
  return resultsAt(session, now).find(result => result.id === id)
}

function resultState (run: Run, now: number): ResultState {
  const { status, at } = currentStatus(resultSchedule(run), now)
  const ended = status === 'completed' || status === 'failed'
  return {
    id: run.id,
    template: run.template,
    documents: run.inputs.map(({ document }) => document),
    status,
    createdAt: run.requestedAt,
    updatedAt: at,
    completedAt: ended ? at : null,
    failure: status === 'failed' ? parsingWindowOf(run.inputs, run.requestedAt).failure ?? run.plan.failure : null,
    fixture: run.plan.fixture
  }
}

/** Returns a run of a session, which must exist, and the instant at which its documents are parsed (possibly in the future). */
export function runOf (session: Session, id: string): { readonly run: Run, readonly readyAt: number } {
  const run = known(runsOf(session).find(run => run.id === id), 'the run is in its session')
  return { run, readyAt: parsingWindowOf(run.inputs, run.requestedAt).endsAt }
}

/** Returns the runs of a session over a document that start after `now`: the automatic run, or none. */
export function comingRunsOver (document: Document, session: Session, now: number): Run[] {
  return runsOf(session).filter(({ requestedAt, inputs }) => requestedAt > now && inputs.some(input => input.document.id === document.id))
}

/** Returns the state of a document: that of its last parsing, and `processed` after the first completed run over that parsing. */
export function documentAt ({ document, runs }: FoundDocument, now: number): DocumentState {
  const { status, at } = currentStatus(documentSchedule(document), now)
  if (status === 'failed') {
    return { status, updatedAt: at, failure: known(document.parsings.at(-1)?.plan.failure, 'a failed document has a failure') }
  }
  const completed = status === 'parsed' ? completionsOver(document, runs).filter(at => at <= now) : []
  if (completed.length === 0) return { status, updatedAt: at, failure: null }
  return { status: 'processed', updatedAt: Math.max(at, Math.min(...completed)), failure: null }
}

/** The instants at which runs over the last parsing of a document complete. */
function completionsOver (document: Document, runs: readonly Run[]): number[] {
  const last = document.parsings.length - 1
  return runs
    .filter(({ inputs }) => inputs.some(input => input.document.id === document.id && input.parsing.index === last))
    .flatMap(resultSchedule)
    .filter(({ status }) => status === 'completed')
    .map(({ at }) => at)
}

export function parsingAt (parsing: Parsing, now: number): ParsingState {
  const { status, at: updatedAt } = currentStatus(parsingSchedule(parsing), now)
  return { status, updatedAt }
}

/** Returns every instant at which the session changes unless a further request is made; in order, without duplicates. */
export function eventsOf (session: Session): number[] {
  const statuses = [...session.documents.flatMap(documentSchedule), ...runsOf(session).flatMap(resultSchedule)]
  return instantsOf([...statuses, { at: takesNameAt(session) }])
}

/** Returns the same for a document, which changes by its parsing and by the runs over it. */
export function eventsOfDocument ({ document, runs }: FoundDocument): number[] {
  // A processed document is not changed by further runs.
  return instantsOf([...documentSchedule(document), { at: Math.min(...completionsOver(document, runs)) }])
}

function instantsOf (entries: ReadonlyArray<{ readonly at: number }>): number[] {
  return [...new Set(entries.map(({ at }) => at))].filter(Number.isFinite).sort((a, b) => a - b)
}

/** Returns the name of a document: its own, the one that its uploader gave it, or the one in its file key. */
export function filenameOf ({ filename, upload, key }: Document): string {
  return filename ?? upload?.filename ?? filenameOfKey(key)
}
