import type { Cell } from 'write-excel-file/node'
import type { ExportedResult } from './exported-result.ts'
import { auditTable, dataTable, metadataTable, type Table } from './tables.ts'

/**
 * Returns an .xlsx file with the documented sheets Data, Audit and Metadata; the same results give the same bytes. Text stays text
 * even if it looks like a formula. Text beyond Excel's limit of 32,767 characters is cut and ends with an ellipsis.
 */
export async function writeWorkbook (results: readonly ExportedResult[]): Promise<Buffer> {
  const [{ default: writeExcelFile }, { unzipSync, zipSync }] = await Promise.all([import('write-excel-file/node'), import('fflate')])
  const tables = [dataTable(results), auditTable(results), metadataTable(results)]
  const stamped = await writeExcelFile(tables.map(table => ({ sheet: table.name, data: sheetOf(table), stickyRowsCount: 1 }))).toBuffer()
  // The library stores the present time in the archive and has no option for another.
  return Buffer.from(zipSync(unzipSync(stamped), { mtime: EARLIEST_DATE }))
}

/** The earliest date in a zip archive. Both the archive and this value are in local time. */
const EARLIEST_DATE = new Date(1980, 0, 1)

function sheetOf ({ columns, rows }: Table): Cell[][] {
  return [
    columns.map(value => ({ value, fontWeight: 'bold' })),
    ...rows.map(row => row.map(cell => typeof cell === 'string' ? xmlTextOf(cutToFit(cell)) : cell))
  ]
}

const MAX_CELL_LENGTH = 32_767

function cutToFit (text: string): string {
  if (text.length <= MAX_CELL_LENGTH) return text
  // A surrogate pair must not be split.
  return text.slice(0, MAX_CELL_LENGTH - 1).replace(/[\ud800-\udbff]$/, '') + '…'
}

/**
 * Escapes the characters that XML does not allow, and which the library would drop, as Office Open XML does (`_x0007_`,
 * ST_Xstring). Text that looks like such an escape is escaped itself.
 */
function xmlTextOf (text: string): string {
  const escaped = text.toWellFormed().replace(WITHOUT_ESCAPE, '\ufffd').replace(TO_ESCAPE, escapeOf)
  // The library looks up known texts in a plain object, where it finds names such as `constructor` that it has not stored. It drops
  // the NUL character, which makes the text a different key.
  return escaped in Object.prototype ? `${escaped}\0` : escaped
}

function escapeOf (character: string): string {
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
}

/** Noncharacters beyond U+FFFF: an escape has four digits only. */
const WITHOUT_ESCAPE = /(?=\p{Noncharacter_Code_Point})[\u{10000}-\u{10ffff}]/gu

/** Control characters except tab and line feed, the replacement character, noncharacters, and `_` before `x` and four digits. */
const TO_ESCAPE = /[^\P{Cc}\t\n]|\ufffd|\p{Noncharacter_Code_Point}|_(?=x[\da-f]{4})/giu
