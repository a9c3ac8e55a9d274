import t from 'tap'
import type { Field } from '../../../src/domain/templates/schema.ts'
import { readDate } from '../../../src/domain/extraction/date-text.ts'
import { readNumber } from '../../../src/domain/extraction/number-text.ts'
import { typedValue } from '../../../src/domain/extraction/typed-value.ts'

/** What a text says behind a colon. */
function valueIn (text: string, field: Field, name = 'value', more: { isLoose?: boolean, isSole?: boolean } = {}): unknown {
  return typedValue({ text, isLoose: false, isSole: false, ...more }, name, field, field.items as Field | undefined)
}

t.test('a number is read however it is written', async t => {
  const numbers: Array<[text: string, value: number]> = [
    ['8,800.00', 8800], ['8.800,00', 8800], ['1 234,56', 1234.56], ["1'234.50", 1234.5], ['1 234 567', 1234567], ['1,234', 1234], ['1.234', 1.234], ['1,23', 1.23], ['1.234.567', 1234567],
    ['$1,234.50', 1234.5], ['EUR 99', 99], ['100EUR', 100], ['€ 5', 5], ['US$ 5', 5], ['5.00 CHF', 5], ['$-5', -5], ['(12.00)', -12], ['($5.00)', -5], ['- 5', -5], ['−5', -5], ['+5', 5], ['12.00-', -12], ['99,-', 99], ['-0', 0],
    ['5.', 5], ['-5%', -5], ['5 pieces', 5], ['5 % of it', 5], ['19 % 152.00', 152], ['8,800.00 2024-03-15', 8800]
  ]
  for (const [text, value] of numbers) t.equal(readNumber(text, 'any')?.value, value, text)
  const none = ['', 'five', 'items 5', 'VAT 5', '5VAT', '2024-03-15', '15.03.2024', '12:30', '12/05', '12th', '1.2.3', '12 3456', '3 12.00', '5\t6', '(5', '5)', '$', '10 % 5.00 6.00', '10 % 20 %', '12345678901234567890']
  for (const text of none) t.equal(readNumber(text, 'any'), undefined, text)
})

t.test('a percentage is a rate, and no amount', async t => {
  t.equal(readNumber('19 % 152.00', 'rate')?.value, 19)
  t.equal(readNumber('152.00', 'rate')?.value, 152)
  t.equal(readNumber('19 %', 'amount'), undefined)
  t.equal(readNumber('19 % 152.00', 'amount')?.value, 152)
  t.equal(valueIn('19 % 152.00', { type: 'number' }, 'tax_rate'), 19)
  t.equal(valueIn('19 %', { type: 'number' }, 'tax_amount'), undefined)
  t.equal(valueIn('19 %', { type: 'number' }, 'discount'), 19)
})

t.test('a date is read however it is written', async t => {
  const dates: Array<[text: string, date: string]> = [
    ['2024-03-15', '2024-03-15'], ['2024/3/5', '2024-03-05'], ['2024-03-15T10:30:00Z', '2024-03-15'], ['15.03.2024', '2024-03-15'], ['15. 3. 24', '2024-03-15'],
    ['03/15/2024', '2024-03-15'], ['04/05/2024', '2024-04-05'], ['15/03/2024', '2024-03-15'], ['31/12/99', '1999-12-31'], ['14 April 2024', '2024-04-14'], ['14. April 2024', '2024-04-14'],
    ['14th of April 2024', '2024-04-14'], ['14-Apr-2024', '2024-04-14'], ['April 14, 2024', '2024-04-14'], ['Sept. 3 2024', '2024-09-03'], ['Friday, April 14, 2024', '2024-04-14'], ['29 February 2024, noon', '2024-02-29']
  ]
  for (const [text, date] of dates) t.equal(readDate(text), date, text)
  for (const text of ['', 'soon', '30 February 2024', '2023-02-29', '13/13/2024', '2024-13-01', 'May 2024', '12 March', '20240315', '24-1-1', '15.03.20245']) t.equal(readDate(text), undefined, text)
})

t.test('numbers, integers, truth values and dates must be what they are', async t => {
  t.equal(valueIn('8,800.00 EUR', { type: 'integer' }), 8800)
  t.equal(valueIn('1.5', { type: 'integer' }), undefined)
  t.equal(valueIn('x', { type: 'integer' }), undefined)
  for (const text of ['yes', 'TRUE', 'x', '[x]', '☑', 'Yes, on Monday', 'yes\tmore']) t.equal(valueIn(text, { type: 'boolean' }), true, text)
  for (const text of ['no', 'False.', '[ ]', '☐']) t.equal(valueIn(text, { type: 'boolean' }), false, text)
  for (const text of ['maybe', 'yes man', '1', '']) t.equal(valueIn(text, { type: 'boolean' }), undefined, text)
  t.equal(valueIn('14 April 2024', { type: 'date' }), '2024-04-14')
  t.equal(valueIn('on receipt', { type: 'date' }), undefined)
  t.equal(valueIn('{}', { type: 'object' }), undefined)
})

