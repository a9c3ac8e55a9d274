import type { ExportedResult } from './exported-result.ts'
import { dataTable } from './tables.ts'

/**
 * Returns the rows of the Data sheet as CSV (RFC 4180): a header, commas, CRLF. Text that a spreadsheet program would read as a
 * formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return) gets a leading `'`; negative numbers do not.
 */
export async function writeCsv (results: readonly ExportedResult[]): Promise<string> {
  const { stringify } = await import('csv-stringify/sync')
  const { columns, rows } = dataTable(results)
  return stringify([columns, ...rows], {
    record_delimiter: 'windows',
    quote_record_delimiter: true,
    escape_formulas: true,
    cast: { boolean: String }
  })
}
