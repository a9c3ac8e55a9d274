import type { Document, RunRequest, Template } from '../../../src/domain/lifecycle/records.ts'
import type { MemoryStoreOptions, SeedData } from '../../../src/store/memory-store.ts'
import type { Records } from '../../../src/store/records.ts'
import type { Incarnation, Store } from '../../../src/store/store.ts'
import type { Test } from 'tap'
import { demoTemplate, demoWorkspace } from '../../../src/config/demo-data.ts'
import { OWNER } from '../../../src/domain/workspaces/owner.ts'
import { addressesOf, batchHeadOf, batchKey, type AddressKind } from '../../../src/domain/lifecycle/batch.ts'
import { newDocument } from '../../../src/domain/lifecycle/new-document.ts'
import { uuidOf } from '../../../src/domain/ids.ts'
import { createRecords } from '../../../src/store/repository.ts'
import { readSavedRecords } from '../../../src/store/saved-records.ts'
import { batchOf, uploadOf } from '../../domain/records.ts'

/** Returns a store without namespaces, in which every namespace starts with the given records. */
export type MakeStore = (t: Test, seedData: SeedData, options?: Pick<MemoryStoreOptions, 'tokens' | 'wallClock'>) => Promise<Store>

/** The records of a store's namespaces, by name. */
export interface Harness {
  namespace (name: string): Promise<Records>
  drop (name: string): Promise<void>
  restore (name: string, dump: string): Promise<void>
  fork (from: string, to: string): Promise<void>
  ready (): Promise<void>
  close (): Promise<void>
}

export type MakeHarness = (t: Test, seedData: SeedData) => Promise<Harness>

export function harnessOver (store: Store): Harness {
  async function open (name: string): Promise<Incarnation> {
    return await store.find(name) ?? await store.publish(await store.draft(name, {}), { replace: false })
  }

  return {
    namespace: async name => createRecords((await open(name)).rows),
    drop: store.drop,
    async restore (name, dump) {
      await store.publish(await store.draft(name, { from: readSavedRecords(dump) }), { replace: true })
    },
    async fork (from, to) {
      await store.publish(await store.draft(to, { from: await open(from) }), { replace: false })
    },
    ready: store.ready,
    close: store.close
  }
}

export const UNKNOWN = '3c90c3cc-0d44-4b50-8888-8dd25736052a'

export const WORKER = { id: 2, name: 'Will Worker', email: 'worker@example.com' }

/** Two workspaces: the first has two templates, the second has one. */
export const otherTemplate: Template = { ...demoTemplate, id: uuidOf('other template'), name: 'Receipts' }
export const templateElsewhere: Template = { ...demoTemplate, id: uuidOf('template elsewhere'), workspaceId: 2, name: 'Contracts' }

export const world: SeedData = {
  users: [OWNER, WORKER],
  workspaces: [
    { ...demoWorkspace, members: [{ userId: OWNER.id, role: 'admin' }, { userId: WORKER.id, role: 'readonly' }] },
    { ...demoWorkspace, id: 2, name: 'Elsewhere', members: [{ userId: WORKER.id, role: 'admin' }] }
  ],
  templates: [demoTemplate, otherTemplate, templateElsewhere]
}

const second = { base: 1_000, spread: 0 }
export const pace = { queue: second, parse: second, extract: second }

export function requestedAt (requestedAt: number, more: Partial<RunRequest> = {}): RunRequest {
  return { requestedAt, template: demoTemplate, pace, scripts: new Map(), ...more }
}

export const files = ['tmp/a.pdf', 'tmp/b.pdf', 'tmp/c.pdf']
export const head = batchHeadOf('seed', 'default', { template: demoTemplate, autoExtract: true, files })
export const batch = batchOf(head, files, { autoExtract: true })

/** The ids that derive from the files of the batch. */
export function idsOf (kind: AddressKind, occurrence = 0): [string, string, string] {
  return addressesOf(batchKey(head, occurrence), kind, 3) as [string, string, string]
}

/** A document with a short name; `bytes` is a letter that stands for its content, null if nothing was uploaded. */
export function documentOf (name: string, bytes: string | null = null, workspaceId = 1): Document {
  const key = `tmp/${name}.pdf`
  const upload = bytes === null ? null : uploadOf({ key, sha256: bytes.repeat(64) })
  return newDocument({ id: uuidOf('document', name), workspaceId, key, upload, createdAt: 3 })
}

/** Adds a session with a short name and returns its id. */
export async function addSession (store: Records, name: string, template = demoTemplate): Promise<string> {
  const id = uuidOf('session', name)
  await store.addSession({ id, templateId: template.id, name, createdAt: 4 })
  return id
}

/** Adds new documents and returns their ids. */
export async function takeIn (store: Records, sessionId: string | null, ...documents: Document[]): Promise<string[]> {
  return (await store.addDocuments(documents, sessionId)).map(({ document }) => document.id)
}

export async function documentIdsOf (store: Records, sessionId: string): Promise<string[] | undefined> {
  const [session] = await store.findSessions([sessionId])
  return session?.documents.map(({ id }) => id)
}

/** The sessions that a document is or was attached to, ordered by id; undefined if it is unknown. */
export async function sessionIdsOf (store: Records, documentId: string): Promise<string[] | undefined> {
  const [found] = await store.findDocuments([documentId])
  return found && (await store.sessionsOf(documentId)).map(({ id }) => id).sort()
}

/** Everything in a namespace that can be listed. */
export async function everythingIn (store: Records): Promise<object> {
  return {
    users: await store.users.list(),
    workspaces: await store.workspaces.list(),
    templates: await store.templates.list(),
    sessions: await all(store.sessions()),
    documents: await all(store.documents())
  }
}

export async function all<T> (things: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const thing of things) found.push(thing)
  return found
}
