import type { Batch, Document, FoundDocument, RunInput, Parsing, Session, Template } from '../domain/lifecycle/records.ts'
import { addressesOf, documentOf, laterOf, readAddress, sessionOf, type Address, type AddressKind } from '../domain/lifecycle/batch.ts'
import type { Records, StoredRun } from './records.ts'

/** Works out sessions and documents from the records of a namespace; what is gone is not found. */
export interface SessionAssembler {
  isTemplateGone (template: Template): boolean
  isWorkspaceGone (id: number): boolean
  findSession (id: string): Session | undefined
  findSessionOfResult (resultId: string): Session | undefined
  findDocument (id: string): FoundDocument | undefined
  sessions (): Generator<Session>
  documents (): Generator<FoundDocument>
}

/** What `removed` calls a workspace. */
export function tombstoneOf (workspaceId: number): string {
  return `workspace:${workspaceId}`
}

export function createSessionAssembler (records: Records): SessionAssembler {
  const { templates, batches, sessions, documents, names, attachments, sessionsByDocument, runs, parsings, sessionByRun, removed } = records

  function isWorkspaceGone (id: number): boolean {
    return !removed.isEmpty && removed.has(tombstoneOf(id))
  }

  function isTemplateGone ({ id, workspaceId }: Template): boolean {
    return !removed.isEmpty && (removed.has(id) || isWorkspaceGone(workspaceId))
  }

  /** What an id of that kind addresses in a batch; undefined if it is no such address. */
  function addressed<T> (kind: AddressKind, id: string, make: (batch: Batch, address: Address) => T): T | undefined {
    const address = readAddress(id)
    if (address?.kind !== kind) return undefined
    const batch = batches.get(address.head)?.[address.occurrence]
    return batch === undefined ? undefined : make(batch, address)
  }

  /** A document, also one that is gone: runs hold on to theirs. */
  function anyDocument (id: string): Document | undefined {
    const own = laterOf(documents, id)
    if (own !== undefined) return { ...own, parsings: parsings.get(id) ?? [] }
    return addressed('document', id, (batch, address) => documentOf(batch, address, records))
  }

  /** A session as it was made, also one that is gone. */
  function madeSession (id: string): Session | undefined {
    const sole = laterOf(sessions, id)
    if (sole === undefined) return addressed('session', id, (batch, address) => sessionOf(batch, address, records))
    const { templateId, ...facts } = sole
    return { ...facts, template: templates.get(templateId) as Template, autoExtract: null, renamedAt: null, documents: [], runs: [], automaticRun: null }
  }

  function findSession (id: string): Session | undefined {
    const made = madeSession(id)
    if (made === undefined || isTemplateGone(made.template) || laterOf(removed, made.id) === true) return undefined
    return withLaterFacts(made)
  }

  function withLaterFacts (made: Session): Session {
    if (names.isEmpty && attachments.isEmpty && runs.isEmpty && removed.isEmpty) return made
    const { id } = made
    const attached = laterOf(attachments, id)?.map(documentId => anyDocument(documentId) as Document) ?? made.documents
    const session = { ...made, ...laterOf(names, id), documents: attached, runs: (laterOf(runs, id) ?? []).map(held) }
    if (removed.isEmpty) return session
    return {
      ...session,
      documents: attached.filter(({ id, workspaceId }) => !removed.has(id) && !isWorkspaceGone(workspaceId)),
      runs: session.runs.filter(run => !removed.has(run.id)),
      automaticRun: session.automaticRun !== null && removed.has(session.automaticRun.id) ? null : session.automaticRun
    }
  }

  /** A run with its documents. */
  function held ({ inputs, ...run }: StoredRun): Session['runs'][number] {
    return {
      ...run,
      inputs: inputs.map(({ documentId, index }): RunInput => {
        const document = anyDocument(documentId) as Document
        return { document, parsing: document.parsings[index] as Parsing }
      })
    }
  }

  function findDocument (id: string): FoundDocument | undefined {
    const document = anyDocument(id)
    if (document === undefined || isWorkspaceGone(document.workspaceId) || laterOf(removed, document.id) === true) return undefined
    const address = documents.has(id) ? undefined : readAddress(id)
    const first = address === undefined ? [] : addressesOf(address.head, address.occurrence, 'session', address.place + 1).slice(-1)
    const sessions = new Set([...first, ...sessionsByDocument.get(id) ?? []])
    return { document, sessions: [...sessions].map(findSession).filter(session => session !== undefined) }
  }

  function * addressesIn (kind: AddressKind): Generator<string> {
    for (const [, same] of batches.entries()) {
      for (const [occurrence, { head, files }] of same.entries()) yield * addressesOf(head, occurrence, kind, files.length)
    }
  }

  function * found<T> (kind: AddressKind, others: Iterable<readonly [string, unknown]>, find: (id: string) => T | undefined): Generator<T> {
    for (const id of addressesIn(kind)) yield * present(find(id))
    for (const [id] of others) yield * present(find(id))
  }

  return {
    isTemplateGone,
    isWorkspaceGone,
    findSession,
    findSessionOfResult (resultId) {
      if (removed.has(resultId)) return undefined
      const sessionId = sessionByRun.get(resultId)
      if (sessionId !== undefined) return findSession(sessionId)
      const session = addressed('result', resultId, (batch, address) => findSession(addressesOf(address.head, address.occurrence, 'session', address.place + 1)[address.place] as string))
      return session?.automaticRun?.id === resultId ? session : undefined
    },
    findDocument,
    sessions: () => found('session', sessions.entries(), findSession),
    documents: () => found('document', documents.entries(), findDocument)
  }
}

function present<T> (thing: T | undefined): T[] {
  return thing === undefined ? [] : [thing]
}
