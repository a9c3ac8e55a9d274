import { deepEqual } from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import fc from 'fast-check'
import type { Records } from '../../../src/store/records.ts'
import { demoTemplate } from '../../../src/config/demo-data.ts'
import { addressesOf, batchHeadOf } from '../../../src/domain/lifecycle/batch.ts'
import { batchOf, uploadOf } from '../../domain/records.ts'
import { addSession, all, requestedAt, documentOf, otherTemplate, templateElsewhere, world, type Harness, type MakeHarness } from './fixtures.ts'

const TEMPLATES = [demoTemplate, otherTemplate, templateElsewhere]

/** A step; `session`, `document` and `template` are indices of the existing records. */
type Step =
  | { readonly act: 'batch', readonly template: number, readonly files: number }
  | { readonly act: 'session', readonly template: number }
  | { readonly act: 'take in', readonly bytes: ReadonlyArray<string | null>, readonly session: number | null }
  | { readonly act: 'attach', readonly session: number, readonly documents: readonly number[] }
  | { readonly act: 'detach' | 'attach again', readonly session: number, readonly document: number }
  | { readonly act: 'run' | 'rename' | 'remove session', readonly session: number }
  | { readonly act: 'remove document', readonly document: number }
  | { readonly act: 'remove template', readonly template: number }
  | { readonly act: 'remove workspace', readonly workspace: number }
  | { readonly act: 'fork' | 'restore' }

const some = fc.nat({ max: 9 })
const template = fc.nat({ max: 2 })
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ act: fc.constant('batch'), template, files: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('session'), template }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('take in'), bytes: fc.array(fc.constantFrom(null, 'a', 'b', 'c'), { minLength: 1, maxLength: 3 }), session: fc.option(some, { nil: null }) }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('attach'), session: some, documents: fc.array(some, { maxLength: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('detach', 'attach again'), session: some, document: some }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constantFrom('run', 'rename', 'remove session'), session: some }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('remove document'), document: some }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('remove template'), template }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('remove workspace'), workspace: fc.constantFrom(1, 2) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constantFrom('fork', 'restore') }) }
)

interface SessionModel {
  readonly template: number
  name: string | null
  attached: string[]
  /** The documents of each run. */
  readonly runs: string[][]
}

interface DocumentModel {
  readonly workspace: number
  readonly bytes: string | null
  /** The sessions that the document is or was attached to. */
  readonly sessions: Set<string>
  parsings: number
}

/** A simple model of a namespace. */
class Model {
  readonly sessions = new Map<string, SessionModel>()
  readonly documents = new Map<string, DocumentModel>()
  templates = new Set([0, 1, 2])

  attach (sessionId: string, documentIds: readonly string[]): void {
    const session = this.sessions.get(sessionId) as SessionModel
    for (const id of documentIds) {
      if (!session.attached.includes(id)) session.attached.push(id)
      this.documents.get(id)?.sessions.add(sessionId)
    }
  }

  removeSession (id: string): void {
    this.sessions.delete(id)
    for (const { sessions } of this.documents.values()) sessions.delete(id)
  }

  removeDocument (id: string): void {
    this.documents.delete(id)
    for (const session of this.sessions.values()) session.attached = session.attached.filter(other => other !== id)
  }

  removeTemplate (template: number): void {
    const gone = this.removeSessions(template)
    const held = new Set([...this.sessions.values()].flatMap(({ attached }) => attached))
    for (const id of gone.flatMap(({ attached }) => attached)) if (!held.has(id)) this.removeDocument(id)
  }

  /** Documents of other workspaces stay, even where they were attached to sessions of this one. */
  removeWorkspace (workspace: number): void {
    for (const [id, document] of this.documents) if (document.workspace === workspace) this.removeDocument(id)
    for (const template of this.templates) if (TEMPLATES[template]?.workspaceId === workspace) this.removeSessions(template)
  }

