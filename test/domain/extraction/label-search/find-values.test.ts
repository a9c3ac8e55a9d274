import t from 'tap'
import fc from 'fast-check'
import type { ExtractionSchema, Field } from '../../../../src/domain/templates/schema.ts'
import { findValues } from '../../../../src/domain/extraction/label-search/find-values.ts'
import type { FoundValue } from '../../../../src/domain/extraction/label-search/label-search.ts'

type Fields = Readonly<Record<string, Field | string>>

function schemaWith (fields: Fields, group = 'g'): ExtractionSchema {
  const typed = Object.entries(fields).map(([name, field]): [string, Field] => [name, typeof field === 'string' ? { type: field } : field])
  return { groups: { [group]: { fields: Object.fromEntries(typed) } } }
}

/** Returns what is found for fields in one document, by their names; its pages are texts. */
function findAll (fields: Fields, ...pages: string[]): { [name: string]: FoundValue } {
  const found = findValues(schemaWith(fields), [pages.map(content => [{ type: 'paragraph', content }])])
  return Object.fromEntries([...found].map(([path, value]) => [JSON.parse(path).slice(1).join('.'), value]))
}

function valuesOf (fields: Fields, ...pages: string[]): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(findAll(fields, ...pages)).map(([name, { value }]) => [name, value]))
}

/** Returns the value that is found for one field. */
function find (name: string, field: Field | string, ...pages: string[]): unknown {
  return findAll({ [name]: field }, ...pages)[name]?.value
}

/** A field whose prompt quotes a label. */
function quoting (label: string, type = 'string'): Field {
  return { type, extraction_prompt: `The value next to "${label}".` }
}

t.test('a found value says where it is printed', async t => {
  const found = findValues(schemaWith({ total: 'number', vendor: 'string', missing: 'string' }), [
    [],
    [[], [
      { type: 'heading', content: 'Vendor' }, { type: 'paragraph', content: '  Acme GmbH ' },
      { type: 'paragraph', content: 'Some\n• Total:   8,800.00  \nmore' }
    ]]
  ])
  t.same([...found], [
    ['["g","total"]', { value: 8800, document: 1, page: 2, text: '• Total:   8,800.00', label: 'Total' }],
    ['["g","vendor"]', { value: 'Acme GmbH', document: 1, page: 2, text: 'Acme GmbH', label: 'Vendor' }]
  ])
})

t.test('a label is at the beginning of a line or after a gap, and apart from its value', async t => {
  const lines = [
    'Total: 5', 'total = 5', 'TOTAL 5', 'Total - 5', 'Total – 5', 'Total # 5', 'Total. 5', 'Total.......5', 'Total\t5', 'Total  5', 'Total | 5', '| Total | 5 |',
    'Total (EUR): 5', 'Total (incl. VAT) 5', 'Total\u00a05', 'x  Total 5', 'x\tTotal: 5', 'Rate: 19 Total: 5', '## Total: 5', '- Total: 5', '* Total: 5',
    'Total   : 5', 'Total EUR: 5', 'Total € : 5', 'Total [net]: 5', 'Total ** 5', 'Total (3): 5', 'Total：5', 'x - Total: 5', 'x • Total: 5', 'x, Total: 5'
  ]
  for (const line of lines) t.equal(find('total', 'number', line), 5, line)
  const others = [
    'Subtotal: 5', 'Sub total: 5', 'Net Total: 5', 'Totals: 5', 'Total-5', 'Total/net 5', 'Total, 5', 'Total items 5', 'Rate 19 Total 5', 'In total 5', 'Total',
    'Total:', 'x  Total', 'Total: five', 'Total TTC: 5', 'x, Total 5', 'Total 3 articles', 'Total (3) 5'
  ]
  for (const line of others) t.equal(find('total', 'number', line), undefined, line)
  t.equal(find('date', 'date', 'Due Date: 2024-04-14'), undefined)
})

