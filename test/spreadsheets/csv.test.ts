import assert from 'node:assert/strict'
import t from 'tap'
import fc from 'fast-check'
import { dataTable } from '../../src/spreadsheets/tables.ts'
import { writeCsv } from '../../src/spreadsheets/csv.ts'
import { exportedResult } from './results.ts'

const HEADER = 'Session,Session Name,Group,Item,Field,Value\r\n'

t.test('writes a header and a line for each row of the Data sheet', async t => {
  const result = exportedResult({
    sessionId: 's1',
    data: { invoice: { number: 'INV-1', total: 12.5, paid: true, open: false, due: null, note: 'a "b", c\r\nd' }, items: [{ name: 'a' }] }
  })
  t.equal(await writeCsv([result, exportedResult({ sessionId: 's2', sessionName: 'b.pdf', data: { g: { f: 'ü' } } })]), HEADER + [
    's1,invoice.pdf,invoice,,number,INV-1',
    's1,invoice.pdf,invoice,,total,12.5',
    's1,invoice.pdf,invoice,,paid,true',
    's1,invoice.pdf,invoice,,open,false',
    's1,invoice.pdf,invoice,,due,',
    's1,invoice.pdf,invoice,,note,"a ""b"", c\r\nd"',
    's1,invoice.pdf,items,1,name,a',
    's2,b.pdf,g,,f,ü',
    ''
  ].join('\r\n'))
})

t.test('writes the header alone without results', async t => {
  t.equal(await writeCsv([]), HEADER)
})

t.test('escapes text that looks like a formula, but no numbers', async t => {
  const data = { g: { a: '=1+1', b: '+1', c: '-1', d: '@x', e: '\tx', f: '=cmd|\' /C calc\'!A0,"', g: -1, h: 'a=b' } }
  t.equal(await writeCsv([exportedResult({ sessionId: '=x', sessionName: 'n', data })]), HEADER + [
    "'=x,n,g,,a,'=1+1",
    "'=x,n,g,,b,'+1",
    "'=x,n,g,,c,'-1",
    "'=x,n,g,,d,'@x",
    "'=x,n,g,,e,'\tx",
    "'=x,n,g,,f,\"'=cmd|' /C calc'!A0,\"\"\"",
    "'=x,n,g,,g,-1",
    "'=x,n,g,,h,a=b",
    ''
  ].join('\r\n'))
})

t.test('any data can be read back', async t => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\r', '\n', '"', ',', '"",\r\n'))
  const leaf = fc.oneof(text, fc.double({ noDefaultInfinity: true, noNaN: true }), fc.boolean(), fc.constant(null))
  const names = fc.string({ unit: 'binary' })
  await fc.assert(fc.asyncProperty(fc.dictionary(names, fc.dictionary(names, fc.oneof(leaf, fc.array(leaf)))), async data => {
    const { columns, rows } = dataTable([exportedResult({ data })])
    assert.deepEqual(parse(await writeCsv([exportedResult({ data })])), [columns, ...rows].map(row => row.map(cell =>
      typeof cell === 'string' ? cell.replace(/^(?=[=+\-@\t\r＝＋－＠])/, "'") : String(cell ?? ''))))
  }), { numRuns: 100 })
})

/** Parses CSV strictly after RFC 4180; fails on any deviation. */
function parse (csv: string): string[][] {
  const rows: string[][] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  let row: string[] = []
  let read = 0
  for (const [whole, quoted, plain = '', end] of csv.matchAll(cell)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '\r\n') {
      rows.push(row)
      row = []
    }
    read += whole.length
  }
  assert.equal(read, csv.length)
  return rows
}