  /** Removes a template with its sessions, and returns those. */
  removeSessions (template: number): SessionModel[] {
    this.templates.delete(template)
    const gone = [...this.sessions].filter(([, session]) => session.template === template)
    for (const [id] of gone) this.removeSession(id)
    return gone.map(([, session]) => session)
  }

  /** The content of the model, in the form that `seen` returns for a store. */
  all (): unknown {
    return {
      templates: [...this.templates].sort(),
      sessions: Object.fromEntries([...this.sessions].map(([id, { template, name, attached, runs }]) => [id, { template, name, attached, runs }])),
      documents: Object.fromEntries([...this.documents].map(([id, { workspace, sessions, parsings }]) => [id, { workspace, sessions: [...sessions].sort(), parsings }]))
    }
  }
}

async function seen (store: Records): Promise<unknown> {
  const [sessions, documents, templates] = [await all(store.sessions()), await all(store.documents()), await store.templates.list()]
  const attachedTo = new Map(await Promise.all(documents.map(async ({ document: { id } }) => [id, await store.sessionsOf(id)] as const)))
  return {
    templates: templates.map(({ id }) => TEMPLATES.findIndex(template => template.id === id)).sort(),
    sessions: Object.fromEntries(sessions.map(({ id, template, name, documents, runs }) => [id, {
      template: TEMPLATES.findIndex(other => other.id === template.id),
      name: typeof name === 'string' ? name : null,
      attached: documents.map(({ id }) => id),
      runs: runs.map(({ inputs }) => inputs.map(({ document }) => document.id))
    }])),
    documents: Object.fromEntries(documents.map(({ document: { id, workspaceId, parsings } }) => [id, {
      workspace: workspaceId, sessions: attachedTo.get(id)?.map(({ id }) => id).sort(), parsings: parsings.length
    }]))
  }
}

/** Returns true if every listed record is found as it is listed. */
async function isConsistent (store: Records): Promise<boolean> {
  const [sessions, documents] = [await all(store.sessions()), await all(store.documents())]
  const found = [await store.findSessions(sessions.map(({ id }) => id)), await store.findDocuments(documents.map(({ document }) => document.id))]
  const owners = await Promise.all(sessions.flatMap(({ runs }) => runs).map(async ({ id }) => (await store.findSessionOfResult(id))?.id))
  return JSON.stringify(found) === JSON.stringify([sessions, documents]) &&
    JSON.stringify(owners) === JSON.stringify(sessions.flatMap(({ id, runs }) => runs.map(() => id)))
}

