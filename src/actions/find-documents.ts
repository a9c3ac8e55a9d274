import type { FoundDocument } from '../domain/lifecycle/records.ts'
import type { Namespace } from '../namespaces/namespace.ts'

/** Returns the documents with these ids, in that order; ids of no document are left out. */
export async function findDocuments ({ records }: Namespace, ids: readonly string[]): Promise<FoundDocument[]> {
  const found = await records.findDocuments(ids)
  return found.filter(document => document !== undefined)
}
