import type { Upload } from '../domain/files/upload.ts'
import type { Batch, Document, FoundDocument, Run, RunRequest, Session, Template } from '../domain/lifecycle/records.ts'
import { addressesOf } from '../domain/lifecycle/batch.ts'
import { nextRunOf } from '../domain/lifecycle/run.ts'
import { known } from '../domain/known.ts'
import { createCollection } from './collection.ts'
import { createMembership } from './membership.ts'
import { NotFound, type AddedDocument, type Records } from './records.ts'
import { countKey, type LaterFacts, type Rows, type StoredRun, type Transaction, type View } from './rows.ts'
import { writeSavedPieces, writeSavedRecords } from './saved-records.ts'
import { SessionAssembler } from './session-assembler.ts'

/**
 * Creates the records of a namespace over its rows: what is a duplicate, what a delete hides and what a run takes is decided
 * here, for every store.
 *
 * A batch is one row, and its sessions are worked out from it when they are read; only facts that are added to a session
 * later are kept for the session itself. A million sessions in batches of fifty need some tens of bytes each.
 */
export function createRecords (rows: Rows): Records {
  const findSessions: Records['findSessions'] = ids => rows.read(view => {
    const assembler = new SessionAssembler(view)
    return ids.map(id => assembler.session(id))
  })

  const findDocuments: Records['findDocuments'] = ids => rows.read(view => {
    const assembler = new SessionAssembler(view)
    return ids.map(id => assembler.document(id))
  })

  return {
    ...createMembership(rows),

    templates: createCollection<string, Template>({
      rows,
      name: 'Template',
      * entries (view) {
        const assembler = new SessionAssembler(view)
        for (const [id] of view.list('template')) yield [id, assembler.template(id)]
      },
      find: (view, id) => new SessionAssembler(view).template(id),
      put: (transaction, id, template) => { transaction.put('template', id, template) },
      remove: removeTemplate
    }),

    async addBatch (batch) {
      const hasUploads = batch.uploads.size > 0
      return await rows.addBatch(batch, hasUploads ? (transaction, key) => { noteBatch(transaction, batch, key) } : undefined)
    },

    async addSession (session) {
      await rows.write(transaction => { transaction.put('session', session.id, session) })
    },

    findSessions,

    async * sessions () {
      for await (const [key, batch] of rows.scan('batch')) {
        yield * present(await findSessions(addressesOf(key, 'session', batch.files.length)))
      }
      for await (const [id] of rows.scan('session')) yield * present(await findSessions([id]))
    },

    async renameSession (id, name, renamedAt) {
      await rows.write(transaction => {
        requireSession(transaction, id)
        addFacts(transaction, id, { renamed: { name, at: renamedAt } })
      })
    },

    addDocuments: (documents, sessionId) => rows.write(transaction => {
      if (sessionId !== null) requireSession(transaction, sessionId)
      const added = documents.map(document => addDocument(transaction, document))
      if (sessionId !== null) attach(transaction, sessionId, added.map(({ document }) => document.id))
      return added
    }),

    async attach (sessionId, documentIds) {
      await rows.write(transaction => { attach(transaction, sessionId, documentIds) })
    },

    async detach (sessionId, documentId, resultIds) {
      await rows.write(transaction => {
        const { documents } = requireSession(transaction, sessionId)
        addFacts(transaction, sessionId, { documents: documents.map(({ id }) => id).filter(id => id !== documentId) })
        remove(transaction, resultIds)
      })
    },

    findDocuments,

    sessionsOf: documentId => rows.read(view => new SessionAssembler(view).sessionsOf(documentId)),

    async * documents () {
      for await (const [key, batch] of rows.scan('batch')) {
        yield * present(await findDocuments(addressesOf(key, 'document', batch.files.length)))
      }
      for await (const [id] of rows.scan('document')) yield * present(await findDocuments([id]))
    },

    changeParsings: (documentId, decide) => rows.write(transaction => {
      const { document } = requireDocument(transaction, documentId)
      const parsings = decide(document.parsings)
      addFacts(transaction, documentId, { parsings })
      return parsings
    }),

    findSessionOfResult: resultId => rows.read(view => new SessionAssembler(view).sessionOfRun(resultId)),

    addRuns: (sessionIds, request) => rows.write(transaction => {
      for (const id of sessionIds) requireSession(transaction, id)
      // One after another: a document that is parsed for the first session is not parsed again for the next.
      return sessionIds.map(id => addRun(transaction, requireSession(transaction, id), request))
    }),

    async putExtractPlan (resultId, plan) {
      await rows.write(transaction => {
        const session = new SessionAssembler(transaction).sessionOfRun(resultId)
        if (session === undefined) throw new NotFound('Result', resultId)
        if (session.automaticRun?.id === resultId) return addFacts(transaction, resultId, { plan })
        const runs = runsIn(transaction, session.id).map(run => run.id === resultId ? { ...run, plan } : run)
        addFacts(transaction, session.id, { runs })
      })
    },

    async remove (ids) {
      await rows.write(transaction => { remove(transaction, ids) })
    },

    async putUpload (upload) {
      await rows.write(transaction => { transaction.put('upload', upload.key, upload) })
    },

    findUploads: keys => rows.read(view => {
      const found = keys.map(key => view.get('upload', key)).filter(upload => upload !== undefined)
      return found.length === 0 ? NO_UPLOADS : new Map(found.map(upload => [upload.key, upload]))
    }),

    countOccurrence: (...natural) => rows.write(transaction => {
      const key = countKey(...natural)
      const before = transaction.get('counter', key) ?? 0
      transaction.put('counter', key, before + 1)
      return before
    }),

    digests: () => rows.read(digestsIn),

    dump: () => rows.read(writeSavedRecords),
    dumpInPieces: () => writeSavedPieces(rows)
  }
}