t.test('a value can be on the line below its label', async t => {
  t.equal(find('total', 'number', 'Total\n5'), 5)
  t.equal(find('total', 'number', 'Total:\n\n5.00 EUR'), 5)
  t.equal(find('vendor', 'string', 'Vendor:\nAcme GmbH, Berlin'), 'Acme GmbH, Berlin')
  t.equal(find('total', 'number', 'Total', '5'), undefined, 'not on the next page')
  t.equal(find('total', 'number', 'Total\nEUR\n5'), undefined)
  t.equal(find('vendor', 'string', 'Vendor:\nContact: Jane Doe'), undefined, 'the line has a label of its own')
  t.equal(find('vendor', 'string', 'Vendor\n80333 Munich  INV-7'), undefined, 'the line has several cells')
  t.equal(find('vendor', 'string', 'Vendor:\nAcme GmbH  Invoice number: INV-7'), 'Acme GmbH', 'the other column has labels of its own')
  t.equal(find('vendor', 'string', 'Vendor\nInvoice details'), undefined, 'words of a head')
  t.same(valuesOf({ vendor: 'string', customer: 'string' }, 'Vendor\nCustomer\nAcme GmbH'), {}, 'labels below each other')
  const number = quoting('Customer number')
  t.equal(find('customer_number', number, 'Invoice date\nCustomer number\n2019-9981\n14.02.2019'), undefined, 'the same, if the others are not known')
  t.equal(find('customer_number', number, 'Jane Doe\nCustomer number\n2019-9981\nTerms'), '2019-9981')
  t.equal(find('customer_number', number, 'Jane Doe\nCustomer number\n2019-9981\nTotal: 5'), '2019-9981')
  t.equal(find('customer_number', number, '14.02.2019\nCustomer number\n2019-9981\n80333 Munich'), '2019-9981')
})

