import { batchKey } from '../domain/lifecycle/batch.ts'
import type { Upload } from '../domain/files/upload.ts'
import type { Batch, Document, Parsing, Run } from '../domain/lifecycle/records.ts'
import { countKey, type LaterFacts, type Row, type StoredRun } from './rows.ts'
import { parseSaved, UnreadableRecords } from './saved-records.ts'

/** The tables of version 1, which are told apart by their place. */
interface Tables {
  readonly users: Table<number>
  readonly workspaces: Table<number>
  readonly templates: Table
  readonly batches: Table<string, Array<Batch & { readonly uploads: ReadonlyMap<string, UploadV1> }>>
  readonly sessions: Table
  readonly documents: Table<string, Document & { readonly upload: UploadV1 | null }>
  readonly names: Table<string, { readonly name: string, readonly renamedAt: number }>
  readonly attachments: Table<string, readonly string[]>
  readonly sessionsByDocument: Table<string, readonly string[]>
  readonly documentByBytes: Table<string, string>
  readonly runs: Table<string, readonly RunV1[]>
  readonly parsings: Table<string, readonly ParsingV1[]>
  readonly extractPlans: Table<string, NonNullable<LaterFacts['plan']>>
  readonly sessionByRun: Table<string, string>
  readonly removed: Table<string, true>
  readonly uploads: Table<string, UploadV1>
  readonly occurrences: Table<string, number>
}

type Table<Key = string, Value = unknown> = ReadonlyArray<readonly [Key, Value]>

type UploadV1 = Omit<Upload, 'inspection'> & { readonly reading: Upload['inspection'] }

type ParsingV1 = Omit<Parsing, 'index' | 'requestedAt'> & { readonly nth: number, readonly askedAt: number }

type RunV1 = Omit<Run, 'inputs' | 'requestedAt'> & {
  readonly askedAt: number
  readonly inputs: ReadonlyArray<{ readonly documentId: string, readonly nth: number }>
}

const NAMES = [
  'users', 'workspaces', 'templates', 'batches', 'sessions', 'documents', 'names', 'attachments', 'sessionsByDocument', 'documentByBytes',
  'runs', 'parsings', 'extractPlans', 'sessionByRun', 'removed', 'uploads', 'occurrences'
] as const satisfies ReadonlyArray<keyof Tables>

/** Reads records that version 1 saved. Throws UnreadableRecords. */
export function readSavedRecordsV1 (text: string): Row[] {
  const parts = parseSaved(text)
  if (!Array.isArray(parts) || parts.length !== NAMES.length || !parts.every(Array.isArray)) throw new UnreadableRecords()
  const tables = Object.fromEntries(NAMES.map((name, index) => [name, parts[index]])) as unknown as Tables
  const removed = new Set(tables.removed.map(([id]) => id))
  return [
    ...tables.users.map(([id, user]) => row('user', String(id), removed.has(`user:${id}`) ? null : user)),
    ...tables.workspaces.map(([id, workspace]) => row('workspace', String(id), removed.has(`workspace:${id}`) ? null : workspace)),
    ...tables.templates.map(([id, template]) => row('template', id, removed.has(id) ? null : template)),
    ...tables.batches.flatMap(([head, same]) => [
      ...same.map((batch, occurrence) => row('batch', batchKey(head, occurrence), withUploads(batch))),
      ...same.length > 1 ? [row('counter', countKey('batch', head), same.length)] : []
    ]),
    ...tables.sessions.map(([id, session]) => row('session', id, session)),
    ...tables.documents.map(([id, document]) => row('document', id, { ...document, upload: document.upload && uploadOf(document.upload) })),
    ...[...laterFactsIn(tables, removed)].map(([id, facts]) => row('later', id, facts)),
    ...tables.documentByBytes.map(([bytes, id]) => row('documentByBytes', bytes, id)),
    ...tables.uploads.map(([key, upload]) => row('upload', key, uploadOf(upload))),
    ...tables.occurrences.map(([key, count]) => row('counter', key.startsWith('[') ? key : countKey(key), count))
  ]
}

function laterFactsIn (tables: Tables, removed: ReadonlySet<string>): Map<string, LaterFacts> {
  const facts = new Map<string, LaterFacts>()
  const add = (id: string, more: LaterFacts): void => { facts.set(id, { ...facts.get(id), ...more }) }
  for (const [id, { name, renamedAt }] of tables.names) add(id, { renamed: { name, at: renamedAt } })
  for (const [id, documents] of tables.attachments) add(id, { documents })
  for (const [id, sessions] of tables.sessionsByDocument) add(id, { sessions })
  for (const [id, parsings] of tables.parsings) add(id, { parsings: parsings.map(parsingOf) })
  for (const [id, plan] of tables.extractPlans) add(id, { plan })
  for (const [run, session] of tables.sessionByRun) add(run, { session })
  for (const [session, runs] of tables.runs) {
    add(session, { runs: runs.map(runOf) })
    for (const [index, { inputs }] of runs.entries()) {
      for (const { documentId } of inputs) add(documentId, { takenBy: [...facts.get(documentId)?.takenBy ?? [], { session, index }] })
    }
  }
  for (const id of removed) if (!id.includes(':')) add(id, { removed: true })
  return facts
}

function withUploads (batch: Tables['batches'][number][1][number]): Batch {
  return { ...batch, uploads: new Map([...batch.uploads].map(([key, upload]) => [key, uploadOf(upload)])) }
}

function uploadOf ({ reading: inspection, ...upload }: UploadV1): Upload {
  return { ...upload, inspection }
}

function parsingOf ({ nth: index, askedAt: requestedAt, ...parsing }: ParsingV1): Parsing {
  return { ...parsing, index, requestedAt }
}

function runOf ({ askedAt: requestedAt, inputs, ...run }: RunV1): StoredRun {
  return { ...run, requestedAt, inputs: inputs.map(({ documentId, nth: index }) => ({ documentId, index })) }
}

function row (kind: Row[0], key: string, value: unknown): Row {
  return [kind, key, value] as unknown as Row
}
