import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import fc from 'fast-check'
import readWorkbook from 'read-excel-file/node'
import type { ExportedResult } from '../../src/spreadsheets/exported-result.ts'
import { auditTable, dataTable, metadataTable } from '../../src/spreadsheets/tables.ts'
import { writeWorkbook } from '../../src/spreadsheets/workbook.ts'
import { exportedResult } from './results.ts'

/** Every cell of every sheet, as another library reads them. */
async function readSheets (results: readonly ExportedResult[]): Promise<object> {
  return await readWorkbook(await writeWorkbook(results), { trim: false })
}

/** The values of a result whose fields are the values of one group. */
async function valuesThrough (values: readonly unknown[]): Promise<unknown[]> {
  const data = { g: Object.fromEntries(values.map((value, index) => [`f${index}`, value])) }
  const [sheet] = await readWorkbook(await writeWorkbook([exportedResult({ data })]), { trim: false })
  return (sheet?.data ?? []).slice(1).map(row => row[5])
}

const result = exportedResult({
  data: {
    invoice: { number: 'INV-1', total: 12.5, paid: true, open: false, due: null, lines: [{ price: -3 }] },
    items: [{ name: 'a' }, { name: 'b' }]
  },
  auditData: {
    invoice: { number: { reasoning: 'Top right.', sources: [{ chunk_id: 'c1', text: 'No. INV-1', page: 1 }] }, total: { reasoning: 'A guess.', sources: [] } },
    items: [{ name: { reasoning: 'First.', sources: [] } }]
  }
})

t.test('the sheets hold what the tables say, below their names', async t => {
  const other = exportedResult({ sessionId: 'other', title: null, completedAt: null })
  const tables = [dataTable, auditTable, metadataTable].map(table => table([result, other]))
  t.strictSame(await readSheets([result, other]), tables.map(({ name, columns, rows }) => ({ sheet: name, data: [columns, ...rows] })))
})

t.test('without results the sheets have their headers', async t => {
  t.strictSame(await readSheets([]), [dataTable, auditTable, metadataTable].map(table => table([])).map(({ name, columns }) => ({ sheet: name, data: [columns] })))
})

t.test('the bytes are the same, whenever they are written', async t => {
  const early = await writeWorkbook([result])
  // Zip files count time in steps of two seconds.
  await wait(2_100)
  t.ok(early.equals(await writeWorkbook([result])))
})

t.test('text stays the text it is', async t => {
  const texts = [
    '=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=cmd|\' /C calc\'!A0', '1', 'TRUE', '2024-01-15', ' padded ', '\n', 'two\nlines', 'a\r\nb',
    '<b>&amp;"\'', ']]>', 'bell \u0007', '\u0000', '\u007f\u009f', '\ufffd', '\ufffe\uffff', '😀', '_x0041_', '_x0041_x0042_', '_x0041\u0007', '_X00e9_',
    '__proto__', 'constructor', 'toString', 'hasOwnProperty'
  ]
  t.strictSame(await valuesThrough(texts), texts)
})

t.test('what no file of text can hold is replaced, and takes nothing else with it', async t => {
  t.strictSame(await valuesThrough(['a\udc00b', 'a\ud800', '\u{1fffe}b\u{10ffff}c']), ['a\ufffdb', 'a\ufffd', '\ufffdb\ufffdc'])
})

t.test('text beyond what a cell can hold is cut, and says so', async t => {
  const [fits, cut, pair] = await valuesThrough(['x'.repeat(32_767), 'x'.repeat(32_768), `${'x'.repeat(32_765)}😀😀`])
  t.equal(fits, 'x'.repeat(32_767))
  t.equal(cut, `${'x'.repeat(32_766)}…`)
  t.equal(pair, `${'x'.repeat(32_765)}…`)
})

t.test('whatever the data, its values are found again', async t => {
  const names = fc.string({ unit: 'binary' })
  const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noDefaultInfinity: true, noNaN: true }), fc.integer(), fc.boolean(), fc.constant(null))
  const field = fc.oneof(leaf, fc.array(leaf), fc.dictionary(names, leaf))
  const fields = fc.dictionary(names, field)
  await fc.assert(fc.asyncProperty(fc.dictionary(names, fc.oneof(fields, fc.array(fields))), fc.dictionary(names, fc.anything()), async (data, auditData) => {
    const [sheet] = await readWorkbook(await writeWorkbook([exportedResult({ data, auditData })]), { trim: false })
    assert.deepEqual(sheet?.data.slice(1).map(row => row.slice(2)), dataTable([exportedResult({ data })]).rows.map(row => row.slice(2).map(asRead)))
  }), { numRuns: 50 })
})

/** Empty text is an empty cell, there is one zero, and noncharacters are no text. */
function asRead (cell: unknown): unknown {
  if (typeof cell === 'string') return cell.replace(/(?=\p{Noncharacter_Code_Point})[\u{10000}-\u{10ffff}]/gu, '\ufffd') || null
  return cell === 0 ? 0 : cell
}
