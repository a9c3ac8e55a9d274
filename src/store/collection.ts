import { NotFound, type Collection, type Numbered } from './store.ts'
import type { LayeredMap } from './layered-map.ts'

export interface CollectionOptions<Id, T> {
  /** What its records are called. */
  readonly kind: string
  readonly map: LayeredMap<Id, T>
  /** Whether a record is gone, with what it belongs to or by itself. */
  readonly isGone: (record: T) => boolean
  readonly remove: (id: Id) => void
  /** Called after every change. */
  readonly changed?: () => void
}

/** A collection of records in this process's memory. */
export function createCollection<Id extends string | number, T extends { readonly id: Id }> ({ kind, map, isGone, remove, changed }: CollectionOptions<Id, T>): Collection<Id, T> {
  function present (id: Id): T | undefined {
    const record = map.get(id)
    return record === undefined || isGone(record) ? undefined : record
  }

  return {
    async find (id) {
      return present(id)
    },
    async list () {
      return [...map.entries()].map(([, record]) => record).filter(record => !isGone(record))
    },
    async add (record) {
      map.set(record.id, record)
      changed?.()
    },
    async change (id, decide) {
      const record = present(id)
      if (record === undefined) throw new NotFound(kind, id)
      const next = decide(record)
      map.set(id, next)
      changed?.()
      return next
    },
    async remove (id) {
      remove(id)
      changed?.()
    }
  }
}

/** The same for records that are numbered as they come. */
export function createNumbered<T extends { readonly id: number }> (options: CollectionOptions<number, T>): Numbered<T> {
  const { map, isGone, changed } = options

  function insert (make: (id: number) => T): T {
    let last = 0
    for (const [id] of map.entries()) last = Math.max(last, id)
    const record = make(last + 1)
    map.set(record.id, record)
    changed?.()
    return record
  }

  return {
    ...createCollection(options),
    async insert (make) {
      return insert(make)
    },
    async ensure (isWanted, make) {
      for (const [, record] of map.entries()) if (!isGone(record) && isWanted(record)) return record
      return insert(make)
    }
  }
}
