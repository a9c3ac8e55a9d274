import type { ExportedResult } from './exported-result.ts'
import { dataTable } from './tables.ts'

/**
 * The rows of the Data sheet as CSV after RFC 4180: a header, commas, CRLF. Text that a spreadsheet program would take for
 * a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return) gets a `'` in front, and so stays text;
 * negative numbers are left alone.
 */
export async function writeCsv (results: readonly ExportedResult[]): Promise<string> {
  const { stringify } = await import('csv-stringify/sync')
  const { columns, rows } = dataTable(results)
  return stringify([columns, ...rows], { record_delimiter: 'windows', quote_record_delimiter: true, escape_formulas: true, cast: { boolean: String } })
}
