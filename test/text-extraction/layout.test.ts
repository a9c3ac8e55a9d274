import t from 'tap'
import { blocksOf } from '../../src/text-extraction/layout.ts'
import type { Piece } from '../../src/text-extraction/piece.ts'

/** A text of ten points and five points a character. */
function piece (text: string, x: number, y: number, size = 10): Piece {
  return { text, turn: 0, x, y, width: text.length * 5, size }
}

t.test('what stands on one baseline is one line, from left to right, however far apart and in whatever order it was drawn', async t => {
  t.same(blocksOf([
    piece('8,800.00', 400, 100.2), piece('Total', 50, 100), piece(' ', 75, 100), piece('2', 69, 97, 6),
    piece('INV-', 120, 112), piece('2024-001', 140, 112), piece('Invoice  Number:', 30, 112)
  ]), [{ type: 'paragraph', content: 'Total2  8,800.00\nInvoice Number: INV-2024-001' }])
})

t.test('keeps every gap of more than one and a half times the size of the text', async t => {
  t.same(blocksOf([
    piece('Customer: Ana Maria Ltd', 40, 100), piece('Page 1 of 2', 400, 100),
    piece('80333 Munich ', 40, 112), piece(' Invoice Number', 400, 112), piece('INV-7', 500, 112),
    piece('Total', 40, 124), piece('8,800.00', 79, 124), piece('EUR', 135, 124)
  ]), [{ type: 'paragraph', content: 'Customer: Ana Maria Ltd  Page 1 of 2\n80333 Munich  Invoice Number  INV-7\nTotal 8,800.00  EUR' }])
})

t.test('lines that are further apart than usual, or of another size, are blocks of their own; large ones are headings', async t => {
  t.same(blocksOf([
    piece('Terms of', 50, 50, 20), piece('Payment', 50, 74, 20),
    piece('Within thirty days of', 50, 98), piece('the date of the invoice.', 50, 110), piece('Without deduction.', 50, 122),
    piece('By bank transfer only.', 50, 150)
  ]), [
    { type: 'heading', content: 'Terms of\nPayment' },
    { type: 'paragraph', content: 'Within thirty days of\nthe date of the invoice.\nWithout deduction.' },
    { type: 'paragraph', content: 'By bank transfer only.' }
  ])
})

t.test('a short first line that stands alone is a heading; a label with its value, a sentence, or the only line is not', async t => {
  const below = [piece('This is what follows below it,', 50, 90), piece('line by line.', 50, 102), piece('And on.', 50, 114)]
  const typeOfFirst = (text: string): string | undefined => blocksOf([piece(text, 50, 50), ...below])[0]?.type
  t.equal(typeOfFirst('Terms of Payment'), 'heading')
  t.equal(typeOfFirst('Über uns'), 'heading')
  t.equal(typeOfFirst('Date: today'), 'paragraph')
  t.equal(typeOfFirst('Total 8,800.00'), 'paragraph')
  t.equal(typeOfFirst('This is it.'), 'paragraph')
  t.equal(typeOfFirst('x'.repeat(61)), 'paragraph')
  t.same(blocksOf([piece('Terms of Payment', 50, 50)]), [{ type: 'paragraph', content: 'Terms of Payment' }])
})

t.test('many large lines are no heading, and a page without text has no blocks', async t => {
  const letter = [1, 2, 3, 4].map(line => piece('LARGE', 50, 50 + line * 24, 20))
  t.same(blocksOf([...letter, piece('small print that is longer than the rest', 50, 300)]).map(({ type }) => type), ['paragraph', 'paragraph'])
  t.same(blocksOf([piece(' ', 50, 50)]), [])
  t.same(blocksOf([]), [])
})

const PROSE = 'Payment is due within thirty days of the date of this invoice. Goods remain ours until they are paid for in full.'

/** Lines of prose, so many characters wide. */
function linesOfProse (width: number): string[] {
  return PROSE.match(new RegExp(`.{1,${width}}(?: |$)`, 'g')) ?? []
}

const contentsOf = (pieces: readonly Piece[]): string[] => blocksOf(pieces).map(({ content }) => content.replace(/ \n/g, '\n'))

t.test('reads columns of prose one after the other, as far as the gutter between them runs down the page', async t => {
  const [left, middle, right] = [linesOfProse(32), linesOfProse(28), linesOfProse(30)]
  const column = (lines: readonly string[], x: number, top: number): Piece[] => lines.map((line, row) => piece(line, x, top + row * 12.5))
  const title = piece(`All the terms: ${'x'.repeat(80)}`, 40, 80)
  const end = piece('IBAN: DE89', 40, 240)
  t.same(contentsOf([title, ...column(left, 40, 112), ...column(middle, 216, 112), ...column(right, 380, 115), end, piece('BIC: INGB', 400, 240)]), [
    title.text, ...[left, middle, right].map(lines => lines.join('\n').trim().replace(/ \n/g, '\n')), 'IBAN: DE89  BIC: INGB'
  ])
})

t.test('reads a table row by row, even if much is written in it', async t => {
  const rowsOf = (...columns: ReadonlyArray<readonly [x: number, texts: readonly string[]]>): Piece[] => {
    return columns.flatMap(([x, texts]) => texts.map((text, row) => piece(text, x, 100 + row * 12)))
  }
  const isByRow = (pieces: readonly Piece[], message: string): void => {
    const [first = ''] = contentsOf(pieces)
    t.match(first, /^.+ {2}.+\n/, message)
  }
  const prose = linesOfProse(32)
  isByRow(rowsOf([40, prose], [300, ['1.00', '2.00', '3.00', '4.00']]), 'numbers have few words')
  isByRow(rowsOf([40, prose], [300, ['The first item here', 'A second item here', 'The last of all', 'Nothing else is here']]), 'no line begins within a sentence')
  isByRow(rowsOf([40, prose], [300, ['due in one week', 'of the order', 'and to all of the long addresses', 'in a box']]), 'the lines are not full')
  isByRow(rowsOf([40, prose.slice(0, 3)], [300, linesOfProse(30).slice(0, 3)]), 'there are only three lines')
  isByRow(rowsOf([40, prose], [220, prose.map(line => line.slice(-1))], [300, prose]), 'a column of signs is between them')
  isByRow([...Array.from({ length: 20 }, (_, cell) => prose.map((_, row) => piece('a b c d', cell * 60, 100 + row * 12))).flat()], 'there are twenty columns')
})
