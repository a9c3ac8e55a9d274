import { configure } from 'safe-stable-stringify'
import type { ExportedResult } from './exported-result.ts'

/** What one cell holds; null is an empty one. */
export type Cell = string | number | boolean | null

export interface Table {
  readonly name: string
  readonly columns: readonly string[]
  /** Each as long as `columns`. */
  readonly rows: ReadonlyArray<readonly Cell[]>
}

/**
 * A row for each value. Item counts the objects of an iterated group from 1 and is empty for others; lists and objects
 * within a field are taken apart, by dotted paths such as `lines.0.price`, and are a row without a value if they are empty.
 */
export function dataTable (results: readonly ExportedResult[]): Table {
  return {
    name: 'Data',
    columns: ['Session', 'Session Name', 'Group', 'Item', 'Field', 'Value'],
    rows: results.flatMap(({ sessionId, sessionName, data }) => itemsOf(data).flatMap(({ group, item, value }) =>
      leavesOf(value).map(([field, leaf]) => [sessionId, sessionName, group, item, field, leaf])))
  }
}

/** A row for each source of a value, or one without a source where there is none. Group, Item and Field are as in Data. */
export function auditTable (results: readonly ExportedResult[]): Table {
  return {
    name: 'Audit',
    columns: ['Session', 'Session Name', 'Group', 'Item', 'Field', 'Reasoning', 'Source Text', 'Page', 'Chunk'],
    rows: results.flatMap(({ sessionId, sessionName, auditData }) => itemsOf(auditData).flatMap(({ group, item, value }) =>
      fieldsOf(value).flatMap(([field, entry]) => {
        const { reasoning, sources } = entryOf(entry)
        return sources.map(({ text, page, chunk_id: chunk }) =>
          [sessionId, sessionName, group, item, field, ...[reasoning, text, page, chunk].map(cellOrJson)])
      })))
  }
}

/** A row for each result. */
export function metadataTable (results: readonly ExportedResult[]): Table {
  return {
    name: 'Metadata',
    columns: ['Session', 'Session Name', 'Result', 'Title', 'Status', 'Config Hash', 'Documents', 'Created At', 'Completed At'],
    rows: results.map(result => [
      result.sessionId,
      result.sessionName,
      result.resultId,
      result.title,
      result.status,
      result.configHash,
      result.documents.join(', '),
      result.createdAt,
      result.completedAt
    ])
  }
}

interface Item {
  readonly group: string
  /** Null if the group is not iterated. */
  readonly item: number | null
  readonly value: unknown
}

function itemsOf (groups: { readonly [group: string]: unknown }): Item[] {
  return Object.entries(groups).flatMap(([group, value]): Item[] => Array.isArray(value) && value.length > 0
    ? value.map((value, index) => ({ group, item: index + 1, value }))
    : [{ group, item: null, value }])
}

/** Everything in `value` that is no list or object, by its dotted path; the path to `value` itself is null. */
function leavesOf (value: unknown): Array<readonly [path: string | null, leaf: Cell]> {
  const leaves: Array<readonly [string | null, Cell]> = []
  // No recursion: data may be nested more deeply than the stack is high.
  const open: Array<readonly [path: string | null, value: unknown]> = [[null, value]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [path, value] = next
    const parts = isComposite(value) ? Object.entries(value) : []
    if (parts.length === 0) leaves.push([path, cellOf(value)])
    for (const [key, part] of parts.reverse()) open.push([path === null ? key : `${path}.${key}`, part])
  }
  return leaves
}

function fieldsOf (value: unknown): Array<readonly [field: string | null, entry: unknown]> {
  return isComposite(value) ? Object.entries(value) : [[null, value]]
}

interface AuditEntry {
  readonly reasoning?: unknown
  readonly sources: ReadonlyArray<{ readonly text?: unknown, readonly page?: unknown, readonly chunk_id?: unknown }>
}

/** An audit entry with a source at the least, though it may say nothing. What has no shape is taken for a text. */
function entryOf (entry: unknown): AuditEntry {
  const { reasoning, sources } = (isComposite(entry) ? entry : { reasoning: entry }) as { reasoning?: unknown, sources?: unknown }
  const list: readonly unknown[] = Array.isArray(sources) && sources.length > 0 ? sources : [{}]
  return { reasoning, sources: list.map(source => isComposite(source) ? source : { text: source }) }
}

function cellOf (value: unknown): Cell {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'string' || typeof value === 'boolean' ? value : null
}

function cellOrJson (value: unknown): Cell {
  return isComposite(value) ? jsonOf(value) : cellOf(value)
}

/** It recurses, so that nesting must have an end. */
const jsonOf = configure({ maximumDepth: 100 })

function isComposite (value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
