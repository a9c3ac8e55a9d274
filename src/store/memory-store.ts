import { EventEmitter } from 'node:events'
import type { TokenRecord } from '../domain/workspaces/token.ts'
import type { Template } from '../domain/lifecycle/records.ts'
import type { User, Workspace } from '../domain/workspaces/workspace.ts'
import { createMemoryJournals, type MemoryJournal } from './journal.ts'
import { MemoryRows, type WrittenRows } from './memory-rows.ts'
import { ONLY, type Row } from './rows.ts'
import {
  MAX_NAMESPACES, TOLD_KINDS, TooManyNamespaces, type DraftContent, type Incarnation, type NamespaceEvents, type Store
} from './store.ts'
import { createMemoryTokens } from './tokens.ts'

/** The records that every new namespace starts with. */
export interface SeedData {
  readonly users: readonly User[]
  readonly workspaces: readonly Workspace[]
  readonly templates: readonly Template[]
}

export interface MemoryStoreOptions {
  readonly seedData: SeedData
  readonly tokens?: readonly TokenRecord[]
  /** Returns milliseconds since the epoch. */
  readonly wallClock?: () => number
}

interface MemoryIncarnation extends Incarnation {
  readonly rows: MemoryRows
  readonly journal: MemoryJournal
}

/** Creates a store in this process's memory. */
export function createMemoryStore ({ seedData, tokens = [], wallClock = Date.now }: MemoryStoreOptions): Store {
  const clock = monotonic(wallClock)
  const seedRows = new MemoryRows(clock, rowsOf(seedData))
  const namespaces = new Map<string, MemoryIncarnation>()
  const openJournal = createMemoryJournals()

  function rowsFrom (from: DraftContent['from']): MemoryRows {
    if (from === undefined) return seedRows.fork()
    return 'rows' in from ? (from as MemoryIncarnation).rows.fork() : new MemoryRows(clock, from)
  }

  return {
    tokens: createMemoryTokens(tokens),
    async find (name) {
      return namespaces.get(name)
    },
    async list () {
      return [...namespaces.values()]
    },
    async draft (name, { from, settings, outcomes, faults }) {
      const rows = rowsFrom(from)
      await rows.write(transaction => {
        if (settings !== undefined) transaction.put('settings', ONLY, settings(transaction.wallTime))
        if (outcomes !== undefined) transaction.put('outcomes', ONLY, outcomes)
        if (faults !== undefined) transaction.put('faults', ONLY, faults)
      })
      // As many clients may wait for events as the limit on waiters allows: that is no leak.
      const events = new EventEmitter<NamespaceEvents>().setMaxListeners(0)
      rows.onWrite(written => { tell(written, events) })
      const draft: MemoryIncarnation = { name, rows, journal: openJournal(), events }
      return draft
    },
    async publish (draft, { replace }) {
      const before = namespaces.get(draft.name)
      if (before !== undefined && !replace) return before
      if (before === undefined && namespaces.size >= MAX_NAMESPACES) throw new TooManyNamespaces()
      namespaces.set(draft.name, draft as MemoryIncarnation)
      if (before !== undefined) leave(before)
      return draft
    },
    async drop (name) {
      const dropped = namespaces.get(name)
      namespaces.delete(name)
      if (dropped !== undefined) leave(dropped)
    },
    async ready () {},
    async close () {
      namespaces.clear()
    }
  }
}

function leave ({ journal, events }: MemoryIncarnation): void {
  journal.release()
  events.emit('dropped')
}

function tell (written: WrittenRows, events: EventEmitter<NamespaceEvents>): void {
  if (events.listenerCount('written') === 0) return
  const rows = [...written].flatMap(([kind, values]) => TOLD_KINDS.has(kind) ? [...values.keys()].map(key => [kind, key] as const) : [])
  if (rows.length > 0) events.emit('written', rows)
}

/** A clock that stands still while the given one is set back. */
function monotonic (wallClock: () => number): () => number {
  let last = 0
  return () => {
    last = Math.max(last, wallClock())
    return last
  }
}

function rowsOf ({ users, workspaces, templates }: SeedData): Row[] {
  return [
    ...users.map(user => ['user', String(user.id), user] as const),
    ...workspaces.map(workspace => ['workspace', String(workspace.id), workspace] as const),
    ...templates.map(template => ['template', template.id, template] as const)
  ]
}
