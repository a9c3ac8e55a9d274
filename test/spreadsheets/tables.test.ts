import t from 'tap'
import { auditTable, dataTable, metadataTable } from '../../src/spreadsheets/tables.ts'
import { exportedResult } from './results.ts'

/** Returns the rows without the first two cells, which name the session. */
function rowsOf ({ rows }: ReturnType<typeof dataTable>): unknown[][] {
  return rows.map(([, , ...cells]) => cells)
}

const nested = (depth: number): unknown => Array.from({ length: depth }).reduce(value => [value], 1)

t.test('the Data sheet has a row for each value, in the order of the data', async t => {
  const one = exportedResult({ data: { invoice: { number: 'INV-1', total: 12.5, paid: false, due: null } } })
  const two = exportedResult({ sessionId: 'other', sessionName: 'other.pdf', data: { invoice: { number: 'INV-2' } } })
  t.strictSame(dataTable([one, two]), {
    name: 'Data',
    columns: ['Session', 'Session Name', 'Group', 'Item', 'Field', 'Value'],
    rows: [
      [one.sessionId, 'invoice.pdf', 'invoice', null, 'number', 'INV-1'],
      [one.sessionId, 'invoice.pdf', 'invoice', null, 'total', 12.5],
      [one.sessionId, 'invoice.pdf', 'invoice', null, 'paid', false],
      [one.sessionId, 'invoice.pdf', 'invoice', null, 'due', null],
      ['other', 'other.pdf', 'invoice', null, 'number', 'INV-2']
    ]
  })
})

t.test('numbers the objects of an iterated group from 1', async t => {
  t.strictSame(rowsOf(dataTable([exportedResult({ data: { lines: [{ price: 1, name: 'a' }, { price: 2 }, 'loose'] } })])), [
    ['lines', 1, 'price', 1],
    ['lines', 1, 'name', 'a'],
    ['lines', 2, 'price', 2],
    ['lines', 3, null, 'loose']
  ])
})

t.test('flattens arrays and objects in a field', async t => {
  const data = { invoice: { lines: [{ price: 1, tags: ['a', 'b'] }, { price: 2 }], 'dotted.name': { '': 3 } } }
  t.strictSame(rowsOf(dataTable([exportedResult({ data })])), [
    ['invoice', null, 'lines.0.price', 1],
    ['invoice', null, 'lines.0.tags.0', 'a'],
    ['invoice', null, 'lines.0.tags.1', 'b'],
    ['invoice', null, 'lines.1.price', 2],
    ['invoice', null, 'dotted.name.', 3]
  ])
})

t.test('keeps empty groups, arrays and objects as rows without a value', async t => {
  const data = { none: {}, nothing: [], text: 'loose', invoice: { lines: [], vendor: {}, unknown: undefined, much: Infinity } }
  t.strictSame(rowsOf(dataTable([exportedResult({ data })])), [
    ['none', null, null, null],
    ['nothing', null, null, null],
    ['text', null, null, 'loose'],
    ['invoice', null, 'lines', null],
    ['invoice', null, 'vendor', null],
    ['invoice', null, 'unknown', null],
    ['invoice', null, 'much', null]
  ])
})

t.test('accepts names that are special in JavaScript', async t => {
  const data = JSON.parse('{"__proto__": {"__proto__": 1, "constructor": {"toString": 2}}}')
  t.strictSame(rowsOf(dataTable([exportedResult({ data })])), [
    ['__proto__', null, '__proto__', 1],
    ['__proto__', null, 'constructor.toString', 2]
  ])
})

t.test('the Audit sheet has a row for each source, and one for a value without a source', async t => {
  const result = exportedResult({
    auditData: {
      invoice: {
        number: {
          reasoning: 'Top right.',
          sources: [{ chunk_id: 'c1', text: 'No. INV-1', page: 1 }, { chunk_id: 'c2', text: 'INV-1', page: 2 }]
        },
        total: { reasoning: 'A guess.', sources: [] },
        due: { sources: [{ chunk_id: 'c3', text: 'due', page: 3 }] }
      },
      lines: [{ price: { reasoning: 'One.', sources: [] } }, { price: { reasoning: 'Two.', sources: [] } }]
    }
  })
  const session = [result.sessionId, 'invoice.pdf']
  t.strictSame(auditTable([result]), {
    name: 'Audit',
    columns: ['Session', 'Session Name', 'Group', 'Item', 'Field', 'Reasoning', 'Source Text', 'Page', 'Chunk'],
    rows: [
      [...session, 'invoice', null, 'number', 'Top right.', 'No. INV-1', 1, 'c1'],
      [...session, 'invoice', null, 'number', 'Top right.', 'INV-1', 2, 'c2'],
      [...session, 'invoice', null, 'total', 'A guess.', null, null, null],
      [...session, 'invoice', null, 'due', null, 'due', 3, 'c3'],
      [...session, 'lines', 1, 'price', 'One.', null, null, null],
      [...session, 'lines', 2, 'price', 'Two.', null, null, null]
    ]
  })
})

t.test('the Audit sheet accepts audit data of any shape', async t => {
  const auditData = {
    text: 'loose',
    nothing: null,
    list: ['a', 7],
    invoice: {
      text: 'why',
      nothing: null,
      sources: { sources: ['from here', null, { text: { de: 'x' }, page: [1, 2], chunk_id: true }] },
      none: { reasoning: ['a', 'b'], sources: 'x' }
    }
  }
  t.strictSame(rowsOf(auditTable([exportedResult({ auditData })])), [
    ['text', null, null, 'loose', null, null, null],
    ['nothing', null, null, null, null, null, null],
    ['list', 1, null, 'a', null, null, null],
    ['list', 2, null, 7, null, null, null],
    ['invoice', null, 'text', 'why', null, null, null],
    ['invoice', null, 'nothing', null, null, null, null],
    ['invoice', null, 'sources', null, 'from here', null, null],
    ['invoice', null, 'sources', null, null, null, null],
    ['invoice', null, 'sources', null, '{"de":"x"}', '[1,2]', true],
    ['invoice', null, 'none', '["a","b"]', null, null, null]
  ])
})

t.test('accepts data nested more deeply than the call stack', async t => {
  const [[, , , , field, value] = []] = dataTable([exportedResult({ data: { invoice: { deep: nested(50_000) } } })]).rows
  t.equal(field, `deep${'.0'.repeat(50_000)}`)
  t.equal(value, 1)
  const auditData = { invoice: { deep: { reasoning: nested(50_000) } } }
  const [[, , , , , reasoning] = []] = auditTable([exportedResult({ auditData })]).rows
  t.match(reasoning, /^\[{100}/)
})

t.test('the Metadata sheet has a row for each result', async t => {
  const one = exportedResult({ documents: ['a.pdf', 'b.pdf'] })
  const two = exportedResult({ title: null, status: 'failed', completedAt: null, documents: [] })
  const [begin, end] = ['2024-01-15T10:30:00.000Z', '2024-01-15T10:30:05.000Z']
  t.strictSame(metadataTable([one, two]), {
    name: 'Metadata',
    columns: ['Session', 'Session Name', 'Result', 'Title', 'Status', 'Config Hash', 'Documents', 'Created At', 'Completed At'],
    rows: [
      [one.sessionId, 'invoice.pdf', one.resultId, 'Invoices - invoice.pdf', 'completed', one.configHash, 'a.pdf, b.pdf', begin, end],
      [two.sessionId, 'invoice.pdf', two.resultId, null, 'failed', two.configHash, '', begin, null]
    ]
  })
})
