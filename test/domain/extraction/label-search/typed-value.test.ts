import t from 'tap'
import type { Field } from '../../../../src/domain/templates/schema.ts'
import type { CandidateText } from '../../../../src/domain/extraction/label-search/candidate-text.ts'
import { conventionsOf } from '../../../../src/domain/extraction/label-search/conventions.ts'
import { readDate } from '../../../../src/domain/extraction/label-search/date-text.ts'
import { readNumber, type DecimalMark } from '../../../../src/domain/extraction/label-search/number-text.ts'
import { typedValue } from '../../../../src/domain/extraction/label-search/typed-value.ts'

/** Returns the value of a text after a colon. */
function valueIn (text: string, field: Field | string, name = 'value', more: Partial<CandidateText> = {}): unknown {
  const typed = typeof field === 'string' ? { type: field } : field
  return typedValue({ text, separator: 'colon', isShort: false, conventions: conventionsOf([text]), ...more }, name, typed, typed.items as Field | undefined)
}

const afterBlank = { separator: 'blank' } as const

t.test('reads numbers in any notation', async t => {
  const numbers: Array<[text: string, value: number]> = [
    ['8,800.00', 8800], ['8.800,00', 8800], ['1 234,56', 1234.56], ["1'234.50", 1234.5], ['1 234 567', 1234567], ['1,234', 1234], ['1.234', 1.234], ['1,23', 1.23],
    ['1.234.567', 1234567], ['$1,234.50', 1234.5], ['EUR 99', 99], ['100EUR', 100], ['€ 5', 5], ['US$ 5', 5], ['R$ 5', 5], ['USD $5', 5], ['5.00 CHF', 5],
    ['$-5', -5], ['(12.00)', -12], ['($5.00)', -5], ['- 5', -5], ['−5', -5], ['+5', 5], ['12.00-', -12], ['99,-', 99], ['99,--', 99], ['-0', 0], ['5.', 5],
    ['-5%', -5], ['5 pieces', 5], ['5 % of it', 5], ['19 % 152.00', 152], ['8,800.00 2024-03-15', 8800], ['in EUR 9,99', 9.99], ['$\t5', 5], ['EUR\t 1.234,50', 1234.5],
    ['Fr. 5', 5], ['kr 5', 5], ['(500.00)', -500], ['GBP\t£5', 5], ['5 Euro', 5], ['euro 5', 5], ['@ 20%: 5.00', 5], ['à 10 % 5,00', 5], ['19%: 5.00', 5]
  ]
  for (const [text, value] of numbers) t.equal(readNumber(text, 'any')?.value, value, text)
  const none = [
    '', 'five', 'items 5', 'VAT 5', '5VAT', '2024-03-15', '15.03.2024', '12:30', '12/05', '12th', '1.2.3', '12 3456', '3 12.00', '5\t6', '(5', '5)', '$',
    '10 % 5.00 6.00', '10 % 20 %', '12345678901234567890', 'HT 5'
  ]
  for (const text of none) t.equal(readNumber(text, 'any'), undefined, text)
})

t.test('reads a number with one mark as the other numbers of the document are written', async t => {
  const cases: Array<[text: string, mark: DecimalMark, value: number | undefined]> = [
    ['1.234', ',', 1234], ['1,234', ',', 1.234], ['12,50', ',', 12.5], ['1.234,50', ',', 1234.5], ['1 234,50', ',', 1234.5], ['12.50', ',', 12.5],
    ['1.234', '.', 1.234], ['1,234', '.', 1234], ['1,234.50', ',', 1234.5]
  ]
  for (const [text, mark, value] of cases) t.equal(readNumber(text, 'any', mark)?.value, value, `${text} with ${mark}`)
})

t.test('a percentage is a rate and no amount, and a count is no amount either', async t => {
  t.equal(readNumber('19 % 152.00', 'rate')?.value, 19)
  t.equal(readNumber('152.00', 'rate')?.value, 152)
  t.equal(readNumber('19 %', 'amount'), undefined)
  t.equal(readNumber('19 % 152.00', 'amount')?.value, 152)
  t.equal(readNumber('3 articles', 'amount'), undefined)
  t.equal(readNumber('975,80 Euro', 'amount')?.value, 975.8)
  t.equal(readNumber('975 Euro', 'amount')?.value, 975)
  t.equal(readNumber('5 European', 'amount'), undefined)
  t.equal(readNumber('3.00 net', 'amount')?.value, 3)
  t.equal(valueIn('19 % 152.00', 'number', 'tax_rate'), 19)
  t.equal(valueIn('19 %', 'number', 'tax_amount'), undefined)
  t.equal(valueIn('19 %', 'number', 'discount'), 19)
})

