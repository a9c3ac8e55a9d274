import type { ExtractPlan, ParsePlan } from '../domain/plan.ts'
import type { Batch, Run, RunRequest, Session, Template, Upload } from '../domain/records.ts'

/**
 * Where records are kept. A store holds many namespaces that never see each other's records, ids and counters included;
 * one comes into being when it is first asked for.
 *
 * What every implementation promises (test/store/contract.ts is the proof):
 *
 * - Each method is one atomic step: when its promise resolves, everything it was given is stored and visible to every
 *   later call on any replica; when it rejects, nothing is.
 * - What it hands out never changes behind the holder's back: records are immutable.
 * - Ids are looked up as given; callers pass them in lower case.
 * - It knows no time: instants are part of the records, and no method reads a clock or starts a timer.
 */
export interface Store {
  /** The records of one namespace. Cheap: may be called for every request. */
  namespace (name: string): NamespaceStore
  /** Forgets a namespace: the next call of `namespace` gives a new one. Whoever holds the old one goes on with it alone. */
  drop (name: string): Promise<void>
  /** Puts a dump in the place of what a namespace holds; whoever holds the old one goes on with it alone. Throws UnreadableDump. */
  restore (name: string, dump: string): Promise<void>
  /** Makes a namespace that holds what another one does, at a cost that does not grow with it; then each goes its own way. */
  fork (from: string, to: string): Promise<void>
  /** Resolves when the store can serve; rejects with the reason when it cannot. */
  ready (): Promise<void>
  /** Lets go of everything the store holds; no method is called afterwards. */
  close (): Promise<void>
}

export interface NamespaceStore {
  /** The template with that id, or undefined. */
  findTemplate (id: string): Promise<Template | undefined>

  /**
   * Keeps a batch and tells how many batches of the same `head` came before it (0 for the first): head and occurrence
   * are what its sessions are addressed by. Two calls never get the same answer, however they overlap.
   */
  addBatch (batch: Batch): Promise<number>

  /** The sessions with those ids, in that order, undefined for each id that is no session's. */
  findSessions (ids: readonly string[]): Promise<Array<Session | undefined>>

  /** All sessions, in the order in which they were created. */
  sessions (): AsyncIterable<Session>

  /** The session that a document belongs to, by the document's id. */
  findSessionOfDocument (documentId: string): Promise<Session | undefined>

  /** The session that a result belongs to, by the result's id. An automatic run's is known before the run exists. */
  findSessionOfResult (resultId: string): Promise<Session | undefined>

  /** Appends a run to each of the named sessions, each named once, and tells which; or, if any is unknown, to none, and rejects. */
  addRuns (sessionIds: readonly string[], asked: RunRequest): Promise<Run[]>

  /** Gives the parsing of a document another plan; rejects if there is no such document. */
  putParsePlan (documentId: string, plan: ParsePlan): Promise<void>

  /** Gives a run, asked for or automatic, another plan; rejects if there is no such result. */
  putExtractPlan (resultId: string, plan: ExtractPlan): Promise<void>

  /** Removes sessions, with all that belongs to them, and results, by their ids: from now on they are not found. Nothing else gets their ids. */
  remove (ids: readonly string[]): Promise<void>

  /** Keeps the facts of an upload; a later upload under the same key takes its place. */
  putUpload (upload: Upload): Promise<void>

  /** The uploads under those file keys, by key; keys under which nothing was uploaded are left out. */
  findUploads (keys: readonly string[]): Promise<ReadonlyMap<string, Upload>>

  /** How many times this was called with the same `key` before: 0, then 1, and so on, without gaps or repeats. */
  countOccurrence (key: string): Promise<number>

  /** Everything that the namespace holds, as it is at one instant, in a text for `Store.restore`. */
  dump (): Promise<string>
}

/** What was to be restored is no dump. */
export class UnreadableDump extends Error {}
