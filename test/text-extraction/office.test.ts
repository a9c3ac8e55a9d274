import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readDocx } from '../../src/text-extraction/docx.ts'
import type { PagedText } from '../../src/text-extraction/pages.ts'
import { readPptx } from '../../src/text-extraction/pptx.ts'
import { Damaged, Unreadable } from '../../src/text-extraction/unreadable.ts'
import { docxOf, sampleDocx, samplePptx, zipOf } from '../samples.ts'

async function docx (t: Test, bytes: Buffer): Promise<PagedText> {
  return await readDocx(fileOf(t, bytes))
}

async function pptx (t: Test, bytes: Buffer): Promise<PagedText> {
  return await readPptx(fileOf(t, bytes))
}

function fileOf (t: Test, bytes: Buffer): string {
  const path = join(t.testdir(), 'file')
  writeFileSync(path, bytes)
  return path
}

const paragraph = (content: string): object => ({ type: 'paragraph', content })

t.test('a Word document is read paragraph by paragraph, a table row by row', async t => {
  t.same(await docx(t, await sampleDocx([
    { heading: 'Invoice' }, 'Invoice Number: INV-2024-001', '', { nextPage: 'Items & more' }, { table: [['Paper', '20'], ['Total', '8,800.00']] }
  ])), {
    pageCount: 2,
    pages: [
      [{ type: 'heading', content: 'Invoice' }, paragraph('Invoice Number: INV-2024-001')],
      [paragraph('Items & more'), paragraph('Paper\t20'), paragraph('Total\t8,800.00')]
    ]
  })
})

t.test('tabs, line breaks and hyphens are text; deleted text, moved text, and fallbacks are not', async t => {
  t.same(await docx(t, docxOf(`
    <w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r>stray<w:t>Total</w:t><w:tab/><w:t>8</w:t><w:noBreakHyphen/><w:t>9</w:t><w:br/><w:t><![CDATA[<net>]]></w:t><w:cr/></w:r></w:p>
    <w:p><w:r><w:t>A</w:t><mc:Choice><w:p><w:t>in a box</w:t></w:p></mc:Choice><mc:Fallback><w:p><w:t>in a box</w:t></w:p></mc:Fallback><w:t>B</w:t></w:r></w:p>
    <w:p><w:moveFrom><w:t>gone </w:t></w:moveFrom><w:del><w:delText>gone</w:delText></w:del><w:t>here</w:t></w:p>
    <w:pStyle w:val="Title"/><w:t>outside of any paragraph</w:t><constructor/>
    <w:p><w:pPr><w:pStyle w:val="Subtitle"/></w:pPr><w:t>Below</w:t></w:p>
    <![CDATA[ ]]>
  `)), {
    pageCount: 1,
    pages: [[paragraph('Total\t8-9\n<net>'), paragraph('in a box'), paragraph('AB'), paragraph('here'), { type: 'heading', content: 'Below' }]]
  })
})

t.test('pages are those of the last layout; a break that was set and laid out counts once', async t => {
  t.same(await docx(t, docxOf(`
    <w:lastRenderedPageBreak/>
    <w:p><w:t>one</w:t><w:lastRenderedPageBreak/><w:t>two</w:t><w:br w:type="page"/></w:p>
    <w:p><w:lastRenderedPageBreak/><w:t>three</w:t></w:p>
    <w:tr><w:tc><w:p><w:t>a</w:t></w:p></w:tc><w:tc><w:tr><w:p><w:lastRenderedPageBreak/><w:t>b</w:t></w:p></w:tr></w:tc></w:tr>
  `)), { pageCount: 4, pages: [[paragraph('one')], [paragraph('two')], [paragraph('three')], [paragraph('a\tb')]] })
})

t.test('a Word document has as many pages as it says, if that makes sense', async t => {
  const countOf = async (pages: string): Promise<number> => (await docx(t, docxOf('<w:p><w:t>x</w:t></w:p>', `<Pages>${pages}</Pages>`))).pageCount
  t.equal(await countOf('12'), 12)
  t.equal(await countOf('0'), 1)
  t.equal(await countOf('many'), 1)
  t.equal(await countOf('10000'), 1)
  t.same((await docx(t, docxOf('<w:p><w:t>x</w:t></w:p>', '<Pages>2</Pages>'))).pages, [[paragraph('x')], []])
})

t.test('a presentation has a page for each slide, in the order of their numbers', async t => {
  const slides = Array.from({ length: 11 }, (_, index) => ({ title: `Title ${index + 1}`, lines: [`Line: ${index + 1}`, '<&>'] }))
  t.same(await pptx(t, await samplePptx(slides)), {
    pageCount: 11,
    pages: slides.map(({ title, lines: [line = ''] }) => [{ type: 'heading', content: title }, paragraph(line), paragraph('<&>')])
  })
})

t.test('a presentation without slides has one page, and of more than 500 the rest is counted only', async t => {
  t.same(await pptx(t, zipOf([{ name: 'ppt/presentation.xml', data: '<p/>' }])), { pageCount: 1, pages: [[]] })
  const many = zipOf(Array.from({ length: 502 }, (_, index) => ({ name: `ppt/slides/slide${index + 1}.xml`, data: '<p><t>x</t></p>' })))
  const { pageCount, pages } = await pptx(t, many)
  t.same([pageCount, pages.length], [502, 500])
})

t.test('an encrypted archive cannot be read', async t => {
  await t.rejects(docx(t, zipOf([{ name: 'word/document.xml', data: '<a/>', encrypted: true }])), new Unreadable('The file is encrypted: remove its password.'))
  await t.rejects(pptx(t, zipOf([{ name: 'ppt/slides/slide1.xml', data: '<a/>', encrypted: true }])), new Unreadable('The file is encrypted: remove its password.'))
})

t.test('an archive or XML that is not whole is damaged, and so is XML with entities of its own', async t => {
  const whole = docxOf('<w:p><w:t>x</w:t></w:p>')
  const laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
  for (const bytes of [
    whole.subarray(0, whole.length - 30), docxOf('<w:p>'), ...['<a><b>', laughs].map(data => zipOf([{ name: 'word/document.xml', data }]))
  ]) await t.rejects(docx(t, bytes), new Damaged())
  await t.rejects(pptx(t, zipOf([{ name: 'ppt/slides/slide1.xml', data: '<a>' }])), new Damaged())
})
