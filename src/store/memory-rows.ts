import type { Batch } from '../domain/lifecycle/records.ts'
import { batchKey } from '../domain/lifecycle/batch.ts'
import { LayeredMap } from './layered-map.ts'
import { countKey, ROW_KINDS, type Row, type RowKind, type Rows, type RowTypes, type Transaction, type View } from './rows.ts'

type Tables = { readonly [Kind in RowKind]: LayeredMap<string, RowTypes[Kind]> }

export type WrittenRows = ReadonlyMap<RowKind, ReadonlyMap<string, unknown>>

/** Rows in this process's memory. All that `read` and `write` do is done in one go, so that nothing can come between. */
export class MemoryRows implements Rows, View {
  readonly #tables: Tables
  readonly #versions = new Map<RowKind, number>()
  readonly #wallClock: () => number
  #tell: (written: WrittenRows) => void = () => {}

  constructor (wallClock: () => number, content: Iterable<Row> = [], tables = tablesOf(() => new LayeredMap())) {
    this.#wallClock = wallClock
    this.#tables = tables
    for (const [kind, key, value] of content) this.#put(kind, key, value)
  }

  /** Sets what is called after each write. */
  onWrite (tell: (written: WrittenRows) => void): void {
    this.#tell = tell
  }

  /** Returns other rows with the same content, at a cost that does not grow with it; each side continues on its own. */
  fork (): MemoryRows {
    return new MemoryRows(this.#wallClock, [], tablesOf(kind => this.#tables[kind].fork()))
  }

  async read<T> (compute: (view: View) => T): Promise<T> {
    return compute(this)
  }

  async write<T> (decide: (transaction: Transaction) => T): Promise<T> {
    const transaction = new MemoryTransaction(this)
    const result = decide(transaction)
    for (const [kind, written] of transaction.writes) for (const [key, value] of written) this.#put(kind, key, value)
    this.#tell(transaction.writes)
    return result
  }

  async addBatch (batch: Batch, complete?: (transaction: Transaction, key: string) => void): Promise<string> {
    return await this.write(transaction => {
      const key = nextKey(transaction, batch.head)
      transaction.put('batch', key, batch)
      complete?.(transaction, key)
      return key
    })
  }

  async * scan<Kind extends RowKind> (kind: Kind): AsyncGenerator<readonly [string, RowTypes[Kind]]> {
    yield * this.list(kind)
  }

  get wallTime (): number {
    return this.#wallClock()
  }

  get<Kind extends RowKind> (kind: Kind, key: string): RowTypes[Kind] | undefined {
    const table = this.#tables[kind]
    // A key that was just put together is expensive to look up.
    return table.isEmpty ? undefined : table.get(key)
  }

  list<Kind extends RowKind> (kind: Kind): Iterable<readonly [string, RowTypes[Kind]]> {
    return this.#tables[kind].entries()
  }

  version (kind: RowKind): number {
    return this.#versions.get(kind) ?? 0
  }

  #put (kind: RowKind, key: string, value: RowTypes[RowKind]): void {
    const table: LayeredMap<string, RowTypes[RowKind]> = this.#tables[kind]
    table.set(key, value)
    this.#versions.set(kind, this.version(kind) + 1)
  }
}

/** Sees the rows with its own writes, which are applied when it is done. */
class MemoryTransaction implements Transaction {
  readonly writes = new Map<RowKind, Map<string, RowTypes[RowKind]>>()
  readonly #rows: MemoryRows

  constructor (rows: MemoryRows) {
    this.#rows = rows
  }

  get wallTime (): number {
    return this.#rows.wallTime
  }

  get<Kind extends RowKind> (kind: Kind, key: string): RowTypes[Kind] | undefined {
    const written = this.writes.get(kind)?.get(key)
    return written === undefined ? this.#rows.get(kind, key) : written as RowTypes[Kind]
  }

  list<Kind extends RowKind> (kind: Kind): Iterable<readonly [string, RowTypes[Kind]]> {
    return this.#rows.list(kind)
  }

  version (kind: RowKind): number {
    return this.#rows.version(kind)
  }

  put<Kind extends RowKind> (kind: Kind, key: string, value: RowTypes[Kind]): void {
    const written = this.writes.get(kind) ?? new Map()
    this.writes.set(kind, written.set(key, value))
  }
}

function nextKey (transaction: Transaction, head: string): string {
  const first = batchKey(head, 0)
  if (transaction.get('batch', first) === undefined) return first
  // Counted only where there is more than one: most batches are the only ones of their kind.
  const counter = countKey('batch', head)
  const occurrence = transaction.get('counter', counter) ?? 1
  transaction.put('counter', counter, occurrence + 1)
  return batchKey(head, occurrence)
}

function tablesOf (make: (kind: RowKind) => object): Tables {
  return Object.fromEntries(ROW_KINDS.map(kind => [kind, make(kind)])) as unknown as Tables
}
