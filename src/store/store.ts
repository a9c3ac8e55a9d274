import type { ExtractPlan } from '../domain/lifecycle/plan.ts'
import type { Upload } from '../domain/files/upload.ts'
import type { Batch, Document, FoundDocument, Parsing, Run, RunRequest, Session, StandaloneSession, Template } from '../domain/lifecycle/records.ts'
import type { Role, User, Workspace } from '../domain/workspaces/workspace.ts'

/**
 * Where records are kept. A store holds many namespaces that never see each other's records, ids and counters included;
 * one comes into being when it is first asked for.
 *
 * What every implementation promises (test/store/contract.ts is the proof):
 *
 * - Each method is one atomic step: when its promise resolves, everything it was given is stored and visible to every
 *   later call on any replica; when it rejects, nothing is. What names something that is not there rejects with Missing.
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
  readonly users: Numbered<User>
  /** A workspace goes with all that is in it. */
  readonly workspaces: Numbered<Workspace>
  /** A template goes with its sessions and their results, and with the documents that are attached to no other sessions. */
  readonly templates: Collection<string, Template>

  /** In which workspaces somebody is what, by the number of the workspace; empty for an address that nobody has. */
  rolesOf (email: string): Promise<ReadonlyMap<number, Role>>

  /**
   * Keeps a batch and tells how many batches of the same `head` came before it (0 for the first): head and occurrence
   * are what its sessions are addressed by. Two calls never get the same answer, however they overlap.
   */
  addBatch (batch: Batch): Promise<number>

  /** Keeps a session without documents. */
  addSession (session: StandaloneSession): Promise<void>

  /** The sessions with those ids, in that order, undefined for each id that is no session's. */
  findSessions (ids: readonly string[]): Promise<Array<Session | undefined>>

  /** All sessions. */
  sessions (): AsyncIterable<Session>

  /** Gives a session another name. */
  renameSession (id: string, name: string, renamedAt: number): Promise<void>

  /**
   * Keeps documents, except for those whose bytes the workspace has already: then that one stands for it. Attaches them to
   * a session, if one is named.
   */
  addDocuments (documents: readonly Document[], sessionId: string | null): Promise<AddedDocument[]>

  /** Attaches documents to a session, in that order, behind those that are attached already; rejects if anything is unknown. */
  attach (sessionId: string, documentIds: readonly string[]): Promise<void>

  /** Detaches a document from a session, and removes those results. */
  detach (sessionId: string, documentId: string, resultIds: readonly string[]): Promise<void>

  /** The documents with those ids, in that order, undefined for each id that is no document's. */
  findDocuments (ids: readonly string[]): Promise<Array<FoundDocument | undefined>>

  /** All documents. */
  documents (): AsyncIterable<FoundDocument>

  /** Replaces the parsings of a document by what is decided about them, at once; rejects if there is no such document, or as `decide` throws. */
  changeParsings (documentId: string, decide: (parsings: readonly Parsing[]) => readonly Parsing[]): Promise<readonly Parsing[]>

  /** The session that a result belongs to, by the result's id. An automatic run's is known before the run exists. */
  findSessionOfResult (resultId: string): Promise<Session | undefined>

  /** Appends a run to each of the named sessions, each named once, and tells which; or, if any is unknown, to none, and rejects. Documents that were never parsed are parsed for it. */
  addRuns (sessionIds: readonly string[], asked: RunRequest): Promise<Run[]>

  /** Gives a run, asked for or automatic, another plan; rejects if there is no such result. */
  putExtractPlan (resultId: string, plan: ExtractPlan): Promise<void>

  /** Removes sessions with their results, results, and documents, by their ids: from now on they are not found. Nothing else gets their ids. */
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

/** Records of one kind, by their ids. */
export interface Collection<Id, T extends { readonly id: Id }> {
  find (id: Id): Promise<T | undefined>
  /** All of them, in the order in which they came. */
  list (): Promise<T[]>
  add (record: T): Promise<void>
  /** Replaces a record by what is decided about it, at once; rejects if there is none, or as `decide` throws. */
  change (id: Id, decide: (record: T) => T): Promise<T>
  /** Removes a record; nothing else gets its id. */
  remove (id: Id): Promise<void>
}

/** Records that are numbered as they come. */
export interface Numbered<T extends { readonly id: number }> extends Collection<number, T> {
  /** Keeps what is made with the next number: one that none had before. */
  insert (make: (id: number) => T): Promise<T>
  /** The first record that is as wanted, or else, at once, what `insert` would make. */
  ensure (isWanted: (record: T) => boolean, make: (id: number) => T): Promise<T>
}

/** What a document has become: itself, or one that was there already. */
export interface AddedDocument {
  readonly document: Document
  readonly reused: boolean
}

/** What every namespace begins with. */
export interface SeedData {
  readonly users: readonly User[]
  readonly workspaces: readonly Workspace[]
  readonly templates: readonly Template[]
}

/** What was named is not there, or no longer: somebody else may have removed it since it was looked up. */
export class NotFound extends Error {
  readonly kind: string

  constructor (kind: string, id: string | number) {
    super(`no ${kind.toLowerCase()} ${id}`)
    this.kind = kind
  }
}

/** What was to be restored is no dump. */
export class UnreadableDump extends Error {}