t.test('reads dates in many languages', async t => {
  const dates: Array<[text: string, date: string]> = [
    ['2024-03-15', '2024-03-15'], ['2024/3/5', '2024-03-05'], ['2024-03-15T10:30:00Z', '2024-03-15'], ['15.03.2024', '2024-03-15'], ['15. 3. 24', '2024-03-15'],
    ['03/15/2024', '2024-03-15'], ['04/05/2024', '2024-04-05'], ['15/03/2024', '2024-03-15'], ['31/12/99', '1999-12-31'], ['14 April 2024', '2024-04-14'],
    ['14. April 2024', '2024-04-14'], ['14th of April 2024', '2024-04-14'], ['14-Apr-2024', '2024-04-14'], ['April 14, 2024', '2024-04-14'], ['Sept. 3 2024', '2024-09-03'],
    ['Friday, April 14, 2024', '2024-04-14'], ['29 February 2024, noon', '2024-02-29'], ['7. Mai 2014', '2014-05-07'], ['29 maart 2014', '2014-03-29'],
    ['02 Juillet 2015', '2015-07-02'], ['August 3 , 2014', '2014-08-03'], ['1er août 2020', '2020-08-01'], ['1er aout 2020', '2020-08-01'], ['3 de mayo de 2024', '2024-05-03'],
    ['3 gennaio 2024', '2024-01-03'], ['1 de março de 2024', '2024-03-01'], ['1 maj 2024', '2024-05-01'], ['5 września 2024', '2024-09-05'], ['12 mrt. 2024', '2024-03-12'],
    ['3. Jänner 2024', '2024-01-03'], ['5 juin 2024', '2024-06-05'], ['Freitag, den 7. Mai 2014', '2014-05-07'], ['vendredi 7 mai 2014', '2014-05-07'],
    ['14/Apr/2018', '2018-04-14'], ['14-Sep-18', '2018-09-14'], ['12MAY2021', '2021-05-12'], ['2. desember 2014', '2014-12-02'], ['3. srpna 2020', '2020-08-03'],
    ['1 Mayıs 2020', '2020-05-01'], ['4 iulie 2020', '2020-07-04'],
    ['le 7 mai 2014', '2014-05-07'], ['Mo., 7. Mai 2014', '2014-05-07'], ['2024年5月7日', '2024-05-07'], ['05 / 11 / 2017', '2017-05-11']
  ]
  for (const [text, date] of dates) t.equal(readDate(text), date, text)
  const none = [
    '', 'soon', '30 February 2024', '2023-02-29', '13/13/2024', '2024-13-01', 'May 2024', '12 March', '20240315', '24-1-1', '15.03.20245', '3 ma 2024', '3 jui 2024',
    '3 foo 2024', '7 May 14', '01.03.2024 - 31.03.2024', '1 March 2024 to 5 April 2024'
  ]
  for (const text of none) t.equal(readDate(text), undefined, text)
})

t.test('reads an ambiguous date in the order of the document', async t => {
  t.equal(readDate('05/11/2017', 'day-first'), '2017-11-05')
  t.equal(readDate('05/31/2017', 'day-first'), '2017-05-31')
  t.equal(readDate('05.11.2017', 'month-first'), '2017-11-05')
  t.equal(readDate('2017/05/11', 'day-first'), '2017-05-11')
})

t.test('an unambiguous date, a decimal mark or a currency tells the order of dates', async t => {
  const orders: Array<[document: string, date: string]> = [
    ['31/12/2017', '2017-11-05'], ['12/31/2017', '2017-05-11'], ['31-12-2017', '2017-11-05'], ['31-12-2017 12/31/2017', '2017-05-11'], ['9,99', '2017-11-05'],
    ['9.99', '2017-05-11'], ['$9.99', '2017-05-11'], ['£9.99', '2017-11-05'], ['EUR 9.99', '2017-11-05'], ['EUR 9.99 12/31/2017', '2017-05-11'], ['', '2017-05-11']
  ]
  for (const [document, date] of orders) t.equal(readDate('05/11/2017', conventionsOf([document]).dateOrder('05/11/2017')), date, document)
})