function present<T> (records: ReadonlyArray<T | undefined>): T[] {
  return records.filter(record => record !== undefined)
}

/** Shared, since most batches are kept with it. */
const NO_UPLOADS: ReadonlyMap<string, Upload> = new Map()

function requireSession (view: View, id: string): Session {
  const session = new SessionAssembler(view).session(id)
  if (session === undefined) throw new NotFound('Session', id)
  return session
}

function requireDocument (view: View, id: string): FoundDocument {
  const found = new SessionAssembler(view).document(id)
  if (found === undefined) throw new NotFound('Document', id)
  return found
}

function addFacts (transaction: Transaction, id: string, facts: LaterFacts): void {
  transaction.put('later', id, { ...transaction.get('later', id), ...facts })
}

function remove (transaction: Transaction, ids: readonly string[]): void {
  for (const id of ids) addFacts(transaction, id, { removed: true })
}

function addDocument (transaction: Transaction, added: Document): AddedDocument {
  const duplicate = added.upload === null ? undefined : duplicateOf(transaction, added.workspaceId, added.upload)
  if (duplicate !== undefined) return { document: duplicate, reused: true }
  const { parsings: _, ...document } = added
  transaction.put('document', document.id, document)
  noteBytes(transaction, document)
  return { document: added, reused: false }
}

/** Notes the documents of a batch by their bytes: documents that are added later may turn out to be the same. */
function noteBatch (transaction: Transaction, { template: { workspaceId }, files, uploads }: Batch, batchKey: string): void {
  for (const [place, id] of addressesOf(batchKey, 'document', files.length).entries()) {
    noteBytes(transaction, { id, workspaceId, upload: uploads.get(known(files[place], 'a place for each file')) ?? null })
  }
}

/** Makes the document the one of its workspace with these bytes, unless there is one already. */
function noteBytes (transaction: Transaction, { id, workspaceId, upload }: Pick<Document, 'id' | 'workspaceId' | 'upload'>): void {
  if (upload === null || duplicateOf(transaction, workspaceId, upload) !== undefined) return
  transaction.put('documentByBytes', `${workspaceId} ${upload.sha256}`, id)
}

function duplicateOf (view: View, workspaceId: number, { sha256 }: Upload): Document | undefined {
  const id = view.get('documentByBytes', `${workspaceId} ${sha256}`)
  return id === undefined ? undefined : new SessionAssembler(view).document(id)?.document
}

function attach (transaction: Transaction, sessionId: string, documentIds: readonly string[]): void {
  const attached = new Set(requireSession(transaction, sessionId).documents.map(({ id }) => id))
  for (const id of documentIds) {
    requireDocument(transaction, id)
    if (attached.has(id)) continue
    attached.add(id)
    addFacts(transaction, id, { sessions: [...transaction.get('later', id)?.sessions ?? [], sessionId] })
  }
  addFacts(transaction, sessionId, { documents: [...attached] })
}

function runsIn (view: View, sessionId: string): readonly StoredRun[] {
  return view.get('later', sessionId)?.runs ?? []
}

function addRun (transaction: Transaction, session: Session, request: RunRequest): Run {
  const runs = runsIn(transaction, session.id)
  const run = nextRunOf(session, runs.length, request)
  for (const { document, parsing } of run.inputs) {
    addFacts(transaction, document.id, {
      ...document.parsings.length === 0 ? { parsings: [parsing] } : {},
      takenBy: [...transaction.get('later', document.id)?.takenBy ?? [], { session: session.id, index: runs.length }]
    })
  }
  addFacts(transaction, session.id, { runs: [...runs, storedRun(run)] })
  addFacts(transaction, run.id, { session: session.id })
  return run
}

function storedRun (run: Run): StoredRun {
  return { ...run, inputs: run.inputs.map(({ document, parsing }) => ({ documentId: document.id, index: parsing.index })) }
}

/** Removes a template, and the documents that are attached to sessions of this template alone. */
function removeTemplate (transaction: Transaction, id: string): void {
  const before = new SessionAssembler(transaction)
  const sessionIds = [
    ...[...transaction.list('batch')].flatMap(([key, { template, files }]) => template.id === id
      ? addressesOf(key, 'session', files.length)
      : []),
    ...[...transaction.list('session')].flatMap(([sessionId, { templateId }]) => templateId === id ? [sessionId] : [])
  ]
  const attached = sessionIds.flatMap(sessionId => before.session(sessionId)?.documents ?? []).map(document => document.id)
  transaction.put('template', id, null)
  const after = new SessionAssembler(transaction)
  remove(transaction, [...new Set(attached)].filter(documentId => !isAttached(after, documentId)))
}

function isAttached (assembler: SessionAssembler, documentId: string): boolean {
  return assembler.sessionsOf(documentId).some(({ documents }) => documents.some(({ id }) => id === documentId))
}

function digestsIn (view: View): Set<string> {
  const digests = new Set<string>()
  for (const [, { sha256 }] of view.list('upload')) digests.add(sha256)
  for (const [, { upload }] of view.list('document')) if (upload !== null) digests.add(upload.sha256)
  for (const [, { uploads }] of view.list('batch')) for (const { sha256 } of uploads.values()) digests.add(sha256)
  return digests
}
