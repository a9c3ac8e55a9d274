import t from 'tap'
import { readPdf } from '../../src/text-extraction/pdf.ts'
import type { PagedText } from '../../src/text-extraction/pages.ts'
import { Damaged, Unreadable } from '../../src/text-extraction/unreadable.ts'
import { handWrittenPdf, invoicePdf, longPdf, samplePdf } from '../samples.ts'

/** PDF.js takes the bytes over, so that it is given some of its own. */
async function read (pdf: Buffer): Promise<PagedText> {
  return await readPdf(new Uint8Array(pdf))
}

t.test('an invoice is read page by page, block by block, line by line', async t => {
  t.same(await read(await invoicePdf()), {
    pageCount: 2,
    pages: [
      [
        { type: 'heading', content: 'Invoice' },
        { type: 'paragraph', content: 'Invoice Number: INV-2024-001\nDate: 2024-03-15\nDue Date: 14 April 2024\nVendor: Acme Supplies GmbH' },
        {
          type: 'paragraph',
          content: 'Thank you for your order. We deliver within two weeks, to the address that you gave us, and\nask you to pay the total by the date above.'
        }
      ],
      [{ type: 'paragraph', content: 'Items of this invoice\nPaper, 20 boxes  7,394.96\nVAT 19 %  1,405.04\nTotal  8,800.00' }]
    ]
  })
})

t.test('a PDF without a table of its objects is recovered', async t => {
  t.same(await read(handWrittenPdf('Total: 1')), { pageCount: 1, pages: [[{ type: 'paragraph', content: 'Total: 1' }]] })
})

t.test('a page is read as it is looked at, turned or not', async t => {
  const turned = handWrittenPdf().toString().replace('/MediaBox', '/Rotate 90/MediaBox').replace('10 100 Td', '0 1 -1 0 50 10 Tm')
  t.same(await read(Buffer.from(turned.replace('(Hello World) Tj', '(Total) Tj 0 1 -1 0 50 200 Tm (8.00) Tj'))), {
    pageCount: 1, pages: [[{ type: 'paragraph', content: 'Total  8.00' }]]
  })
})

t.test('reads text that runs sideways or backwards line by line, whichever way the page is turned', async t => {
  const lines = (matrix: string, places: readonly string[]): string => {
    return places.map((place, index) => `${matrix} ${place} Tm (${['Invoice Number: 7', 'Grand Total: 1234.50', 'Paid'][index]}) Tj `).join('')
  }
  const written = (lines: string): string => handWrittenPdf().toString().replace('10 100 Td (Hello World) Tj', lines)
  const content = 'Invoice Number: 7\nGrand Total: 1234.50\nPaid'
  const upright = written(lines('1 0 0 1', ['10 200', '10 180', '10 160']))
  for (const rotate of [0, 90, 180, 270]) t.match(await read(Buffer.from(upright.replace('/MediaBox', `/Rotate ${rotate}/MediaBox`))), { pages: [[{ content }]] })
  t.match(await read(Buffer.from(written(lines('0 1 -1 0', ['160 10', '180 10', '200 10'])))), { pages: [[{ content }]] })
  t.match(await read(Buffer.from(written(lines('-1 0 0 -1', ['290 160', '290 180', '290 200'])))), { pages: [[{ content }]] })
})

t.test('cuts no number by a letter of a text that runs across it', async t => {
  const stamp = [...'DRAFT'].map((letter, index) => `0.7 0.7 -0.7 0.7 ${60 + index * 17} ${75 + index * 17} Tm (${letter}) Tj `).join('')
  const margin = [...'copy'].map((letter, index) => `0 1 -1 0 75 ${95 + index * 14} Tm (${letter}) Tj `).join('')
  const pdf = handWrittenPdf('Total: 1234567.50').toString().replace('Tj ET', `Tj ${stamp} ${margin} ET`)
  t.same((await read(Buffer.from(pdf))).pages.flat().map(({ content }) => content), ['Total: 1234567.50', 'D R A F T', 'copy'])
})

t.test('a page that is missing does not take those before it with it', async t => {
  const hello = [{ type: 'paragraph', content: 'Hello World' }]
  t.same(await read(longPdf(3, [1])), { pageCount: 2, pages: [hello, []] })
})

t.test('the text of the first 500 pages is read, and the page count is true', async t => {
  const { pageCount, pages } = await read(longPdf(501))
  t.equal(pageCount, 501)
  t.same(pages, Array.from({ length: 500 }, () => [{ type: 'paragraph', content: 'Hello World' }]))
})

t.test('no more than so many characters are read', async t => {
  const lines = '0 -0.09 Td (xxxxx) Tj '.repeat(1000)
  const long = longPdf(2).toString().replace('Tj ET', `Tj /F 0.1 Tf ${lines} ET`)
  const { pageCount, pages } = await readPdf(new TextEncoder().encode(long), 1000)
  t.equal(pageCount, 2)
  t.same(pages.map(page => page.reduce((sum, { content }) => sum + content.length, 0)), [1000, 0])
})

t.test('a PDF with a password cannot be read', async t => {
  await t.rejects(read(await samplePdf([['secret']], { password: 'open sesame' })), new Unreadable('The PDF is encrypted: remove its password.'))
})

t.test('a PDF that breaks off is damaged', async t => {
  const pdf = await invoicePdf()
  await t.rejects(read(pdf.subarray(0, pdf.length / 2)), new Damaged())
})
