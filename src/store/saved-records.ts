import { parse, stringify } from 'devalue'
import { RECORD_KINDS, type RecordKind, type Row, type Rows, type View } from './rows.ts'

/** Thrown for saved records that cannot be read; the message completes "The state cannot be restored: ...". */
export class UnreadableRecords extends Error {
  constructor (message = 'its records are damaged', options?: ErrorOptions) {
    super(message, options)
  }
}

/** Writes the records by kind, as a text that can express maps, infinities, and what several records share. */
export function writeSavedRecords (view: View): string {
  return stringify(Object.fromEntries(RECORD_KINDS.map(kind => [kind, [...view.list(kind)]])))
}

/** The number of records in a piece: few enough that other requests hardly wait while it is written. */
const PIECE = 200

/** Streams the records in pieces, each of which `readSavedRecords` understands. What records of several pieces share is repeated. */
export async function * writeSavedPieces (rows: Rows): AsyncGenerator<string> {
  for (const kind of RECORD_KINDS) {
    let piece: unknown[] = []
    for await (const entry of rows.scan(kind)) {
      if (piece.push(entry) < PIECE) continue
      yield stringify({ [kind]: piece })
      piece = []
    }
    if (piece.length > 0) yield stringify({ [kind]: piece })
  }
}

/** Reads what `writeSavedRecords` wrote. Throws UnreadableRecords. */
export function readSavedRecords (text: string): Row[] {
  const saved = parseSaved(text)
  if (typeof saved !== 'object' || saved === null || Array.isArray(saved)) throw new UnreadableRecords()
  const unknown = Object.keys(saved).filter(kind => !RECORD_KINDS.includes(kind as RecordKind))
  if (unknown.length > 0) {
    throw new UnreadableRecords(
      `it has records of a kind that this version does not know (${unknown.join(', ')}): use a newer version`
    )
  }
  return Object.entries(saved).flatMap(([kind, entries]) => {
    if (!Array.isArray(entries) || !entries.every(isEntry)) throw new UnreadableRecords(`its records of kind ${kind} are damaged`)
    return entries.map(([key, value]) => [kind, key, value] as unknown as Row)
  })
}

/** Parses the text of saved records. Throws UnreadableRecords. */
export function parseSaved (text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new UnreadableRecords(undefined, { cause: error })
  }
}

function isEntry (entry: unknown): entry is readonly [string, unknown] {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string'
}
