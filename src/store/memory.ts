import type { Upload } from '../domain/files/upload.ts'
import type { Batch, Document, Run, Session, Template } from '../domain/lifecycle/records.ts'
import { addressesOf } from '../domain/lifecycle/batch.ts'
import { nextRunOf } from '../domain/lifecycle/run.ts'
import { NotFound, type NamespaceStore, type SeedData, type Store, type AddedDocument } from './store.ts'
import { createCollection } from './collection.ts'
import { createSessionAssembler } from './session-assembler.ts'
import { createMembership } from './membership.ts'
import { forkOf, readDump, seedRecords, writeDump, type Records, type StoredRun } from './records.ts'

/**
 * A store in this process's memory. Each namespace starts with the given world and nothing else.
 *
 * A batch is kept as one record and its sessions are worked out from it when somebody asks; only what happens to a
 * session afterwards is kept for the session itself. A million sessions made fifty at a time need some tens of bytes each.
 */
export function createMemoryStore (world: SeedData): Store {
  const seed = seedRecords(world)
  const namespaces = new Map<string, MemoryNamespace>()

  function namespaceOf (name: string): MemoryNamespace {
    let namespace = namespaces.get(name)
    if (namespace === undefined) {
      namespace = createNamespace(forkOf(seed))
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
      namespaces.set(name, createNamespace(readDump(dump)))
    },
    async fork (from, to) {
      namespaces.set(to, createNamespace(forkOf(namespaceOf(from).records)))
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

function createNamespace (records: Records): MemoryNamespace {
  const { batches, sessions, documents, names, attachments, sessionsByDocument, documentByBytes, runs, parsings, extractPlans, sessionByRun, removed, uploads, occurrences } = records
  const finder = createSessionAssembler(records)
  const { findSession, findDocument } = finder

  function bury (...ids: readonly string[]): void {
    for (const id of ids) removed.set(id, true)
  }

  function sessionNamed (id: string): Session {
    const session = findSession(id)
    if (session === undefined) throw new NotFound('Session', id)
    return session
  }

  /** From now on the document is the one of its workspace with these bytes, unless there is one. */
  function noteBytes ({ id, workspaceId, upload }: Pick<Document, 'id' | 'workspaceId' | 'upload'>): void {
    if (upload !== null && twinOf(workspaceId, upload) === undefined) documentByBytes.set(`${workspaceId} ${upload.sha256}`, id)
  }

  function twinOf (workspaceId: number, { sha256 }: Upload): Document | undefined {
    const id = documentByBytes.get(`${workspaceId} ${sha256}`)
    return id === undefined ? undefined : findDocument(id)?.document
  }

  function attach (sessionId: string, documentIds: readonly string[]): void {
    const attached = new Set(sessionNamed(sessionId).documents.map(({ id }) => id))
    for (const id of documentIds) {
      if (attached.has(id)) continue
      attached.add(id)
      sessionsByDocument.set(id, [...sessionsByDocument.get(id) ?? [], sessionId])
    }
    attachments.set(sessionId, [...attached])
  }

  function addRun (session: Session, asked: Parameters<NamespaceStore['addRuns']>[1]): Run {
    const before = runs.get(session.id) ?? []
    const run = nextRunOf(session, before.length, asked)
    for (const { document, parsing } of run.inputs) {
      if (document.parsings.length === 0) parsings.set(document.id, [parsing])
    }
    runs.set(session.id, [...before, stored(run)])
    sessionByRun.set(run.id, session.id)
    return run
  }

  function noteBatch ({ head, template: { workspaceId }, files, uploads }: Batch, occurrence: number): void {
    const ids = addressesOf(head, occurrence, 'document', files.length)
    for (const [place, id] of ids.entries()) noteBytes({ id, workspaceId, upload: uploads.get(String(files[place])) ?? null })
  }

  const templates = createCollection({
    kind: 'Template',
    map: records.templates,
    isGone: (template: Template) => finder.isTemplateGone(template),
    remove: id => {
      const left = [...finder.sessions()].filter(({ template }) => template.id === id).flatMap(({ documents }) => documents.map(document => document.id))
      bury(id)
      bury(...left.filter(documentId => !isAttached(documentId)))
    }
  })

  function isAttached (documentId: string): boolean {
    return findDocument(documentId)?.sessions.some(({ documents }) => documents.some(({ id }) => id === documentId)) === true
  }

  return {
    records,

    ...createMembership(records, finder),
    templates,

    async addBatch (batch) {
      const same = batches.own(batch.head) ?? [...batches.get(batch.head) ?? []]
      const occurrence = same.push(batch) - 1
      if (batches.own(batch.head) === undefined) batches.set(batch.head, same)
      if (batch.uploads.size > 0) noteBatch(batch, occurrence)
      return occurrence
    },

    async addSession (session) {
      sessions.set(session.id, session)
    },

    async findSessions (ids) {
      return ids.map(findSession)
    },

    async * sessions () {
      yield * finder.sessions()
    },

    async renameSession (id, name, renamedAt) {
      names.set(sessionNamed(id).id, { name, renamedAt })
    },

    async addDocuments (candidates, sessionId) {
      if (sessionId !== null) sessionNamed(sessionId)
      const taken = candidates.map((candidate): AddedDocument => {
        const twin = candidate.upload === null ? undefined : twinOf(candidate.workspaceId, candidate.upload)
        if (twin !== undefined) return { document: twin, reused: true }
        const { parsings: _, ...document } = candidate
        documents.set(document.id, document)
        noteBytes(document)
        return { document: candidate, reused: false }
      })
      if (sessionId !== null) attach(sessionId, taken.map(({ document }) => document.id))
      return taken
    },

    async attach (sessionId, documentIds) {
      const unknown = documentIds.find(id => findDocument(id) === undefined)
      if (unknown !== undefined) throw new NotFound('Document', unknown)
      attach(sessionId, documentIds)
    },

    async detach (sessionId, documentId, resultIds) {
      attachments.set(sessionId, sessionNamed(sessionId).documents.map(({ id }) => id).filter(id => id !== documentId))
      bury(...resultIds)
    },

    async findDocuments (ids) {
      return ids.map(findDocument)
    },

    async * documents () {
      yield * finder.documents()
    },

    async changeParsings (documentId, decide) {
      const found = findDocument(documentId)
      if (found === undefined) throw new NotFound('Document', documentId)
      const next = decide(found.document.parsings)
      parsings.set(documentId, next)
      return next
    },

    async findSessionOfResult (resultId) {
      return finder.findSessionOfResult(resultId)
    },

    async addRuns (sessionIds, asked) {
      for (const id of sessionIds) sessionNamed(id)
      // One after another: a document that is parsed for the first of them is not parsed again for the next.
      return sessionIds.map(id => addRun(sessionNamed(id), asked))
    },

    async putExtractPlan (resultId, plan) {
      const session = finder.findSessionOfResult(resultId)
      if (session === undefined) throw new NotFound('Result', resultId)
      if (session.automaticRun?.id === resultId) extractPlans.set(resultId, plan)
      else runs.set(session.id, (runs.get(session.id) as readonly StoredRun[]).map(run => run.id === resultId ? { ...run, plan } : run))
    },

    async remove (ids) {
      bury(...ids)
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

/** A run as it is kept: its documents are named, not held. */
function stored (run: Run): StoredRun {
  return { ...run, inputs: run.inputs.map(({ document, parsing }) => ({ documentId: document.id, index: parsing.index })) }
}
