import { parse, stringify } from 'devalue'
import type { Upload } from '../domain/files/upload.ts'
import type { Batch, Document, Parsing, Run, StandaloneSession, Template } from '../domain/lifecycle/records.ts'
import type { ExtractPlan } from '../domain/lifecycle/plan.ts'
import type { User, Workspace } from '../domain/workspaces/workspace.ts'
import { LayeredMap } from './layered-map.ts'
import { UnreadableDump, type SeedData } from './store.ts'

/** Everything that a namespace of the memory store holds. */
export interface Records {
  readonly users: LayeredMap<number, User>
  readonly workspaces: LayeredMap<number, Workspace>
  readonly templates: LayeredMap<string, Template>
  /** By head, in the order in which they came. */
  readonly batches: LayeredMap<string, Batch[]>
  /** Those that are of no batch, as the documents. */
  readonly sessions: LayeredMap<string, StandaloneSession>
  readonly documents: LayeredMap<string, Omit<Document, 'parsings'>>
  /** Those that sessions were given since they were made. */
  readonly names: LayeredMap<string, { readonly name: string, readonly renamedAt: number }>
  /** The documents of sessions that have others than they were made with; and, by document, the sessions that it came to later. */
  readonly attachments: LayeredMap<string, readonly string[]>
  readonly sessionsByDocument: LayeredMap<string, readonly string[]>
  /** By workspace and digest. */
  readonly documentByBytes: LayeredMap<string, string>
  /** Those that were asked for, by session. */
  readonly runs: LayeredMap<string, readonly StoredRun[]>
  /** By document, where there are others than it was made with. */
  readonly parsings: LayeredMap<string, readonly Parsing[]>
  /** Those that have replaced others, by the automatic run. */
  readonly extractPlans: LayeredMap<string, ExtractPlan>
  readonly sessionByRun: LayeredMap<string, string>
  /** What is gone: ids, and `workspace:` or `user:` with a number. */
  readonly removed: LayeredMap<string, true>
  readonly uploads: LayeredMap<string, Upload>
  readonly occurrences: LayeredMap<string, number>
}

/** A run whose documents are named, not held. */
export type StoredRun = Omit<Run, 'inputs'> & { readonly inputs: ReadonlyArray<{ readonly documentId: string, readonly index: number }> }

const NAMES = [
  'users', 'workspaces', 'templates', 'batches', 'sessions', 'documents', 'names', 'attachments', 'sessionsByDocument', 'documentByBytes',
  'runs', 'parsings', 'extractPlans', 'sessionByRun', 'removed', 'uploads', 'occurrences'
] as const

/** What a namespace begins with. */
export function seedRecords ({ users, workspaces, templates }: SeedData): Records {
  const records = make(() => new LayeredMap())
  for (const user of users) records.users.set(user.id, user)
  for (const workspace of workspaces) records.workspaces.set(workspace.id, workspace)
  for (const template of templates) records.templates.set(template.id, template)
  return records
}

export function forkOf (records: Records): Records {
  return make(name => records[name].fork())
}

/** The records as a text that knows maps, infinities, and what is shared between them. */
export function writeDump (records: Records): string {
  return stringify(NAMES.map(name => [...records[name].entries()]))
}

/** Throws UnreadableDump. */
export function readDump (dump: string): Records {
  const parts = read(dump)
  if (!Array.isArray(parts) || parts.length !== NAMES.length || !parts.every(Array.isArray)) throw new UnreadableDump('the records cannot be read')
  return make(name => new LayeredMap(parts[NAMES.indexOf(name)] as []))
}

function read (dump: string): unknown {
  try {
    return parse(dump)
  } catch (error) {
    throw new UnreadableDump('the records cannot be read', { cause: error })
  }
}

function make (part: (name: typeof NAMES[number]) => unknown): Records {
  return Object.fromEntries(NAMES.map(name => [name, part(name)])) as unknown as Records
}
