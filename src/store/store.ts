import type { EventEmitter } from 'node:events'
import type { Exchange, Journal } from './journal.ts'
import type { NamespaceSettings, Row, RowKind, Rows } from './rows.ts'
import type { Tokens } from './tokens.ts'
import type { Faults } from '../domain/traffic/faults.ts'
import type { OutcomeRules } from '../domain/lifecycle/outcomes.ts'

/**
 * The owner of all mutable state but the bytes of uploads: namespaces with their rows and journals, and tokens. A namespace is
 * identified by its name; each reset gives it a new incarnation, and requests under way finish in the incarnation that they
 * began in.
 */
export interface Store {
  readonly tokens: Tokens
  /** Returns the namespace of that name; undefined if there is none. */
  find (name: string): Promise<Incarnation | undefined>
  /** Returns all namespaces in the order in which they were created. */
  list (): Promise<Incarnation[]>
  /** Prepares a namespace that others cannot see until it is published. Its cost does not grow with the content it starts from. */
  draft (name: string, content: DraftContent): Promise<Incarnation>
  /**
   * Makes a draft the namespace of its name and returns it. If there is one already, `replace` decides: it is replaced, or it
   * is returned instead of the draft. Throws TooManyNamespaces.
   */
  publish (draft: Incarnation, options: { readonly replace: boolean }): Promise<Incarnation>
  /** Removes the namespace of that name, if there is one. */
  drop (name: string): Promise<void>
  /** Resolves when the store can serve; rejects with the reason when it cannot. */
  ready (): Promise<void>
  /** Releases everything; no method is called afterwards. */
  close (): Promise<void>
}

/** The content of a draft: that of another namespace, the given rows, or the seed data; then what else is given replaces it. */
export interface DraftContent {
  readonly from?: Incarnation | Iterable<Row> | undefined
  readonly settings?: (wallTime: number) => NamespaceSettings
  readonly outcomes?: OutcomeRules
  readonly faults?: Faults
}

/** The state of a namespace from one reset to the next. */
export interface Incarnation {
  readonly name: string
  readonly rows: Rows
  readonly journal: Journal
  readonly events: EventEmitter<NamespaceEvents>
}

export interface NamespaceEvents {
  /** Something may have changed: the clock was moved, or a fact was added. */
  changed: []
  /** A request was answered, so that something may have changed. */
  answered: [Exchange]
  /** Rows were written that the statuses of resources, or whether they exist, depend on. */
  written: [rows: readonly RowAddress[]]
  /** The incarnation was replaced or removed. */
  dropped: []
}

export type RowAddress = readonly [kind: RowKind, key: string]

/** The kinds of rows whose writes are told. */
export const TOLD_KINDS: ReadonlySet<RowKind> = new Set(['settings', 'workspace', 'template', 'batch', 'session', 'document', 'later'])

/** The maximum number of namespaces. */
export const MAX_NAMESPACES = 10_000

/** Thrown where one more namespace would be too many. */
export class TooManyNamespaces extends Error {
  constructor () {
    super(`There are already ${MAX_NAMESPACES} namespaces: delete some that are no longer needed.`)
  }
}
