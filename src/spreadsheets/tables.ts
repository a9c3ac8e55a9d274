import { configure } from 'safe-stable-stringify'
import type { ExportedResult } from './exported-result.ts'

/** The value of one cell; null for an empty cell. */
export type Cell = string | number | boolean | null

export interface Table {
  readonly name: string
  readonly columns: readonly string[]
  /** Each with as many cells as there are columns. */
  readonly rows: ReadonlyArray<readonly Cell[]>
}

/**
 * Returns the Data sheet, with a row for each value. Item numbers the objects of an iterated group from 1 and is empty for other
 * groups. Arrays and objects in a field become rows with dotted paths such as `lines.0.price`; an empty one is a row without a
 * value.
 */
export function dataTable (results: readonly ExportedResult[]): Table {
  return {
    name: 'Data',
    columns: ['Session', 'Session Name', 'Group', 'Item', 'Field', 'Value'],
    rows: results.flatMap(({ sessionId, sessionName, data }) => itemsOf(data).flatMap(({ group, item, value }) =>
      leavesOf(value).map(([field, leaf]) => [sessionId, sessionName, group, item, field, leaf])))
  }
}

/** Returns the Audit sheet, with a row for each source of a value, or one row without a source. Group, Item and Field are as in Data. */
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

/** Returns the Metadata sheet, with a row for each result. */
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

/** Returns every leaf of a value by its dotted path; the path of the value itself is null. An empty array or object is a leaf. */
function leavesOf (value: unknown): Array<readonly [path: string | null, leaf: Cell]> {
  const leaves: Array<readonly [string | null, Cell]> = []
  // An explicit stack: deeply nested data must not overflow the call stack.
  const stack: Array<readonly [path: string | null, value: unknown]> = [[null, value]]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [path, value] = next
    const parts = isComposite(value) ? Object.entries(value) : []
    if (parts.length === 0) leaves.push([path, cellOf(value)])
    for (const [key, part] of parts.reverse()) stack.push([path === null ? key : `${path}.${key}`, part])
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

/** Returns an audit entry with at least one source, possibly an empty one. A value that is not an object counts as its text. */
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

/** The depth is limited because the serializer is recursive. */
const jsonOf = configure({ maximumDepth: 100 })

function isComposite (value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
