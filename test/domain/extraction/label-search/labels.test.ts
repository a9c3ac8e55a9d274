import t from 'tap'
import { labelsOf } from '../../../../src/domain/extraction/label-search/labels.ts'
import { quotedLabels } from '../../../../src/domain/extraction/label-search/quoted-labels.ts'
import { nameWords, printedWords, synonymsOf } from '../../../../src/domain/extraction/label-search/words.ts'

t.test('a name is split at capitals and signs, a printed text only at signs', async t => {
  t.same(nameWords('invoiceNumber'), ['invoice', 'number'])
  t.same(nameWords('VATNumber_2 – Größe #'), ['vat', 'number', '2', 'größe', '#'])
  t.same(nameWords('__'), [])
  t.same(printedWords('USt-IdNr.'), ['ust', 'idnr'])
  t.same(printedWords('Facture N° / Nº / №'), ['facture', 'n°', 'n°', '№'])
})

t.test('a name has synonyms, each word once', async t => {
  t.same(synonymsOf(['sub', 'total']), [['sub', 'amount'], ['sub', 'total'], ['sub', 'sum']])
  t.same(synonymsOf(Array(9).fill('no')), [])
})

t.test('a field has up to 30 labels, best kind first', async t => {
  t.same(labelsOf(['vendor', 'vendor_name'], { type: 'string' }), [
    { words: ['vendor', 'name'], kind: 1 },
    { words: ['supplier', 'name'], kind: 2 },
    { words: ['seller', 'name'], kind: 2 },
    { words: ['vendor'], kind: 3 },
    { words: ['supplier'], kind: 3 },
    { words: ['seller'], kind: 3 }
  ])
  t.same(labelsOf(['g', 'code'], { type: 'string', description: 'Printed as "Lot".' }), [
    { words: ['lot'], kind: 0 }, { words: ['code'], kind: 1 }, { words: ['g', 'code'], kind: 1 }
  ])
  t.same(labelsOf(['', ''], { type: 'string' }), [])
  t.same(labelsOf(['g', 'one two three four five six seven eight nine'], { type: 'string' }), [])
  t.equal(labelsOf(['vendor', 'vat_number_amount_no'], { type: 'string' }).length, 30)
})

t.test('quotation marks of all kinds quote a label', async t => {
  for (const quoted of ['"Total due"', '“Total due”', '„Total due“', '«Total due»', '« Total due »', "'Total due'", '‘Total due’', '`Total due`']) {
    t.same(quotedLabels(`Printed as ${quoted}.`), [['total', 'due']], quoted)
  }
  t.same(quotedLabels("The customer's total isn't quoted."), [])
})

t.test('reads the first thirty labels that a prompt quotes', async t => {
  t.equal(quotedLabels('"a", '.repeat(100)).length, 30)
})
