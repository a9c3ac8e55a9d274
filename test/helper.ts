import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import type { Pace } from '../src/domain/lifecycle/plan.ts'
import type { Session } from '../src/domain/lifecycle/records.ts'
import { runsOf } from '../src/domain/lifecycle/schedule.ts'
import { known } from '../src/domain/known.ts'
import { buildApp, type AppOptions } from '../src/app.ts'
import { demoTemplate, demoTokenRecords, demoWorkspace } from '../src/config/demo-data.ts'
import { OWNER } from '../src/domain/workspaces/owner.ts'
import { ABILITIES } from '../src/domain/workspaces/abilities.ts'
import type { ClockSpec } from '../src/domain/lifecycle/clock.ts'
import { digestOfToken, type TokenRecord } from '../src/domain/workspaces/token.ts'
import { createHosts } from '../src/http/hosts.ts'
import { createFileReceiver } from '../src/actions/receive-file.ts'
import type { TextExtractor } from '../src/text-extraction/text-extractor.ts'
import { extractText } from '../src/text-extraction/extract-text.ts'
import { openUploadedFiles, type UploadedFiles } from '../src/store/uploaded-files.ts'
import { createMemoryStore } from '../src/store/memory-store.ts'
import { DEFAULT_NAMESPACE, type UploadPolicy } from '../src/namespaces/namespace.ts'
import { createNamespaceRegistry, type NamespaceRegistry } from '../src/namespaces/registry.ts'
import { holdToContract } from './contract.ts'

export const TEMPLATE = demoTemplate.id
export const BATCH_URL = `/extractions/templates/${TEMPLATE}/sessions/batch`
export const FULL = { authorization: 'Bearer rd_test_full' }
export const READ = { authorization: 'Bearer rd_test_read' }

/** A template beside the demo one. */
export const otherTemplate = {
  ...demoTemplate,
  id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  name: 'Receipts',
  schema: { groups: { receipt: { fields: { shop: { type: 'string' }, total: { type: 'number' } } } } }
}

/** Members of workspace 1 beside its owner, and a stranger; each has a token `rd_test_` and that name, with every ability. */
const PEOPLE = [
  ['worker', { id: 2, name: 'Will Worker', email: 'worker@example.com' }],
  ['viewer', { id: 3, name: 'Vera Viewer', email: 'viewer@example.com' }],
  ['stranger', { id: 4, name: 'Sam Stranger', email: 'stranger@example.com' }]
] as const

export function as (name: typeof PEOPLE[number][0] | 'full' | 'read' | 'writer' | 'other'): { authorization: string } {
  return { authorization: `Bearer rd_test_${name}` }
}

/** The seed data of the tests: the demo workspace with more members, and a workspace of the stranger. */
export const seedData = {
  users: [OWNER, ...PEOPLE.map(([, user]) => user)],
  workspaces: [
    { ...demoWorkspace, members: [...demoWorkspace.members, { userId: 2, role: 'user' as const }, { userId: 3, role: 'readonly' as const }] },
    { ...demoWorkspace, id: 2, name: 'Elsewhere', icon: null, members: [{ userId: 4, role: 'admin' as const }] }
  ],
  templates: [demoTemplate, otherTemplate]
}

/** Returns what `t.rejects` compares with the error of a command that was refused. */
export function refused (expected: { readonly statusCode: number, readonly message?: string, readonly errors?: object }): Error {
  return expected as unknown as Error
}

/** Waiting takes one second, parsing ten, an extraction a hundred: instants can be told from each other at sight. */
export const PACE: Pace = { queue: { base: 1_000, spread: 0 }, parse: { base: 10_000, spread: 0 }, extract: { base: 100_000, spread: 0 } }

/** The start of the tests' clock: 2024-01-15T10:30:00Z. */
export const NOON = Date.UTC(2024, 0, 15, 10, 30, 0)

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS'

export interface Rig {
  readonly app: FastifyInstance
  /** The clock of the default namespace. */
  readonly clock: { advanceTo (instant: number): Promise<void>, now (): Promise<number> }
  readonly namespaces: NamespaceRegistry
  readonly files: UploadedFiles
  /** Returns the names of the files that are kept. */
  storedFiles (): Promise<string[]>
  /** Calls as the holder of the demo token that has every ability. */
  call (method: Method, url: string, payload?: object): Promise<LightMyRequestResponse>
  /** Calls the control API. */
  control (method: Method, path: string, payload?: object): Promise<LightMyRequestResponse>
  /** Creates a batch and returns the ids of its sessions. */
  create (files: string[], settings?: object): Promise<string[]>
  /** Returns the id of the first document of a session. Read from the records: a request would move an auto clock and enter the journal. */
  documentOf (sessionId: string): Promise<string>
  /** Returns the id of the first run of a session, which need not have begun: clients do not see it yet. */
  resultOf (sessionId: string): Promise<string>
}

