import { once } from 'node:events'
import PdfKit from 'pdfkit'
import t from 'tap'
import { annotationPieces, type Annotation } from '../../src/text-extraction/pdf-annotations.ts'
import { readPdf } from '../../src/text-extraction/pdf.ts'
import type { Piece } from '../../src/text-extraction/piece.ts'
import { handWrittenPdf } from '../samples.ts'

/** Returns the lines of a page on which labels and fields stand. */
async function linesOf (draw: (pdf: InstanceType<typeof PdfKit>) => void): Promise<string[]> {
  const pdf = new PdfKit({ size: 'A4', margin: 40 })
  const chunks: Buffer[] = []
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
  draw(pdf.font('Helvetica').fontSize(10).initForm())
  pdf.end()
  await once(pdf, 'end')
  const { pages: [page = []] } = await readPdf(new Uint8Array(Buffer.concat(chunks)))
  return page.flatMap(({ content }) => content.split('\n'))
}

t.test('reads the values of form fields beside what is printed, and text that was added to the page', async t => {
  const lines = await linesOf(pdf => {
    pdf.text('Invoice Number', 40, 40).formText('number', 114, 36, 60, 18, { value: 'INV-77' }).text('of the year', 146, 40)
    pdf.text('Grand Total:', 40, 70).formCombo('total', 150, 64, 200, 22, { select: ['1', '1,234.50'], value: '1,234.50' })
    pdf.text('Country:', 40, 100).formList('country', 150, 96, 200, 38, { select: ['Italy', 'Spain'], value: 'Spain' })
    pdf.text('Ship to:', 40, 150).formText('address', 150, 146, 200, 60, { value: 'Ana Maria Ltd\n\n80333 Munich', multiline: true })
    pdf.formText('password', 150, 226, 200, 18, { value: 'secret', password: true }).formText('empty', 150, 256, 200, 18)
    pdf.formCheckbox('box', 150, 286, 18, 18, {}).note(40, 300, 20, 20, 'a remark that is not open')
    pdf.textAnnotation(40, 330, 200, 20, 'Customer: Ana Maria Ltd')
  })
  t.same(lines, [
    'Invoice Number  INV-77  of the year', 'Grand Total:  1,234.50', 'Country:  Spain', 'Ship to:  Ana Maria Ltd', '80333 Munich', 'Customer: Ana Maria Ltd'
  ])
})

t.test('reads no field that is not shown', async t => {
  const field = (flags: number, rect: string, name: string): string => `<</Type/Annot/Subtype/Widget/FT/Tx/T(${name})/V(${name})/F ${flags}/Rect[${rect}]>>`
  const fields = [field(4, '10 99 99 120', 'empty').replace('/V(empty)', ''), field(2, '10 10 99 30', 'hidden'), field(32, '10 40 99 60', 'no view'), field(4, '0 0 0 9', 'no width'), field(4, '9 9 99 9', 'no height'), field(4, '10 70 99 90', 'shown')]
  const pdf = handWrittenPdf('Label').toString().replace('/MediaBox', `/Annots[${fields.join('')}]/MediaBox`)
  t.same(await readPdf(new TextEncoder().encode(pdf)), {
    pageCount: 1, pages: [[{ type: 'heading', content: 'Label' }, { type: 'paragraph', content: 'shown' }]]
  })
})

t.test('shows a choice by what is displayed for it, and a field of a turned page where it is displayed', async t => {
  const choice: Annotation = {
    subtype: 'Widget',
    fieldType: 'Ch',
    annotationFlags: 4,
    rect: [20, 100, 30, 200],
    defaultAppearanceData: { fontSize: 8 },
    fieldValue: ['de', 'xx'],
    options: [{ exportValue: 'de', displayValue: 'Germany' }]
  }
  const printed = (y: number, turn = 0): Piece => ({ text: 'Country:', turn, x: 10, y, width: 40, size: 8 })
  const shown = { text: 'Germany, xx', turn: 0, x: 100, width: 44, size: 8, isCell: true }
  t.same(annotationPieces([choice], [printed(31), printed(25), printed(28, 6)], [0, 1, 1, 0, 0, 0]), [{ ...shown, y: 25 }])
})
