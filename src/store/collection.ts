import { NotFound, type Collection, type Numbered } from './records.ts'
import type { Rows, Transaction, View } from './rows.ts'

/** The rows of a collection. */
export interface Table<Id, T> {
  readonly rows: Rows
  /** The name of one of the records in errors. */
  readonly name: string
  /** Returns every id that was ever given, and its record; undefined or null where that is gone, with its parent or by itself. */
  entries (view: View): Iterable<readonly [id: Id, record: T | undefined]>
  find (view: View, id: Id): T | undefined
  put (transaction: Transaction, id: Id, record: T): void
  remove (transaction: Transaction, id: Id): void
}

/** Creates a collection over its rows. */
export function createCollection<Id extends string | number, T extends { readonly id: Id }> (table: Table<Id, T>): Collection<Id, T> {
  const { rows, name } = table
  return {
    find: id => rows.read(view => table.find(view, id)),
    list: () => rows.read(view => present(table, view)),
    async add (record) {
      await rows.write(transaction => { table.put(transaction, record.id, record) })
    },
    async change (id, decide) {
      return await rows.write(transaction => {
        const record = table.find(transaction, id)
        if (record === undefined) throw new NotFound(name, id)
        const next = decide(record)
        table.put(transaction, id, next)
        return next
      })
    },
    async remove (id) {
      await rows.write(transaction => { table.remove(transaction, id) })
    }
  }
}

/** Creates a collection of numbered records. */
export function createNumbered<T extends { readonly id: number }> (table: Table<number, T>): Numbered<T> {
  const { rows } = table

  function insert (transaction: Transaction, make: (id: number) => T): T {
    let last = 0
    for (const [id] of table.entries(transaction)) last = Math.max(last, id)
    const record = make(last + 1)
    table.put(transaction, record.id, record)
    return record
  }

  return {
    ...createCollection(table),
    insert: make => rows.write(transaction => insert(transaction, make)),
    async ensure (isWanted, make) {
      return await rows.write(transaction => present(table, transaction).find(isWanted) ?? insert(transaction, make))
    }
  }
}

function present<Id, T> (table: Table<Id, T>, view: View): T[] {
  return [...table.entries(view)].map(([, record]) => record).filter(record => record !== undefined)
}
