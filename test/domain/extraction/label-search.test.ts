import t from 'tap'
import fc from 'fast-check'
import type { Field } from '../../../src/domain/templates/schema.ts'
import { createLabelSearch, type FoundValue, type FieldQuery } from '../../../src/domain/extraction/label-search.ts'
import { labelsOf } from '../../../src/domain/extraction/labels.ts'
import { namesOf, wordsOf } from '../../../src/domain/extraction/names.ts'

function wishFor (name: string, field: Field = { type: 'string' }, group = 'g'): FieldQuery {
  return { path: [group, name], field, items: undefined }
}

/** What is found of wishes in one document, by their names; pages are texts. */
function findAll (wishes: readonly FieldQuery[], ...pages: string[]): { [name: string]: FoundValue } {
  const found = createLabelSearch(wishes)([pages.map(content => [{ type: 'paragraph', content }])])
  return Object.fromEntries([...found].map(([{ path }, finding]) => [path.slice(1).join('.'), finding]))
}

/** The value that is found for one name. */
function find (name: string, field: Field | string, ...pages: string[]): unknown {
  return findAll([wishFor(name, typeof field === 'string' ? { type: field } : field)], ...pages)[name]?.value
}

t.test('what is found says where it stands', async t => {
  const wishes = [wishFor('total', { type: 'number' }), wishFor('vendor'), wishFor('missing')]
  const found = createLabelSearch(wishes)([
    [],
    [[], [{ type: 'heading', content: 'Vendor' }, { type: 'paragraph', content: '  Acme GmbH ' }, { type: 'paragraph', content: 'Some\n• Total:   8,800.00  \nmore' }]]
  ])
  t.same([...found], [
    [wishes[0], { value: 8800, document: 1, page: 2, text: '• Total:   8,800.00', label: 'Total' }],
    [wishes[1], { value: 'Acme GmbH', document: 1, page: 2, text: 'Acme GmbH', label: 'Vendor' }]
  ])
})

t.test('a label stands at the beginning of a line or after a gap, and is parted from its value', async t => {
  const lines = ['Total: 5', 'total = 5', 'TOTAL 5', 'Total - 5', 'Total – 5', 'Total # 5', 'Total. 5', 'Total.......5', 'Total\t5', 'Total  5', 'Total | 5', '| Total | 5 |', 'Total (EUR): 5', 'Total (incl. VAT) 5', 'Total\u00a05', 'x  Total 5', 'x\tTotal: 5', 'Rate: 19 Total: 5', '## Total: 5', '- Total: 5', '* Total: 5']
  for (const line of lines) t.equal(find('total', 'number', line), 5, line)
  const others = ['Subtotal: 5', 'Sub total: 5', 'Net Total: 5', 'Totals: 5', 'Total-5', 'Total/net 5', 'Total, 5', 'Total items 5', 'Rate 19 Total 5', 'In total 5', 'Total', 'Total:', 'x  Total', 'Total: five']
  for (const line of others) t.equal(find('total', 'number', line), undefined, line)
  t.equal(find('date', 'date', 'Due Date: 2024-04-14'), undefined)
})

t.test('a value can stand on the line below its label, unless that has a label of its own', async t => {
  t.equal(find('total', 'number', 'Total\n5'), 5)
  t.equal(find('total', 'number', 'Total:\n\n5.00 EUR'), 5)
  t.equal(find('vendor', 'string', 'Vendor:\nAcme GmbH, Berlin'), 'Acme GmbH, Berlin')
  t.equal(find('total', 'number', 'Total', '5'), undefined, 'not on the next page')
  t.equal(find('total', 'number', 'Total\nEUR\n5'), undefined)
  t.equal(find('vendor', 'string', 'Vendor:\nContact: Jane Doe'), undefined)
  t.same(findAll([wishFor('vendor'), wishFor('customer')], 'Vendor\nCustomer\nAcme GmbH')['customer']?.value, 'Acme GmbH')
  t.equal(findAll([wishFor('vendor'), wishFor('customer')], 'Vendor\nCustomer\nAcme GmbH')['vendor'], undefined)
})

