import type { ExtractPlan } from '../domain/lifecycle/plan.ts'
import type { Upload } from '../domain/files/upload.ts'
import type {
  Batch, Document, FoundDocument, Parsing, Run, RunRequest, Session, StandaloneSession, Template
} from '../domain/lifecycle/records.ts'
import type { Role, User, Workspace } from '../domain/workspaces/workspace.ts'

/**
 * The records that clients have created in one incarnation of a namespace.
 *
 * Every store keeps these promises (the contract in the tests is the proof):
 *
 * - Each method is one atomic step: when its promise resolves, everything it was given is stored and visible to every later
 *   call on any replica; when it rejects, nothing is. An id that is unknown, or was removed meanwhile, rejects with NotFound.
 * - Records are immutable: what a method returned does not change later.
 * - Ids are looked up as given; callers pass them in lower case.
 * - Instants are part of the records: no method reads a clock or starts a timer.
 */
export interface Records {
  readonly users: Numbered<User>
  /** Resources in a removed workspace are not found any more. */
  readonly workspaces: Numbered<Workspace>
  /** Removing a template removes its sessions, their results, and the documents that are attached to no other session. */
  readonly templates: Collection<string, Template>

  /** Returns the roles of a user by the number of the workspace; empty for an unknown e-mail address. */
  rolesOf (email: string): Promise<ReadonlyMap<number, Role>>

  /** Adds a batch and returns the key that its sessions are addressed by. */
  addBatch (batch: Batch): Promise<string>

  /** Adds a session without documents. */
  addSession (session: StandaloneSession): Promise<void>

  /** Returns the sessions with these ids, in that order; undefined for an id of no session. */
  findSessions (ids: readonly string[]): Promise<Array<Session | undefined>>

  /** Streams all sessions. */
  sessions (): AsyncIterable<Session>

  renameSession (id: string, name: string, renamedAt: number): Promise<void>

  /**
   * Adds documents, and attaches them to a session if one is named. Where the workspace already has a document with the same
   * bytes, that one takes the place of the new one.
   */
  addDocuments (documents: readonly Document[], sessionId: string | null): Promise<AddedDocument[]>

  /** Attaches documents to a session, in that order, behind those that are attached already. */
  attach (sessionId: string, documentIds: readonly string[]): Promise<void>

  /** Detaches a document from a session, and removes the given results. */
  detach (sessionId: string, documentId: string, resultIds: readonly string[]): Promise<void>

  /** Returns the documents with these ids, in that order; undefined for an id of no document. */
  findDocuments (ids: readonly string[]): Promise<Array<FoundDocument | undefined>>

  /** Returns the sessions that a document is or was attached to. */
  sessionsOf (documentId: string): Promise<Session[]>

  /** Streams all documents. */
  documents (): AsyncIterable<FoundDocument>

  /** Replaces the parsings of a document by what `decide` makes of them. Rejects as `decide` throws. */
  changeParsings (documentId: string, decide: (parsings: readonly Parsing[]) => readonly Parsing[]): Promise<readonly Parsing[]>

  /** Returns the session that a result belongs to. An automatic run is known before it starts. */
  findSessionOfResult (resultId: string): Promise<Session | undefined>

  /** Appends a run to each of the sessions, and a parsing to documents that were never parsed. Returns the runs in that order. */
  addRuns (sessionIds: readonly string[], request: RunRequest): Promise<Run[]>

  /** Gives a run, requested or automatic, another plan. */
  putExtractPlan (resultId: string, plan: ExtractPlan): Promise<void>

  /** Removes sessions with their results, documents, and results, by their ids. No other record ever gets one of these ids. */
  remove (ids: readonly string[]): Promise<void>

  /** Keeps the facts of an upload in place of those of an earlier upload with the same key. */
  putUpload (upload: Upload): Promise<void>

  /** Returns the uploads with these file keys, by key. */
  findUploads (keys: readonly string[]): Promise<ReadonlyMap<string, Upload>>

  /** Returns how many times the method was called before with the same natural key: 0, then 1, without gaps or repeats. */
  countOccurrence (...natural: ReadonlyArray<string | number | null>): Promise<number>

  /** Returns the SHA-256 of every file that a record refers to. */
  digests (): Promise<Set<string>>

  /** Returns all records as they are at one instant, as a text that `readSavedRecords` understands. */
  dump (): Promise<string>
  /** Streams all records in pieces, each a text that `readSavedRecords` understands. No record may be added meanwhile. */
  dumpInPieces (): AsyncIterable<string>
}

/** Records of one kind, by their ids. */
export interface Collection<Id, T extends { readonly id: Id }> {
  find (id: Id): Promise<T | undefined>
  /** Returns all of them, in the order in which they were added. */
  list (): Promise<T[]>
  add (record: T): Promise<void>
  /** Replaces a record by what `decide` makes of it. Rejects as `decide` throws. */
  change (id: Id, decide: (record: T) => T): Promise<T>
  /** Removes a record; no other record ever gets its id. */
  remove (id: Id): Promise<void>
}

/** Records that are numbered in the order in which they are added. */
export interface Numbered<T extends { readonly id: number }> extends Collection<number, T> {
  /** Adds the record that `make` returns for the next number; no number is given twice. */
  insert (make: (id: number) => T): Promise<T>
  /** Returns the first record that `isWanted` accepts, or inserts one. */
  ensure (isWanted: (record: T) => boolean, make: (id: number) => T): Promise<T>
}

/** The document that stands for one that was added: itself, or an earlier one with the same bytes. */
export interface AddedDocument {
  readonly document: Document
  readonly reused: boolean
}

/** Thrown for an id that is unknown, or was removed since it was looked up. */
export class NotFound extends Error {
  readonly kind: string

  constructor (kind: string, id: string | number) {
    super(`no ${kind.toLowerCase()} ${id}`)
    this.kind = kind
  }
}
