import type { Cell } from 'write-excel-file/node'
import type { ExportedResult } from './exported-result.ts'
import { auditTable, dataTable, metadataTable, type Table } from './tables.ts'

/**
 * An .xlsx file with the documented sheets Data, Audit and Metadata; the same bytes for the same results. Text stays text,
 * also if it looks like a formula. A text beyond Excel's limit of 32,767 characters is cut and ends with an ellipsis.
 */
export async function writeWorkbook (results: readonly ExportedResult[]): Promise<Buffer> {
  const [{ default: writeExcelFile }, { unzipSync, zipSync }] = await Promise.all([import('write-excel-file/node'), import('fflate')])
  const tables = [dataTable(results), auditTable(results), metadataTable(results)]
  const stamped = await writeExcelFile(tables.map(table => ({ sheet: table.name, data: sheetOf(table), stickyRowsCount: 1 }))).toBuffer()
  // The library marks what it packs with the present time, and offers no way to choose another.
  return Buffer.from(zipSync(unzipSync(stamped), { mtime: EARLIEST_TIME }))
}

/** The first day that a zip file can name, which is without a time zone there as here. */
const EARLIEST_TIME = new Date(1980, 0, 1)

function sheetOf ({ columns, rows }: Table): Cell[][] {
  return [
    columns.map(value => ({ value, fontWeight: 'bold' })),
    ...rows.map(row => row.map(cell => typeof cell === 'string' ? xmlTextOf(cutToFit(cell)) : cell))
  ]
}

const MAX_CELL_LENGTH = 32_767

function cutToFit (text: string): string {
  if (text.length <= MAX_CELL_LENGTH) return text
  // Not between the halves of a surrogate pair.
  return text.slice(0, MAX_CELL_LENGTH - 1).replace(/[\ud800-\udbff]$/, '') + '…'
}

/**
 * The text with what XML does not allow, and what the library would therefore leave out, written as `_x0007_`, the way
 * that Office Open XML provides (ST_Xstring); and with what would be read as such an escape escaped itself.
 */
function xmlTextOf (text: string): string {
  const escaped = text.toWellFormed().replace(BEYOND_ESCAPES, '\ufffd').replace(NOT_AS_IT_IS, character => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
  // The library keeps the texts it has seen in a plain object, and would find these there before it has seen them; the
  // character behind them it does not write.
  return escaped in Object.prototype ? `${escaped}\0` : escaped
}

/** Noncharacters that four digits cannot name. */
const BEYOND_ESCAPES = /(?=\p{Noncharacter_Code_Point})[\u{10000}-\u{10ffff}]/gu

/** Control characters but tab and line feed, the replacement character, noncharacters, and `_` before `x` and four digits. */
const NOT_AS_IT_IS = /[^\P{Cc}\t\n]|\ufffd|\p{Noncharacter_Code_Point}|_(?=x[\da-f]{4})/giu
