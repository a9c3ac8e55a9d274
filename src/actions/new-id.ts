import type { Namespace } from '../namespaces/namespace.ts'
import { uuidOf } from '../domain/ids.ts'

/** Returns the id of a new record: a function of its natural key, and of how many records with the same key came before. */
export async function newId ({ name, seed, records }: Namespace, ...natural: ReadonlyArray<string | number | null>): Promise<string> {
  return uuidOf(seed, name, JSON.stringify(natural), await records.countOccurrence(...natural))
}
