import assert from 'node:assert/strict'
import { mock } from 'node:test'
import t from 'tap'
import fc from 'fast-check'
import readWorkbook from 'read-excel-file/node'
import type { ExportedResult } from '../../src/spreadsheets/exported-result.ts'
import { auditTable, dataTable, metadataTable } from '../../src/spreadsheets/tables.ts'
import { writeWorkbook } from '../../src/spreadsheets/workbook.ts'
import { exportedResult } from './results.ts'

/** Reads every sheet back with another library. */
async function readSheets (results: readonly ExportedResult[]): Promise<object> {
  return await readWorkbook(await writeWorkbook(results), { trim: false })
}

/** Writes values as the fields of one group, and reads them back. */
async function roundTrip (values: readonly unknown[]): Promise<unknown[]> {
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
    invoice: {
      number: { reasoning: 'Top right.', sources: [{ chunk_id: 'c1', text: 'No. INV-1', page: 1 }] },
      total: { reasoning: 'A guess.', sources: [] }
    },
    items: [{ name: { reasoning: 'First.', sources: [] } }]
  }
})

t.test('each sheet has the rows of its table below the column names', async t => {
  const other = exportedResult({ sessionId: 'other', title: null, completedAt: null })
  const tables = [dataTable, auditTable, metadataTable].map(table => table([result, other]))
  const expected = tables.map(({ name, columns, rows }) => ({ sheet: name, data: [columns, ...rows] }))
  t.strictSame(await readSheets([result, other]), expected)
})

t.test('each sheet has its column names without results', async t => {
  const tables = [dataTable, auditTable, metadataTable].map(table => table([]))
  t.strictSame(await readSheets([]), tables.map(({ name, columns }) => ({ sheet: name, data: [columns] })))
})

t.test('writes the same bytes at any time', async t => {
  t.teardown(() => { mock.timers.reset() })
  mock.timers.enable({ apis: ['Date'], now: Date.UTC(2024, 0, 1) })
  const early = await writeWorkbook([result])
  mock.timers.setTime(Date.UTC(2025, 5, 1))
  t.ok(early.equals(await writeWorkbook([result])))
})

t.test('text is read back unchanged', async t => {
  const texts = [
    '=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=cmd|\' /C calc\'!A0', '1', 'TRUE', '2024-01-15', ' padded ', '\n', 'two\nlines', 'a\r\nb',
    '<b>&amp;"\'', ']]>', 'bell \u0007', '\u0000', '\u007f\u009f', '\ufffd', '\ufffe\uffff', '😀',
    '_x0041_', '_x0041_x0042_', '_x0041\u0007', '_X00e9_',
    '__proto__', 'constructor', 'toString', 'hasOwnProperty'
  ]
  t.strictSame(await roundTrip(texts), texts)
})

t.test('replaces only the characters that XML cannot hold', async t => {
  t.strictSame(await roundTrip(['a\udc00b', 'a\ud800', '\u{1fffe}b\u{10ffff}c']), ['a\ufffdb', 'a\ufffd', '\ufffdb\ufffdc'])
})

t.test('cuts text beyond the limit of a cell, and marks it with an ellipsis', async t => {
  const [fits, cut, pair] = await roundTrip(['x'.repeat(32_767), 'x'.repeat(32_768), `${'x'.repeat(32_765)}😀😀`])
  t.equal(fits, 'x'.repeat(32_767))
  t.equal(cut, `${'x'.repeat(32_766)}…`)
  t.equal(pair, `${'x'.repeat(32_765)}…`)
})

t.test('any data can be read back', async t => {
  const names = fc.string({ unit: 'binary' })
  const number = fc.oneof(fc.double({ noDefaultInfinity: true, noNaN: true }), fc.integer())
  const leaf = fc.oneof(fc.string({ unit: 'binary' }), number, fc.boolean(), fc.constant(null))
  const field = fc.oneof(leaf, fc.array(leaf), fc.dictionary(names, leaf))
  const fields = fc.dictionary(names, field)
  const groups = fc.dictionary(names, fc.oneof(fields, fc.array(fields)))
  const audits = fc.dictionary(names, fc.anything())
  await fc.assert(fc.asyncProperty(groups, audits, async (data, auditData) => {
    const [sheet] = await readWorkbook(await writeWorkbook([exportedResult({ data, auditData })]), { trim: false })
    const { rows } = dataTable([exportedResult({ data })])
    assert.deepEqual(sheet?.data.slice(1).map(row => row.slice(2)), rows.map(row => row.slice(2).map(asRead)))
  }), { numRuns: 50 })
})

/** Returns the cell as read back: empty text is an empty cell, -0 is 0, and some noncharacters are replaced. */
function asRead (cell: unknown): unknown {
  if (typeof cell === 'string') return cell.replace(/(?=\p{Noncharacter_Code_Point})[\u{10000}-\u{10ffff}]/gu, '\ufffd') || null
  return cell === 0 ? 0 : cell
}