t.test('a text goes up to the next gap', async t => {
  t.equal(valueIn('Acme GmbH\tBerlin', { type: 'string' }), 'Acme GmbH')
  t.equal(valueIn(' Acme GmbH ', { type: 'whatever' }), 'Acme GmbH')
  for (const text of ['', '-', '____', '\tx']) t.equal(valueIn(text, { type: 'string' }), undefined, text)
})

t.test('what could be a sentence is no text', async t => {
  const loose = { isLoose: true }
  t.equal(valueIn('Acme GmbH', { type: 'string' }, 'vendor', loose), 'Acme GmbH')
  t.equal(valueIn('john@example.com', { type: 'string' }, 'email', loose), 'john@example.com')
  t.equal(valueIn('of the goods', { type: 'string' }, 'description', loose), undefined)
  t.equal(valueIn('Acme GmbH', { type: 'string' }, 'vendor', { ...loose, isSole: true }), undefined)
})

t.test('a text is as the name of its field tells', async t => {
  const loose = { isLoose: true }
  t.equal(valueIn('April 14, 2024', { type: 'string' }, 'due_date'), '2024-04-14', 'dates are texts of one form')
  t.equal(valueIn('Upon receipt', { type: 'string' }, 'due_date'), 'Upon receipt')
  t.equal(valueIn('Upon receipt', { type: 'string' }, 'due_date', loose), undefined)
  t.equal(valueIn('8,800.00 EUR', { type: 'string' }, 'total_amount'), '8,800.00 EUR')
  t.equal(valueIn('of it all', { type: 'string' }, 'total_amount'), undefined)
  t.equal(valueIn('INV-2024-001 of 3 May', { type: 'string' }, 'invoice_number'), 'INV-2024-001')
  t.equal(valueIn('GB29 NWBK 6016 1331', { type: 'string' }, 'iban'), 'GB29 NWBK 6016 1331')
  t.equal(valueIn('Pending', { type: 'string' }, 'invoice_number'), 'Pending')
  t.equal(valueIn('Pending', { type: 'string' }, 'invoice_number', loose), undefined)
  t.equal(valueIn('Pending', { type: 'string' }, 'invoice_number', { isSole: true }), undefined)
  t.equal(valueIn('INV-2024-001', { type: 'string' }, 'invoice_number', { isSole: true }), 'INV-2024-001')
  t.equal(valueIn('INV-2024-001 of 3 May', { type: 'string' }, 'invoice_number', { isSole: true }), undefined)
  t.equal(valueIn('12 14', { type: 'string' }, 'invoice_number', { isSole: true }), undefined)
})

t.test('a number behind a short label stands alone', async t => {
  t.equal(valueIn('30 days', { type: 'number' }, 'net_amount', { isSole: true }), undefined)
  t.equal(valueIn('30.00 EUR', { type: 'number' }, 'net_amount', { isSole: true }), 30)
})

t.test('of several choices the longest is meant', async t => {
  const field = { type: 'enum', enum: ['paid', 'Partly paid', 7, null, '€', true] }
  t.equal(valueIn('PARTLY PAID on Monday', field), 'Partly paid')
  t.equal(valueIn('It is paid', field), 'paid')
  t.equal(valueIn('It is paid', field, 'state', { isLoose: true }), undefined)
  t.equal(valueIn('Paid on Monday', field, 'state', { isLoose: true }), 'paid')
  t.equal(valueIn('7', field), 7)
  t.equal(valueIn('true', field), true)
  for (const text of ['unpaid', '€', '', '77']) t.equal(valueIn(text, field), undefined, text)
})

t.test('a list is parted by semicolons, or by commas', async t => {
  t.same(valueIn('red, green , 3,5\tmore', { type: 'array' }), ['red', 'green', '3,5'])
  t.same(valueIn('Doe, Jane; Roe, Richard;', { type: 'array' }), ['Doe, Jane', 'Roe, Richard'])
  t.same(valueIn('1,500.00, 2', { type: 'array', items: { type: 'number' } }), [1500, 2])
  t.same(valueIn('Open, paid', { type: 'array', items: { type: 'enum', enum: ['open', 'paid'] } }), ['open', 'paid'])
  t.same(valueIn(Array(200).fill('x').join(', '), { type: 'array' }), Array(100).fill('x'))
  t.equal(valueIn('1, two', { type: 'array', items: { type: 'number' } }), undefined)
  t.equal(valueIn(', ;', { type: 'array' }), undefined)
  t.equal(valueIn('a, b', { type: 'array', items: { type: 'object' } }), undefined)
  t.equal(valueIn('a, b', { type: 'array', items: { type: 'array' } }), undefined)
})