/** Applies a step to the store and to the model; skips one without a target. */
async function take (step: Step, count: number, namespace: { store: Records, name: string }, root: Harness, model: Model): Promise<void> {
  const { store } = namespace
  const pick = <T>(things: Iterable<T>, index: number): T | undefined => [...things][index]
  const sessionId = 'session' in step && step.session !== null ? pick(model.sessions.keys(), step.session) : undefined
  const session = model.sessions.get(String(sessionId))
  const documentId = 'document' in step ? pick(model.documents.keys(), step.document) : undefined

  if (step.act === 'batch' || step.act === 'session') {
    const template = TEMPLATES[step.template]
    if (template === undefined || !model.templates.has(step.template)) return
    const runs: string[][] = []
    if (step.act === 'session') {
      model.sessions.set(await addSession(store, `session ${count}`, template), { template: step.template, name: `session ${count}`, attached: [], runs })
      return
    }
    // Each file has its own bytes, so that no document is reused.
    const files = Array.from({ length: step.files }, (_, index) => `tmp/${count}-${index}.pdf`)
    const head = batchHeadOf('seed', 'default', { template, autoExtract: false, files })
    const key = await store.addBatch(batchOf(head, files, { template, uploads: new Map(files.map(key => [key, uploadOf({ key, sha256: key })])) }))
    const documents = addressesOf(key, 'document', files.length)
    for (const [place, id] of addressesOf(key, 'session', files.length).entries()) {
      const document = String(documents[place])
      model.documents.set(document, { workspace: template.workspaceId, bytes: String(files[place]), sessions: new Set(), parsings: 1 })
      model.sessions.set(id, { template: step.template, name: null, attached: [], runs: [] })
      model.attach(id, [document])
    }
  } else if (step.act === 'take in') {
    if (step.session !== null && sessionId === undefined) return
    const workspace = TEMPLATES[session?.template ?? 0]?.workspaceId ?? 1
    if (![...model.templates].some(template => TEMPLATES[template]?.workspaceId === workspace)) return
    const taken = await store.addDocuments(step.bytes.map((bytes, index) => documentOf(`${count}-${index}`, bytes, workspace)), sessionId ?? null)
    const ids = step.bytes.map((bytes, index) => {
      const twin = [...model.documents].find(([, document]) => document.workspace === workspace && bytes !== null && document.bytes === bytes)?.[0]
      const id = twin ?? documentOf(`${count}-${index}`).id
      if (twin === undefined) model.documents.set(id, { workspace, bytes, sessions: new Set(), parsings: 0 })
      return [id, twin !== undefined] as const
    })
    if (sessionId !== undefined) model.attach(sessionId, ids.map(([id]) => id))
    const outcome = taken.map(({ document, reused }) => [document.id, reused])
    if (JSON.stringify(outcome) !== JSON.stringify(ids)) throw new Error(`taken in: ${JSON.stringify({ outcome, ids })}`)
  } else if (step.act === 'attach' || step.act === 'attach again') {
    const documents = step.act === 'attach' ? step.documents.map(index => pick(model.documents.keys(), index)) : [documentId]
    const known = documents.filter(id => id !== undefined)
    if (sessionId === undefined) return
    await store.attach(sessionId, known)
    model.attach(sessionId, known)
  } else if (step.act === 'detach') {
    if (sessionId === undefined || session === undefined || documentId === undefined) return
    await store.detach(sessionId, documentId, [])
    session.attached = session.attached.filter(id => id !== documentId)
  } else if (step.act === 'run') {
    if (sessionId === undefined || session === undefined) return
    await store.addRuns([sessionId], requestedAt(count))
    session.runs.push([...session.attached])
    for (const id of session.attached) {
      const document = model.documents.get(id)
      if (document !== undefined) document.parsings = Math.max(1, document.parsings)
    }
  } else if (step.act === 'rename') {
    if (sessionId === undefined || session === undefined) return
    await store.renameSession(sessionId, `name ${count}`, count)
    session.name = `name ${count}`
  } else if (step.act === 'remove session') {
    if (sessionId === undefined) return
    await store.remove([sessionId])
    model.removeSession(sessionId)
  } else if (step.act === 'remove document') {
    if (documentId === undefined) return
    await store.remove([documentId])
    model.removeDocument(documentId)
  } else if (step.act === 'remove template') {
    if (!model.templates.has(step.template)) return
    await store.templates.remove(String(TEMPLATES[step.template]?.id))
    model.removeTemplate(step.template)
  } else if (step.act === 'remove workspace') {
    await store.workspaces.remove(step.workspace)
    model.removeWorkspace(step.workspace)
  } else {
    const name = randomUUID()
    if (step.act === 'fork') await root.fork(namespace.name, name)
    else await root.restore(name, await store.dump())
    Object.assign(namespace, { store: await root.namespace(name), name })
  }
}

/** Compares a store with a simple model after random steps. */
export function modelContract (t: Test, make: MakeHarness): void {
  t.test('a store behaves like a simple model, whatever the order of steps', async t => {
    const root = await make(t, world)
    await fc.assert(fc.asyncProperty(fc.array(steps, { maxLength: 40, size: 'max' }), async steps => {
      const name = randomUUID()
      const namespace = { store: await root.namespace(name), name }
      const model = new Model()
      for (const [count, step] of steps.entries()) await take(step, count, namespace, root, model)
      // Thrown, so that fast-check shrinks the steps; tap would swallow it.
      deepEqual(await seen(namespace.store), model.all())
      return await isConsistent(namespace.store)
    }), { numRuns: 200 })
  })
}
