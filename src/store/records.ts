import { parse, stringify } from 'devalue'
import type { Batch, Run, Upload } from '../domain/records.ts'
import type { ExtractPlan, ParsePlan } from '../domain/plan.ts'
import { LayeredMap } from './layered-map.ts'
import { UnreadableDump } from './store.ts'

/** Everything that a namespace of the memory store holds. */
export interface Records {
  /** By head, in the order in which they came. */
  readonly batches: LayeredMap<string, Batch[]>
  /** Those that were asked for, by session. */
  readonly runs: LayeredMap<string, readonly Run[]>
  /** Those that have replaced others: by document, and by the automatic run. */
  readonly parsePlans: LayeredMap<string, ParsePlan>
  readonly extractPlans: LayeredMap<string, ExtractPlan>
  readonly sessionByRun: LayeredMap<string, string>
  /** Sessions and results that are gone. */
  readonly removed: LayeredMap<string, true>
  readonly uploads: LayeredMap<string, Upload>
  readonly occurrences: LayeredMap<string, number>
}

const NAMES = ['batches', 'runs', 'parsePlans', 'extractPlans', 'sessionByRun', 'removed', 'uploads', 'occurrences'] as const

export function emptyRecords (): Records {
  return make(() => new LayeredMap())
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
