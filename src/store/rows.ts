import type { Clock } from '../domain/lifecycle/clock.ts'
import type { OutcomeRules } from '../domain/lifecycle/outcomes.ts'
import type { ExtractPlan } from '../domain/lifecycle/plan.ts'
import type { Upload } from '../domain/files/upload.ts'
import type { Batch, Document, Parsing, Run, StandaloneSession, Template } from '../domain/lifecycle/records.ts'
import type { Faults } from '../domain/traffic/faults.ts'
import type { RateWindow } from '../domain/traffic/rate-window.ts'
import type { User, Workspace } from '../domain/workspaces/workspace.ts'

/**
 * The port under the repository: the rows of one incarnation of a namespace. A row has a kind and a key, and its value never
 * changes in place. Domain decisions are made above this port, once; a store implements only these few methods.
 */
export interface Rows {
  /**
   * Runs `compute` over the rows as they are at one instant. It must be pure: a store that fetches rows on demand runs it again
   * when they have arrived.
   */
  read<T> (compute: (view: View) => T): Promise<T>
  /**
   * Runs `decide` as `read` does, and applies its writes together: all of them, or none if it throws. A store shared by
   * several processes runs it again if a row that it saw has changed meanwhile.
   */
  write<T> (decide: (transaction: Transaction) => T): Promise<T>
  /**
   * Adds a batch under the next free key of its head, and returns that key. `complete` writes what belongs to the batch in
   * the same step: if it throws, no batch is added.
   */
  addBatch (batch: Batch, complete?: (transaction: Transaction, key: string) => void): Promise<string>
  /** Streams the rows of a kind in the order in which they were added. Rows that are added meanwhile may be left out. */
  scan<Kind extends RowKind> (kind: Kind): AsyncIterable<readonly [key: string, value: RowTypes[Kind]]>
}

/** Rows as they are at one instant. */
export interface View {
  /** Milliseconds since the epoch; never goes backwards. */
  readonly wallTime: number
  get<Kind extends RowKind> (kind: Kind, key: string): RowTypes[Kind] | undefined
  /** All rows of a kind, in the order in which they were added. */
  list<Kind extends RowKind> (kind: Kind): Iterable<readonly [key: string, value: RowTypes[Kind]]>
  /** A value that is another one after any change of a row of the kind. */
  version (kind: RowKind): unknown
}

/** A view that can write. `get` sees what was put, `list` does not. */
export interface Transaction extends View {
  put<Kind extends RowKind> (kind: Kind, key: string, value: RowTypes[Kind]): void
}

/** The values of each kind of row. */
export interface RowTypes {
  /** One row with the empty key, as `outcomes` and `faults`. */
  readonly settings: NamespaceSettings
  readonly outcomes: OutcomeRules
  readonly faults: Faults
  /** By rate epoch and address. */
  readonly rateWindow: RateWindow
  /** The instant at which a client of an auto clock last saw a resource, by clock epoch and id. */
  readonly seen: number
  /** By number; null after removal, as workspaces and templates. */
  readonly user: User | null
  readonly workspace: Workspace | null
  readonly template: Template | null
  /** By head and occurrence: the first 32 characters of the ids that the batch gives rise to. */
  readonly batch: Batch
  /** Sessions and documents that belong to no batch. */
  readonly session: StandaloneSession
  readonly document: Omit<Document, 'parsings'>
  /** Facts that were added after a session, document or run was created, by its id. */
  readonly later: LaterFacts
  /** The first document of a workspace with certain bytes, by workspace and digest. */
  readonly documentByBytes: string
  readonly upload: Upload
  /** The number of times that a natural key occurred. */
  readonly counter: number
}

export type RowKind = keyof RowTypes

/** A row with its address. */
export type Row = { readonly [Kind in RowKind]: readonly [kind: Kind, key: string, value: RowTypes[Kind]] }[RowKind]

/** Settings of a namespace that its control API can change, and its seed. */
export interface NamespaceSettings {
  /** Fixes every id, duration and extracted value. */
  readonly seed: string
  readonly clock: Clock
  /** Rises whenever the clock is set: what clients saw before does not count any more. */
  readonly clockEpoch: number
  /** The number of requests that an IP address may make in a minute; null for no limit. */
  readonly maxRate: number | null
  /** Rises whenever the rate limit is set: earlier windows do not count any more. */
  readonly rateEpoch: number
}

export interface LaterFacts {
  readonly removed?: true
  /** The name that a session was given, and the instant. */
  readonly renamed?: { readonly name: string, readonly at: number }
  /** The ids of the documents of a session, if they are not the ones it was created with. */
  readonly documents?: readonly string[]
  /** The runs that were requested for a session. */
  readonly runs?: readonly StoredRun[]
  /** The parsings of a document, if they are not the ones it was created with. */
  readonly parsings?: readonly Parsing[]
  /** The sessions that a document was attached to after it was created. */
  readonly sessions?: readonly string[]
  /** The requested runs over a document, by session and place among the runs of that. */
  readonly takenBy?: ReadonlyArray<{ readonly session: string, readonly index: number }>
  /** The plan of an automatic run, if it is not the one it was created with. */
  readonly plan?: ExtractPlan
  /** The session that a requested run belongs to. */
  readonly session?: string
}

/** A run that names its documents instead of holding them; `index` is that of the parsing. */
export type StoredRun = Omit<Run, 'inputs'> & { readonly inputs: ReadonlyArray<{ readonly documentId: string, readonly index: number }> }

/** The kinds of rows that a saved state holds as they are. */
export const RECORD_KINDS = [
  'user', 'workspace', 'template', 'batch', 'session', 'document', 'later', 'documentByBytes', 'upload', 'counter'
] as const satisfies readonly RowKind[]

export type RecordKind = typeof RECORD_KINDS[number]

export const ROW_KINDS: readonly RowKind[] = ['settings', 'outcomes', 'faults', 'rateWindow', 'seen', ...RECORD_KINDS]

/** The key of the only row of a kind. */
export const ONLY = ''

/** The key of the counter of a natural key. */
export function countKey (...natural: ReadonlyArray<string | number | null>): string {
  return JSON.stringify(natural)
}