export interface BuildOptions extends Partial<AppOptions> {
  readonly uploads?: UploadPolicy
  readonly pace?: Pace
  readonly seed?: string
  readonly clock?: ClockSpec
  /** Returns milliseconds since the epoch, for real and scaled clocks. */
  readonly wallClock?: () => number
  readonly dataDir?: string
  readonly maxRate?: number
  /** The maximum size of an upload in bytes. */
  readonly maxSize?: number
  /** Null for no text extraction; by default in this thread, since a worker takes time to start. */
  readonly extractor?: Pick<TextExtractor, 'read'> | null
}

/** The tokens of the tests, each named after the part behind `rd_test_`. */
const TOKENS: readonly TokenRecord[] = [
  ...demoTokenRecords,
  { name: 'writer', sha256: digestOfToken('rd_test_writer'), abilities: new Set(['sessions-write']), namespace: DEFAULT_NAMESPACE, user: OWNER.email },
  { name: 'other', sha256: digestOfToken('rd_test_other'), abilities: new Set(ABILITIES), namespace: 'other', user: OWNER.email },
  ...PEOPLE.map(([name, { email }]) => ({ name, sha256: digestOfToken(`rd_test_${name}`), abilities: new Set(ABILITIES), namespace: DEFAULT_NAMESPACE, user: email }))
]

/** Builds the application on a frozen clock. It closes itself, and every reply is held to the OpenAPI document. */
export async function build (t: Test, options: BuildOptions = {}): Promise<Rig> {
  const { uploads = 'lenient', pace = PACE, seed = 'test', clock = { mode: 'frozen', at: NOON }, wallClock, dataDir, maxRate, maxSize = 1024 * 1024, extractor = { read: extractText }, ...rest } = options
  const files = await openUploadedFiles(dataDir)
  const store = createMemoryStore({ seedData, tokens: TOKENS, ...wallClock === undefined ? {} : { wallClock } })
  const namespaces = createNamespaceRegistry({ seed, pace, uploadPolicy: uploads, clock, store, files, maxRate })
  const app = await buildApp({
    store,
    files,
    namespaces,
    receiver: createFileReceiver({ files, maxSize, extractor }),
    abilities: 'strict',
    importPrivate: true,
    publicUrl: null,
    hosts: createHosts({ onLoopback: true, publicUrl: null, allowedHosts: [], cors: null }),
    control: { token: null },
    watch: holdToContract(t),
    ...rest
  })
  t.teardown(async () => {
    await app.close()
    await files.close()
  })
  const { name } = await namespaces.open(DEFAULT_NAMESPACE)

  const call: Rig['call'] = async (method, url, payload) => await app.inject({ method, url, headers: FULL, ...payload === undefined ? {} : { payload } })
  const find = async (sessionId: string): Promise<Session> => {
    const [session] = await (await namespaces.open(name)).records.findSessions([sessionId])
    return known(session, 'the session exists')
  }
  return {
    app,
    clock: {
      advanceTo: async instant => { await (await namespaces.open(name)).moveClock(instant) },
      now: async () => (await (await namespaces.open(name)).clock()).now
    },
    namespaces,
    files,
    storedFiles: async () => (await readdir(await files.folder())).sort(),
    call,
    async control (method, path, payload) {
      return await app.inject({ method, url: `/_mock${path}`, ...payload === undefined ? {} : { payload } })
    },
    async create (files, settings) {
      const reply = await call('POST', BATCH_URL, { files, ...settings === undefined ? {} : { settings } })
      t.equal(reply.statusCode, 201, reply.body)
      return reply.json<Array<{ id: string }>>().map(({ id }) => id)
    },
    async documentOf (sessionId) {
      return known((await find(sessionId)).documents[0], 'the session has a document').id
    },
    async resultOf (sessionId) {
      return known(runsOf(await find(sessionId))[0], 'the session has a run').id
    }
  }
}

/** Builds the application over a data folder in which no file can be written. */
export async function buildWithoutDisk (t: Test): Promise<Rig> {
  const dataDir = t.testdir()
  const rig = await build(t, { dataDir, watch () {} })
  await writeFile(join(dataDir, 'blobs'), 'a file in place of the folder')
  return rig
}
