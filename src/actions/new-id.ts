import type { Namespace } from '../namespaces/namespace.ts'
import { uuidOf } from '../domain/ids.ts'

/** The id of a new thing: it follows from what the thing naturally is, and from how many of the same came before. */
export async function newId ({ name, seed, store }: Namespace, ...natural: ReadonlyArray<string | number | null>): Promise<string> {
  const key = JSON.stringify(natural)
  return uuidOf(seed, name, key, await store.countOccurrence(key))
}