t.test('numbers, integers, truth values and dates must be of their form', async t => {
  t.equal(valueIn('8,800.00 EUR', 'integer'), 8800)
  t.equal(valueIn('1.5', 'integer'), undefined)
  t.equal(valueIn('x', 'integer'), undefined)
  for (const text of ['yes', 'TRUE', 'x', '[x]', '☑', 'Yes, on Monday', 'yes\tmore']) t.equal(valueIn(text, 'boolean'), true, text)
  for (const text of ['no', 'False.', '[ ]', '☐']) t.equal(valueIn(text, 'boolean'), false, text)
  for (const text of ['maybe', 'yes man', '1', '']) t.equal(valueIn(text, 'boolean'), undefined, text)
  t.equal(valueIn('14 April 2024', 'date'), '2024-04-14')
  t.equal(valueIn('on receipt', 'date'), undefined)
  t.equal(valueIn('{}', 'object'), undefined)
})

t.test('a text goes up to the next gap', async t => {
  t.equal(valueIn('Acme GmbH\tBerlin', 'string'), 'Acme GmbH')
  t.equal(valueIn(' Acme GmbH ', 'whatever'), 'Acme GmbH')
  for (const text of ['', '-', '____', '\tx', 'n/a', 'N/A']) t.equal(valueIn(text, 'string'), undefined, text)
})

t.test('free text after only a blank could be a sentence, a code could not', async t => {
  for (const text of ['Acme GmbH', 'of the goods', 'Address', 'Room 5 of 6', 'A1 GmbH']) t.equal(valueIn(text, 'string', 'note', afterBlank), undefined, text)
  for (const text of ['A1', 'DE 123456789', '99999999800010', 'INV-7']) t.equal(valueIn(text, 'string', 'note', afterBlank), text)
  t.equal(valueIn('john@example.com', 'string', 'email', afterBlank), 'john@example.com')
  t.equal(valueIn('Acme GmbH', 'string', 'vendor', { separator: 'gap' }), 'Acme GmbH')
  t.equal(valueIn('Acme GmbH', 'string', 'vendor', { separator: 'gap', isShort: true }), undefined)
})

