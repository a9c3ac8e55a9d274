import type { Document, FoundDocument, Run, RunInput, Session, Template } from '../domain/lifecycle/records.ts'
import type { LaterFacts, StoredRun, View } from './rows.ts'
import { documentOf, idAt, readAddress, sessionOf, type Address, type AddressKind } from '../domain/lifecycle/batch.ts'
import { automaticRunOf } from '../domain/lifecycle/schedule.ts'
import { known } from '../domain/known.ts'

/**
 * Puts sessions, documents and runs together from the rows of a namespace. A record is visible only while its parents exist:
 * deletes do not cascade. Each document and run is put together once, however many records refer to it.
 */
export class SessionAssembler {
  readonly #view: View
  readonly #documents = new Map<string, Document | undefined>()
  readonly #runs = new Map<string, Run>()
  readonly #later = (id: string): LaterFacts | undefined => this.#view.get('later', id)

  constructor (view: View) {
    this.#view = view
  }

  template (id: string): Template | undefined {
    const template = this.#view.get('template', id)
    return template == null || this.#isWorkspaceGone(template.workspaceId) ? undefined : template
  }

  session (id: string): Session | undefined {
    const created = this.#createdSession(id)
    if (created === undefined || this.#isSessionGone(created)) return undefined
    const later = this.#later(id)
    if (later === undefined) return this.#withoutRemoved(created)
    const { renamed, documents, runs = [] } = later
    return this.#withoutRemoved({
      ...created,
      ...renamed === undefined ? {} : { name: renamed.name, renamedAt: renamed.at },
      documents: documents?.map(documentId => this.#anyDocument(documentId)) ?? created.documents,
      runs: runs.map(run => this.#run(run))
    })
  }

  /** The session that a run belongs to, by the id of the run. */
  sessionOfRun (runId: string): Session | undefined {
    const later = this.#later(runId)
    if (later?.removed === true) return undefined
    if (later?.session !== undefined) return this.session(later.session)
    const address = this.#addressIn(runId, 'result')
    const session = address && this.session(idAt(address, 'session'))
    return session?.automaticRun?.id === runId ? session : undefined
  }

  document (id: string): FoundDocument | undefined {
    const document = this.#findDocument(id)
    if (document === undefined || this.#isDocumentGone(document)) return undefined
    return { document, runs: this.#runsOver(id) }
  }

  /** The sessions that a document is or was attached to. */
  sessionsOf (documentId: string): Session[] {
    const address = this.#addressIn(documentId, 'document')
    const ids = [...address === undefined ? [] : [idAt(address, 'session')], ...this.#later(documentId)?.sessions ?? []]
    return [...new Set(ids)].map(id => this.session(id)).filter(session => session !== undefined)
  }

  #isWorkspaceGone (id: number): boolean {
    return this.#view.get('workspace', String(id)) == null
  }

  #isSessionGone ({ id, template }: Session): boolean {
    return this.#later(id)?.removed === true || this.template(template.id) === undefined
  }

  #isDocumentGone ({ id, workspaceId }: Document): boolean {
    return this.#later(id)?.removed === true || this.#isWorkspaceGone(workspaceId)
  }

  #addressIn (id: string, kind: AddressKind): Address | undefined {
    const address = readAddress(id)
    return address?.kind === kind && this.#view.get('batch', address.batch) !== undefined ? address : undefined
  }

  /** A session as it was created. */
  #createdSession (id: string): Session | undefined {
    const address = readAddress(id)
    const batch = address?.kind === 'session' ? this.#view.get('batch', address.batch) : undefined
    if (address !== undefined && batch !== undefined) {
      const document = this.#findDocument(idAt(address, 'document'))
      return document && sessionOf(batch, address, document, this.#later)
    }
    const standalone = this.#view.get('session', id)
    if (standalone === undefined) return undefined
    const { templateId, ...facts } = standalone
    const template = this.template(templateId)
    return template && { ...facts, template, autoExtract: null, renamedAt: null, documents: [], runs: [], automaticRun: null }
  }

  #withoutRemoved (session: Session): Session {
    const { documents, runs, automaticRun } = session
    const present = documents.filter(document => !this.#isDocumentGone(document))
    const left = runs.filter(({ id }) => this.#later(id)?.removed !== true)
    const isRemoved = automaticRun !== null && this.#later(automaticRun.id)?.removed === true
    if (present.length === documents.length && left.length === runs.length && !isRemoved) return session
    return { ...session, documents: present, runs: left, automaticRun: isRemoved ? null : automaticRun }
  }

  /** A document, removed ones included: runs keep theirs. */
  #findDocument (id: string): Document | undefined {
    if (this.#documents.has(id)) return this.#documents.get(id)
    const document = this.#assembleDocument(id)
    this.#documents.set(id, document)
    return document
  }

  #anyDocument (id: string): Document {
    return known(this.#findDocument(id), 'what refers to a document is kept no longer than the document')
  }

  #assembleDocument (id: string): Document | undefined {
    const stored = this.#view.get('document', id)
    if (stored !== undefined) return { ...stored, parsings: this.#later(id)?.parsings ?? [] }
    const address = readAddress(id)
    const batch = address?.kind === 'document' ? this.#view.get('batch', address.batch) : undefined
    return address && batch && documentOf(batch, address, this.#later)
  }

  /** A run with its documents. */
  #run (stored: StoredRun): Run {
    const assembled = this.#runs.get(stored.id)
    if (assembled !== undefined) return assembled
    const inputs = stored.inputs.map(({ documentId, index }): RunInput => {
      const document = this.#anyDocument(documentId)
      return { document, parsing: known(document.parsings[index], 'a run is over a parsing') }
    })
    const run = { ...stored, inputs }
    this.#runs.set(stored.id, run)
    return run
  }

  #runsOver (documentId: string): Run[] {
    const requested = this.#later(documentId)?.takenBy ?? []
    return [...this.#automaticRunOver(documentId), ...requested.flatMap(({ session, index }) => this.#requestedRun(session, index))]
  }

  #automaticRunOver (documentId: string): Run[] {
    const address = this.#addressIn(documentId, 'document')
    const session = address && this.#createdSession(idAt(address, 'session'))
    const run = session === undefined || this.#isSessionGone(session) ? null : automaticRunOf(session)
    return run === null || this.#later(run.id)?.removed === true ? [] : [run]
  }

  #requestedRun (sessionId: string, index: number): Run[] {
    const session = this.#createdSession(sessionId)
    if (session === undefined || this.#isSessionGone(session)) return []
    const run = known(this.#later(sessionId)?.runs?.[index], 'a run that a document names is one of its session')
    return this.#later(run.id)?.removed === true ? [] : [this.#run(run)]
  }
}