t.test('a field has its name, synonyms, and the words of its prompts as labels', async t => {
  const cases: Array<[name: string, field: Field, line: string]> = [
    ['invoice_number', { type: 'string' }, 'Invoice number: A1'],
    ['invoice_number', { type: 'string' }, 'Invoice No.: A1'],
    ['invoice_number', { type: 'string' }, 'INVOICE NO A1'],
    ['invoice_number', { type: 'string' }, 'Invoice # A1'],
    ['invoice_number', { type: 'string' }, 'Invoice #: A1'],
    ['invoice_number', { type: 'string' }, 'Invoice #A1'],
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
  const [found] = findValues(schemaWith({ date: 'date' }, 'invoice'), [[[{ type: 'paragraph', content: 'Invoice date: 2024-04-14' }]]])
  t.match(found, ['["invoice","date"]', { value: '2024-04-14' }])
})

t.test('less than the name is a label where nothing else can be meant', async t => {
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
  t.same(valuesOf({ invoice_date: 'date', order_date: 'date' }, 'Date: 2024-04-14'), {}, 'either could be meant')
  t.same(valuesOf({ total: 'number', total_amount: 'number' }, 'Total: 5'), { total: 5 }, 'the other one is meant')
})

t.test('the very name comes first, then the longest label, then the clearest place', async t => {
  const dates = ['Payment due date: 2024-01-01\nDue: 2024-01-02\nDue date 2024-01-03', 'Due date: 2024-01-04']
  t.equal(find('due_date', 'date', ...dates), '2024-01-04')
  t.equal(find('total_amount', 'number', 'Total 1', 'Total amount 2'), 2)
  t.equal(find('total', { type: 'number', description: '"Total to be paid"' }, 'Total  1', 'Total to be paid 2'), 2)
  t.equal(find('total', 'number', 'Total items 1\nTotal 2'), 2)
  t.equal(find('total', 'number', 'Total\n1', 'Total 2', 'x  Total: 3'), 3)
  t.equal(find('total', 'number', 'Total: soon', 'Total: 2'), 2)
})

t.test('the head of another column is no value, even if the head after it is a known label', async t => {
  const fields = { country: quoting('Country'), area: quoting('Area') }
  t.same(valuesOf(fields, 'Country   Population   Area'), {})
  t.same(valuesOf(fields, 'Country   Population   Area   Capital'), {})
  t.same(valuesOf(fields, 'Country   Population   Area\nFrance   68,000,000   643,801'), { country: 'France', area: '643,801' })
  t.same(valuesOf(fields, 'Country   Population   Area   Capital\nFrance   68,000,000   643,801   Paris'), { country: 'France', area: '643,801' })
  t.same(
    valuesOf({ vendor: quoting('Vendor'), customer: quoting('Customer') }, 'Vendor   Acme GmbH   Customer   Jane Doe'),
    { vendor: 'Acme GmbH', customer: 'Jane Doe' }
  )
})

t.test('lines of labels and values side by side explain each other', async t => {
  const fields = { vendor: quoting('Seller'), customer: quoting('Buyer'), number: quoting('Invoice'), date: quoting('Date', 'date') }
  const values = { vendor: 'Quill', customer: 'North School', number: '5', date: '2020-05-17' }
  t.same(valuesOf(fields, 'Invoice | 5 | Date | 2020-05-17\nSeller | Quill | Buyer | North School\nItem | Qty | Price | Sum'), values)
})

t.test('a label may follow a value, a rate, or the same label in another language', async t => {
  const fields = { number: quoting('Order No.'), date: quoting('Order date', 'date'), phone: quoting('Phone') }
  t.same(valuesOf(fields, 'Order No. 4711 Order date May 9, 2018 Phone 555 01 02'), { number: '4711', date: '2018-05-09', phone: '555 01 02' })
  t.same(valuesOf(fields, 'Dated 4711 Order date May 9, 2018'), {}, 'nothing shows that it is a label')
  t.same(valuesOf(fields, 'Order No. 4711 order date May 9, 2018'), { number: '4711' })
  for (const line of ['zzgl. 19 % MwSt.  26,14 €', '+ 19% MwSt.: 26,14', '7,5 % MwSt. 26,14']) t.equal(find('tax_amount', quoting('MwSt.', 'number'), line), 26.14, line)
  t.equal(find('tax_amount', quoting('MwSt.', 'number'), 'Summe inkl. 19 % MwSt.  26,14'), undefined, 'the amount includes it')
  for (const line of ['Rechnungsdatum / Invoice date: 15.01.2020', 'Invoice date / Rechnungsdatum  15.01.2020', 'Datum/Invoice date 15.01.2020']) {
    t.equal(find('date', quoting('Invoice date', 'date'), line), '2020-01-15', line)
  }
  t.equal(find('tax', quoting('VAT 21%', 'number'), 'VAT 21%  25.20'), 25.2)
  t.equal(find('tax', quoting('VAT', 'number'), 'VAT % 21'), undefined, 'the head of a column')
})

t.test('within a sentence, only values that are known by their form are found', async t => {
  const fields = {
    iban: quoting('IBAN'),
    bic: quoting('BIC'),
    email: quoting('E-Mail'),
    phone: quoting('Telefon'),
    tax_number: quoting('Steuernr.'),
    order_number: quoting('Nr.'),
    customer: quoting('Kunde'),
    date: quoting('Datum', 'date'),
    state: { ...quoting('Status'), enum: ['paid'] }
  }
  const line = 'Bank Nord IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX, Fragen an Telefon 0800 123 45 67 oder E-Mail info@example.com, Ort Steuernr. 99/123/45678'
  t.same(valuesOf(fields, line), {
    iban: 'DE89 3704 0044 0532 0130 00', bic: 'COBADEFFXXX', phone: '0800 123 45 67', email: 'info@example.com', tax_number: '99/123/45678'
  })
  t.same(valuesOf(fields, 'die Bestellung Nr. 77 von Kunde A77, Zahlung am Datum 15.01.2020, ist im Status paid'), {})
  t.equal(find('iban', 'string', 'Our IBAN DE89370400440532013000'), undefined, 'no prompt quotes the label')
})

t.test('a quoted label that is printed anywhere excludes all others', async t => {
  const field = quoting('Total TTC', 'number')
  t.equal(find('total', field, 'Total: 100.00\nTotal TTC: 120.00'), 120)
  t.equal(find('total', field, 'Total: 100.00\nTotal TTC: see below'), undefined)
  t.equal(find('total', field, 'Total: 100.00'), 100, 'it is not printed')
  const others = [
    'The total, not the "Subtotal".', 'The total (e.g. "Subtotal").', 'Answer "Subtotal" or "Total net" if there is none.', 'Never the "net" or "Subtotal" of it.',
    'Der Betrag, nicht die "Subtotal".'
  ]
  for (const prompt of others) t.equal(find('x', { type: 'number', extraction_prompt: prompt }, 'Subtotal: 1\nTotal net: 1\nNet: 1'), undefined, prompt)
  const list = { type: 'number', extraction_prompt: 'It is printed next to "Sum", "Gesamt" or „Total“.' }
  for (const line of ['Sum: 1', 'Gesamt 1', 'Total  1']) t.equal(find('x', list, line), 1, line)
})

t.test('a text ends where the next label begins', async t => {
  const fields = { vendor: 'string', invoice_number: 'string', date: 'date' }
  t.same(valuesOf(fields, 'Vendor: Acme GmbH Invoice No: A1 Date: 2024-04-14'), { vendor: 'Acme GmbH', date: '2024-04-14' })
  t.same(valuesOf(fields, 'Vendor: Acme GmbH   Invoice No: A1 Date: 2024-04-14'), { vendor: 'Acme GmbH', invoice_number: 'A1', date: '2024-04-14' })
  t.same(valuesOf(fields, 'Vendor: Acme GmbH / Date: 2024-04-14'), { vendor: 'Acme GmbH', date: '2024-04-14' })
  t.same(valuesOf(fields, 'Vendor: Acme GmbH Room: 5'), {}, 'the end cannot be told')
  t.same(valuesOf(fields, 'Vendor | Invoice number | Date'), {}, 'these are the heads of columns')
  t.same(valuesOf(fields, 'Vendor Invoice number Date'), {})
  t.same(valuesOf(fields, 'Vendor Price'), {})
  t.same(valuesOf(fields, 'Vendor ---'), {})
})

t.test('different values next to one label are no value', async t => {
  t.equal(find('vendor', 'string', 'Vendor: Acme\nVendor: Other'), undefined)
  t.equal(find('vendor', 'string', 'Vendor: Acme', 'Vendor: Acme'), 'Acme')
  t.equal(find('vat', 'number', 'VAT 7% 5.00\nVAT 19% 10.00'), undefined, 'parts of the tax')
  t.equal(find('total', 'number', 'x\tTotal: 2\tTotal: 1'), undefined)
  t.equal(find('total', 'number', 'Total: 1', 'Total: 2', 'Total: 3'), 3, 'amounts that are carried forward')
})

t.test('of several documents the best label decides, then the first document', async t => {
  const text = (content: string) => [[{ type: 'paragraph' as const, content }]]
  const [code] = findValues(schemaWith({ code: 'string' }), [text('Code: A1'), text('Code: B2')])
  t.match(code, ['["g","code"]', { value: 'A1', document: 0 }])
  const [total] = findValues(schemaWith({ total_amount: 'number' }), [text('Total 1.00'), text('Total amount: 2.00')])
  t.match(total, ['["g","total_amount"]', { value: 2, document: 1 }])
})

t.test('long lines are cited in part, and only the first eight candidates of a label are read', async t => {
  const { total } = findAll({ total: 'number' }, `${'x '.repeat(400)}\tTotal: 5.00 ${'y '.repeat(400)}`)
  t.equal(total?.text, `Total: 5.00 ${'y '.repeat(400)}`.slice(0, 500).trim())
  t.equal(find('total', 'number', 'Total: x\n'.repeat(7) + 'Total: 5'), 5)
  t.equal(find('total', 'number', 'Total: x\n'.repeat(8) + 'Total: 5'), undefined)
})

t.test('every found value is printed in its line', async () => {
  const word = fc.constantFrom(
    'total', 'Date', 'no', '#', ':', ' ', '  ', '\t', '|', '\n', '5', '1,5', '(', ')', '-', ' - ', '•', '.', 'x', 'Acme', '2024-04-14', 'ﬁ', '\u00a0'
  )
  const texts = fc.array(fc.array(word, { maxLength: 30 }).map(words => words.join('')), { maxLength: 3 })
  const names = fc.oneof(fc.string(), fc.constantFrom('total', 'date', 'total_no'))
  const types = fc.constantFrom('string', 'number', 'integer', 'boolean', 'date', 'array')
  fc.assert(fc.property(texts, fc.array(fc.record({ name: names, type: types }), { maxLength: 4 }), (texts, fields) => {
    const schema = schemaWith(Object.fromEntries(fields.map(({ name, type }) => [name, type])))
    const found = findValues(schema, [texts.map(content => [{ type: 'paragraph', content }])])
    return [...found.values()].every(({ value, page, text }) => value !== undefined && text !== '' && texts[page - 1]?.includes(text) === true)
  }))
})

t.test('labels that are alone on a line have their values on the next line', async t => {
  const fields = { invoice_date: 'date', due_date: 'date', reference: 'string' }
  const values = { invoice_date: '2023-03-20', due_date: '2023-04-04', reference: 'CUSTREF123' }
  t.same(valuesOf(fields, 'Invoice Date:  Due Date:  Reference:\n03/20/2023 04/04/2023 CUSTREF123'), values)
  t.same(valuesOf(fields, 'Invoice Date: Due Date: Reference:\n03/20/2023 04/04/2023 CUSTREF123'), values)
  t.same(valuesOf(fields, 'Invoice Date | Due Date | Reference\n03/20/2023 | 04/04/2023 | CUSTREF123'), values)
})

t.test('in a table of items, a head has no value', async t => {
  t.equal(find('total', 'number', 'Description  Quantity  Total\nWidget  2  12.50'), undefined, 'the price of an item')
  t.equal(find('total', 'number', 'Number  Date  Total\nA1  2024-04-14  12.50\nA2  2024-04-15  13.50'), undefined, 'several rows')
  t.equal(find('total', 'number', 'Number  Date  Total\n7  2024-04-14  12.50'), 12.5, 'a single row of values')
  t.equal(find('total', 'number', 'Number  Article  Total\n1  4711  12.50'), undefined, 'the first row of several, with other lines between')
  t.equal(find('total', 'number', 'Rate  Net  Total\n7%  90.00  98.30\n19%  1,000.00  1,190.00'), undefined, 'rows of the same form')
  t.equal(find('date', 'date', 'Date  Service  Fee\n2024-04-14  Consulting  12.50'), undefined, 'the day of an item')
  t.equal(find('date', 'string', 'Date  Service  Fee\n2024-04-14  Consulting  12.50'), undefined)
  t.equal(find('date', 'date', 'Date  Contact  Place\n2024-04-14  Jane Doe  Berlin'), '2024-04-14', 'a row without a price')
  t.equal(find('vendor', 'string', 'Article  Quantity  Vendor\nWidget  2  EUR 12.50'), undefined, 'an amount')
})

t.test('what stands beside a head of a table is another head, and what stands below it may be a value', async t => {
  t.equal(find('vendor', 'string', 'Vendor  Description\nAcme  Bolt'), undefined, 'a word that often heads a column')
  t.equal(find('total', 'number', 'Net 10  Total\n3  5'), 5)
  t.equal(find('total', 'number', 'Total  Quantity\n5  3'), 5)
  t.equal(find('reference', 'string', 'Article  Quantity  Reference\nWidget  2  A-77'), 'A-77')
  t.equal(find('reference', 'string', 'Article  Quantity  Reference\nWidget  2  $12.50'), undefined, 'an amount is no reference')
  t.equal(find('invoice_number', 'string', 'Paid  No. A1'), undefined, '"No" within a line may be an answer')
})

t.test('lines of a label and a value explain each other, and three words in a line may be heads', async t => {
  t.same(valuesOf({ vendor: 'string', customer: 'string' }, 'Vendor  Acme\nCustomer  Beta'), { vendor: 'Acme', customer: 'Beta' })
  t.equal(find('vendor', 'string', 'Vendor  Acme  Munich'), undefined, 'nothing shows that the first word is a label of the second')
})