t.test('a text suits the name of its field', async t => {
  const cases: Array<[name: string, text: string, value: string | undefined, more?: Partial<CandidateText>]> = [
    ['due_date', 'April 14, 2024', '2024-04-14'],
    ['due_date', 'Upon receipt', 'Upon receipt'],
    ['due_date', 'Upon receipt', undefined, { separator: 'gap' }],
    ['due_date', 'Upon receipt', undefined, afterBlank],
    ['due_date', '30.02.2024', undefined],
    ['total_amount', '8,800.00 EUR', '8,800.00 EUR'],
    ['total_amount', 'of it all', undefined],
    ['tax_amount', '13.5 % on 137.40', undefined],
    ['tax_rate', '13.5 %', '13.5 %'],
    ['invoice_number', 'INV-2024-001 of 3 May', 'INV-2024-001'],
    ['invoice_number', 'RE 2024 / 0815', 'RE 2024 / 0815'],
    ['invoice_number', 'INV-7 03/20/2023', 'INV-7'],
    ['invoice_number', 'INV-7 12.50', 'INV-7'],
    ['invoice_number', 'IE 1234567 T', 'IE 1234567 T'],
    ['invoice_number', '12345 10115 Berlin', undefined],
    ['invoice_number', 'see the letter of 5', undefined],
    ['invoice_number', 'Pending', 'Pending'],
    ['invoice_number', 'to be announced by mail', undefined],
    ['invoice_number', 'Pending', undefined, afterBlank],
    ['invoice_number', 'Pending', undefined, { separator: 'gap' }],
    ['invoice_number', 'Pending', undefined, { isShort: true }],
    ['invoice_number', 'INV-2024-001', 'INV-2024-001', { isShort: true }],
    ['invoice_number', 'INV-2024-001 of 3 May', undefined, { isShort: true }],
    ['iban', 'GB29 NWBK 6016 1331 9268 19', 'GB29 NWBK 6016 1331 9268 19'],
    ['iban', 'DE89370400440532013000 BIC X', 'DE89370400440532013000'],
    ['iban', 'DE89 3704 0044 0532 0130 00 BIC COBADEFF', 'DE89 3704 0044 0532 0130 00'],
    ['iban', 'FR20 1242 1242 1242 BANK', 'FR20 1242 1242 1242'],
    ['iban', 'DE89 3704', undefined],
    ['iban', 'on request', undefined],
    ['bic', 'COBADEFFXXX, Munich', 'COBADEFFXXX'],
    ['swift_code', 'INGBNL2A', 'INGBNL2A'],
    ['bic', 'ask us', undefined],
    ['email', 'info@example.com Tax No. 044', 'info@example.com'],
    ['email', 'write to Jane <jane.doe@mail.example.co.uk>.', 'jane.doe@mail.example.co.uk'],
    ['email', 'a@example.com, b@example.com', undefined],
    ['email', 'address', undefined],
    ['phone', '(555) 23 78 -0', '(555) 23 78 -0'],
    ['phone', '+49 (0)89 / 123-45 Fax 5', '+49 (0)89 / 123-45'],
    ['phone', '555 01 02h', '555 01'],
    ['phone', '12', undefined],
    ['phone', 'Help', undefined],
    ['website', 'see www.example.com/shop', 'www.example.com/shop'],
    ['website', 'https://example.com.', 'https://example.com'],
    ['website', 'info@example.com', undefined],
    ['currency', 'EUR', 'EUR'],
    ['currency', 'EUR (net)', 'EUR'],
    ['currency', '€', undefined],
    ['currency', 'Euro', 'Euro'],
    ['currency', 'as agreed', undefined],
    ['invoice_number', '#3004', '3004'],
    ['invoice_number', 'No. INV-7', 'INV-7'],
    ['invoice_number', 'N° 5', '5'],
    ['invoice_number', 'NO: 5', '5'],
    ['invoice_number', 'NO-5', 'NO-5'],
    ['invoice_number', 'DATE: 5', undefined],
    ['customer', '2', undefined],
    ['customer', 'Acme Ltd, 12 Main Street', undefined],
    ['customer', 'Baker, Smith & Co', 'Baker, Smith & Co'],
    ['customer', '3M', '3M'],
    ['vat', '** $0.00', undefined],
    ['vat', '15% on $ 112.90', undefined],
    ['vat', 'DE 123', 'DE 123'],
    ['note', 'Bring two. Room: 5', undefined]
  ]
  for (const [name, text, value, more] of cases) t.equal(valueIn(text, 'string', name, more), value, `${name}: ${text}`)
})

t.test('a number next to a short label is alone', async t => {
  t.equal(valueIn('30 days', 'number', 'net_amount', { isShort: true }), undefined)
  t.equal(valueIn('30.00 EUR', 'number', 'net_amount', { isShort: true }), 30)
})

t.test('takes the longest choice, if it is the only one', async t => {
  const field = { type: 'enum', enum: ['paid', 'Partly paid', 7, null, '€', true] }
  t.equal(valueIn('PARTLY PAID on Monday', field), 'Partly paid')
  t.equal(valueIn('It is paid', field), 'paid')
  t.equal(valueIn('It is paid', field, 'state', afterBlank), undefined)
  t.equal(valueIn('Paid on Monday', field, 'state', afterBlank), 'paid')
  t.equal(valueIn('7', field), 7)
  t.equal(valueIn('true', field), true)
  for (const text of ['unpaid', '€', '', '77', 'not paid', 'paid or 7']) t.equal(valueIn(text, field), undefined, text)
})

t.test('splits a list at semicolons, or at commas', async t => {
  t.same(valueIn('red, green , 3,5\tmore', 'array'), ['red', 'green', '3,5'])
  t.same(valueIn('Doe, Jane; Roe, Richard;', 'array'), ['Doe, Jane', 'Roe, Richard'])
  t.same(valueIn('1,500.00, 2', { type: 'array', items: { type: 'number' } }), [1500, 2])
  t.same(valueIn('Open, paid', { type: 'array', items: { type: 'enum', enum: ['open', 'paid'] } }), ['open', 'paid'])
  t.same(valueIn(Array(200).fill('x').join(', '), 'array'), Array(100).fill('x'))
  t.equal(valueIn('1, two', { type: 'array', items: { type: 'number' } }), undefined)
  t.equal(valueIn(', ;', 'array'), undefined)
  t.equal(valueIn('a, b', { type: 'array', items: { type: 'object' } }), undefined)
  t.equal(valueIn('a, b', { type: 'array', items: { type: 'array' } }), undefined)
})