t.test('a field goes by its name, by other words for it, and by what its prompts say', async t => {
  const cases: Array<[name: string, field: Field, line: string]> = [
    ['invoice_number', { type: 'string' }, 'Invoice number: A1'],
    ['invoice_number', { type: 'string' }, 'Invoice No.: A1'],
    ['invoice_number', { type: 'string' }, 'INVOICE NO A1'],
    ['invoice_number', { type: 'string' }, 'Invoice # A1'],
    ['invoice_number', { type: 'string' }, 'Invoice #: A1'],
    ['invoice_number', { type: 'string' }, 'Invoice-Nr. A1'],
    ['invoiceNumber', { type: 'string' }, 'Invoice Number: A1'],
    ['invoice_number', { type: 'string' }, 'Invoice A1'],
    ['invoice_number', { type: 'string' }, 'No. A1'],
    ['vendor_name', { type: 'string' }, 'Supplier: A1'],
    ['VATId', { type: 'string' }, 'Tax number: A1'],
    ['po_number', { type: 'string' }, 'Purchase order no. A1'],
    ['code', { type: 'string', extraction_prompt: 'The batch code of the goods.' }, 'Batch code: A1'],
    ['code', { type: 'string', extraction_prompt: 'Extract what is printed behind "Lot".' }, 'Lot: A1'],
    ['code', { type: 'string', description: "It is called 'charge id' here." }, 'Charge ID: A1'],
    ['code', { type: 'string', description: 'Find the lot mark, please' }, 'Lot mark: A1']
  ]
  for (const [name, field, line] of cases) t.equal(find(name, field, line), 'A1', line)
  t.equal(find('is_paid', 'boolean', 'Paid: yes'), true)
  t.equal(find('issue_date', 'date', 'Date of issue: 2024-04-14'), '2024-04-14')
  t.equal(find('subtotal', 'number', 'Sub-total: 5'), 5)
  t.equal(find('total', 'number', 'Amount 5'), 5)
  t.equal(find('total_amount', { type: 'number', extraction_prompt: 'The grand total.' }, 'Grand Total 8,800.00'), 8800)
  t.equal(findAll([wishFor('date', { type: 'date' }, 'invoice')], 'Invoice date: 2024-04-14')['date']?.value, '2024-04-14')
})

t.test('less than the name is a label, too, where nothing else can be meant', async t => {
  t.equal(find('total_amount', 'number', 'Total 8,800.00'), 8800)
  t.equal(find('tax_amount', 'number', 'VAT (10 %) 800.00'), 800)
  t.equal(find('grand_total', 'number', 'Total: 5'), 5)
  t.equal(find('invoice_date', 'date', 'Date: 2024-04-14'), '2024-04-14')
  t.equal(find('due_date', 'date', 'Due 14 April 2024'), '2024-04-14')
  t.equal(find('net_amount', 'number', 'Net 30 days'), undefined)
  t.equal(find('total_amount', 'number', 'Total\n5'), undefined)
  t.equal(find('customer_number', 'string', 'Customer: 5'), undefined)
  t.equal(find('delivery_note', 'string', 'Delivery: 5'), undefined)
  t.equal(find('one_two_name', 'string', 'One: 5'), undefined)
  t.same(findAll([wishFor('invoice_date', { type: 'date' }), wishFor('order_date', { type: 'date' })], 'Date: 2024-04-14'), {}, 'either could be meant')
  t.same(Object.keys(findAll([wishFor('total', { type: 'number' }), wishFor('total_amount', { type: 'number' })], 'Total: 5')), ['total'], 'the other one is meant')
})

t.test('the best place counts: the very name, then the longest label, then what stands clearly apart, then what comes first', async t => {
  t.equal(find('due_date', 'date', 'Payment due date: 2024-01-01\nDue: 2024-01-02\nDue date 2024-01-03', 'Due date: 2024-01-04'), '2024-01-04')
  t.equal(find('total_amount', 'number', 'Total 1', 'Total amount 2'), 2)
  t.equal(find('total', { type: 'number', description: '"Total to be paid"' }, 'Total  1', 'Total to be paid 2'), 2)
  t.equal(find('total', 'number', 'Total items 1\nTotal 2'), 2)
  t.equal(find('total', 'number', 'Total\n1', 'Total 2', 'x  Total: 3'), 3)
  t.equal(find('total', 'number', 'x\tTotal: 1\tTotal: 2', 'Total\t3'), 1)
  t.equal(find('total', 'number', 'Total: soon', 'Total: 2'), 2)
})

