import t from 'tap'
import { readPdf } from '../../src/text-extraction/pdf.ts'
import type { PagedText } from '../../src/text-extraction/pages.ts'
import { Unreadable } from '../../src/text-extraction/unreadable.ts'
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

t.test('a PDF that breaks off cannot be read, and says why', async t => {
  const pdf = await invoicePdf()
  await t.rejects(read(pdf.subarray(0, pdf.length / 2)), new Unreadable('The file is not a readable PDF: Invalid PDF structure.'))
})
