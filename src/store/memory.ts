import type { Run, Session, Template, Upload } from '../domain/records.ts'
import type { NamespaceStore, Store } from './store.ts'
import { addressesOf, readAddress, sessionOf, type AddressKind } from '../domain/batch.ts'
import { nextRunOf } from '../domain/run.ts'
import { emptyRecords, forkOf, readDump, writeDump, type Records } from './records.ts'

/**
 * A store in this process's memory. Each namespace starts with the given templates and nothing else.
 *
 * A batch is kept as one record and its sessions are worked out from it when somebody asks; only what happens to a
 * session afterwards is kept for the session itself. A million sessions made fifty at a time need some tens of bytes each.
 */
export function createMemoryStore (templates: readonly Template[]): Store {
  const seedTemplates = new Map(templates.map(template => [template.id, template]))
  const namespaces = new Map<string, MemoryNamespace>()

  function namespaceOf (name: string): MemoryNamespace {
    let namespace = namespaces.get(name)
    if (namespace === undefined) {
      namespace = createNamespace(seedTemplates, emptyRecords())
      namespaces.set(name, namespace)
    }
    return namespace
  }

  return {
    namespace: namespaceOf,
    async drop (name) {
      namespaces.delete(name)
    },
    async restore (name, dump) {
      namespaces.set(name, createNamespace(seedTemplates, readDump(dump)))
    },
    async fork (from, to) {
      namespaces.set(to, createNamespace(seedTemplates, forkOf(namespaceOf(from).records)))
    },
    async ready () {},
    async close () {
      namespaces.clear()
    }
  }
}

/** Shared, since most batches are kept with it. */
const NO_UPLOADS: ReadonlyMap<string, Upload> = new Map()

type MemoryNamespace = NamespaceStore & { readonly records: Records }

function createNamespace (templates: ReadonlyMap<string, Template>, records: Records): MemoryNamespace {
  const { batches, runs, parsePlans, extractPlans, sessionByRun, removed, uploads, occurrences } = records

  function findByAddress (kind: AddressKind, id: string): Session | undefined {
    const address = readAddress(id)
    if (address?.kind !== kind) return undefined
    const batch = batches.get(address.head)?.[address.occurrence]
    return batch === undefined ? undefined : sessionOf(batch, address, records)
  }

  async function findSessionOfResult (resultId: string): Promise<Session | undefined> {
    if (removed.has(resultId)) return undefined
    const sessionId = sessionByRun.get(resultId)
    if (sessionId !== undefined) return findByAddress('session', sessionId)
    const session = findByAddress('result', resultId)
    return session?.automaticRun?.id === resultId ? session : undefined
  }

  return {
    records,

    async findTemplate (id) {
      return templates.get(id)
    },

    async addBatch (batch) {
      const same = batches.own(batch.head)
      if (same !== undefined) return same.push(batch) - 1
      const before = batches.get(batch.head) ?? []
      batches.set(batch.head, [...before, batch])
      return before.length
    },

    async findSessions (ids) {
      return ids.map(id => findByAddress('session', id))
    },

    async * sessions () {
      for (const [, same] of batches.entries()) {
        for (const [occurrence, { head, files }] of same.entries()) {
          for (const id of addressesOf(head, occurrence, 'session', files.length)) {
            const session = findByAddress('session', id)
            if (session !== undefined) yield session
          }
        }
      }
    },

    async findSessionOfDocument (documentId) {
      return findByAddress('document', documentId)
    },

    findSessionOfResult,

    async addRuns (sessionIds, asked) {
      const sessions = sessionIds.map(id => {
        const session = findByAddress('session', id)
        if (session === undefined) throw new Error(`no session ${id}`)
        return session
      })
      return sessions.map(session => {
        const before = runs.get(session.id) ?? []
        const run = nextRunOf(session, before.length, asked)
        runs.set(session.id, [...before, run])
        sessionByRun.set(run.id, session.id)
        return run
      })
    },

    async putParsePlan (documentId, plan) {
      if (findByAddress('document', documentId) === undefined) throw new Error(`no document ${documentId}`)
      parsePlans.set(documentId, plan)
    },

    async putExtractPlan (resultId, plan) {
      const session = await findSessionOfResult(resultId)
      if (session === undefined) throw new Error(`no result ${resultId}`)
      if (session.automaticRun?.id === resultId) extractPlans.set(resultId, plan)
      else runs.set(session.id, (runs.get(session.id) as readonly Run[]).map(run => run.id === resultId ? { ...run, plan } : run))
    },

    async remove (ids) {
      for (const id of ids) removed.set(id, true)
    },

    async putUpload (upload) {
      uploads.set(upload.key, upload)
    },

    async findUploads (keys) {
      const known = uploads.isEmpty ? [] : keys.filter(key => uploads.has(key))
      return known.length === 0 ? NO_UPLOADS : new Map(known.map(key => [key, uploads.get(key) as Upload]))
    },

    async countOccurrence (key) {
      const before = occurrences.get(key) ?? 0
      occurrences.set(key, before + 1)
      return before
    },

    async dump () {
      return writeDump(records)
    }
  }
}