t.test('a text ends where the next label begins', async t => {
  const wishes = [wishFor('vendor'), wishFor('invoice_number'), wishFor('date', { type: 'date' })]
  const values = (text: string): object => Object.fromEntries(Object.entries(findAll(wishes, text)).map(([name, { value }]) => [name, value]))
  t.same(values('Vendor: Acme GmbH Invoice No: A1 Date: 2024-04-14'), { vendor: 'Acme GmbH', date: '2024-04-14' })
  t.same(values('Vendor: Acme GmbH   Invoice No: A1 Date: 2024-04-14'), { vendor: 'Acme GmbH', invoice_number: 'A1', date: '2024-04-14' })
  t.same(values('Vendor | Invoice number | Date'), {}, 'these are the heads of columns')
  t.same(values('Vendor Invoice number Date'), {})
  t.same(values('Vendor Price'), {})
  t.same(values('Vendor ---'), {})
})

t.test('long lines and many places are looked at in part', async t => {
  const [{ text }] = [findAll([wishFor('total', { type: 'number' })], `${'x '.repeat(400)}\tTotal: 5 ${'y '.repeat(400)}`)['total'] ?? { text: '' }]
  t.equal(text, `Total: 5 ${'y '.repeat(400)}`.slice(0, 500).trim())
  t.equal(find('total', 'number', 'Total: x\n'.repeat(7) + 'Total: 5'), 5)
  t.equal(find('total', 'number', 'Total: x\n'.repeat(8) + 'Total: 5'), undefined)
})

t.test('a name is made of words, and a field goes by so many labels and no more', async t => {
  t.same(wordsOf('invoiceNumber'), ['invoice', 'number'])
  t.same(wordsOf('VATNumber_2 – Größe #'), ['vat', 'number', '2', 'größe', '#'])
  t.same(wordsOf('__'), [])
  t.same(namesOf(['sub', 'total']), [['sub', 'amount'], ['sub', 'total'], ['sub', 'sum']])
  t.same(labelsOf(['vendor', 'vendor_name'], { type: 'string' }), [
    { words: ['vendor', 'name'], kind: 0 },
    { words: ['supplier', 'name'], kind: 1 },
    { words: ['seller', 'name'], kind: 1 },
    { words: ['vendor'], kind: 2 },
    { words: ['supplier'], kind: 2 },
    { words: ['seller'], kind: 2 }
  ])
  t.same(labelsOf(['', ''], { type: 'string' }), [])
  t.same(labelsOf(['g', 'one two three four five six seven'], { type: 'string' }), [])
  t.equal(labelsOf(['vendor', 'vat_number_amount_no'], { type: 'string' }).length, 30)
})

t.test('whatever the text and the names are, what is found was there', async () => {
  const word = fc.constantFrom('total', 'Date', 'no', '#', ':', ' ', '  ', '\t', '|', '\n', '5', '1,5', '(', ')', '-', '.', 'x', 'Acme', '2024-04-14', 'ﬁ', '\u00a0')
  const texts = fc.array(fc.array(word, { maxLength: 30 }).map(words => words.join('')), { maxLength: 3 })
  const wishes = fc.array(fc.record({ name: fc.oneof(fc.string(), fc.constantFrom('total', 'date', 'total_no')), type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'date', 'array') }), { maxLength: 4 })
  fc.assert(fc.property(texts, wishes, (texts, wishes) => {
    const found = createLabelSearch(wishes.map(({ name, type }) => wishFor(name, { type })))([texts.map(content => [{ type: 'paragraph', content }])])
    return [...found.values()].every(({ value, page, text }) => value !== undefined && text !== '' && texts[page - 1]?.includes(text) === true)
  }))
})

t.test('a hostile document or a large template is no burden', async t => {
  const wishes = Array.from({ length: 1_000 }, (_, index) => wishFor(`total_amount_${index}`, { type: 'boolean', extraction_prompt: 'The "total" of it.' }))
  const find = createLabelSearch(wishes)
  const before = process.cpuUsage()
  for (const text of ['total: 1\n', 'total ( ', 'total\n', ' \n', '1 ', 'total amount ', '- ', '.', '#']) find([[[{ type: 'paragraph', content: text.repeat(200_000 / text.length) }]]])
  const { user, system } = process.cpuUsage(before)
  t.ok(user + system < 10_000_000, 'microseconds')
})
