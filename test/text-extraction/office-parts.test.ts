import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { ExtractedText } from '../../src/domain/files/extracted-text.ts'
import { extractText } from '../../src/text-extraction/extract-text.ts'
import { zipOf, type SampleFile } from '../samples.ts'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const PPTX = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'

/** Extracts the text of an archive with these parts, whose type only the parts tell. */
async function read (t: Test, files: readonly SampleFile[]): Promise<ExtractedText> {
  const path = join(t.testdir(), 'file')
  writeFileSync(path, zipOf(files))
  return await extractText(path, { contentType: '', filename: null })
}

/** The part that relates another one to its targets by ids. */
function relationsOf (part: string, targets: Readonly<Record<string, readonly [kind: string, target: string]>>): SampleFile {
  const entries = Object.entries(targets).map(([id, [kind, target]]) => `<Relationship Id="${id}" Type="http://schemas/relationships/${kind}" Target="${target}"/>`)
  return { name: part.replace(/[^/]*$/, '_rels/$&.rels'), data: `<Relationships>${entries.join('')}</Relationships>` }
}

const p = (text: string, properties = ''): string => `<w:p>${properties}<w:r><w:t>${text}</w:t></w:r></w:p>`
const word = (name: string, content: string): SampleFile => ({ name, data: `<w:root xmlns:w="w" xmlns:r="r">${content}</w:root>` })
const slide = (name: string, text: string, more = ''): SampleFile => ({ name, data: `<p:sld ${more}><p:sp><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:sp></p:sld>` })
const paragraph = (content: string): object => ({ type: 'paragraph', content })
const readable = (mime: string, ...pages: readonly object[][]): object => ({ mime, pageCount: pages.length, failure: null, pages })

t.test('reads the headers, notes and footers of a Word document on the page on which they stand first', async t => {
  const main = 'word/document.xml'
  const references = `
    <w:headerReference w:type="default" r:id="h1"/><w:headerReference w:type="first" r:id="h2"/><w:headerReference w:type="even" r:id="h3"/>
    <w:footerReference w:type="default" r:id="f1"/>`
  t.same(await read(t, [
    relationsOf(main, {
      h1: ['header', 'header1.xml'],
      h2: ['header', '/word/header2.xml'],
      h3: ['header', 'header3.xml'],
      h4: ['header', 'header4.xml'],
      h5: ['header', 'none.xml'],
      f1: ['footer', 'footer1.xml'],
      1: ['footnotes', 'footnotes.xml'],
      2: ['endnotes', 'endnotes.xml'],
      u: ['hyperlink', 'http://example.com/']
    }),
    word(main, `
      ${p('one')}<w:p><w:r><w:footnoteReference w:id="2"/><w:endnoteReference w:id="2"/></w:r></w:p>
      ${p('two', `<w:pPr><w:sectPr>${references}</w:sectPr></w:pPr>`)}
      <w:p><w:r><w:br w:type="page"/><w:t>three</w:t><w:footnoteReference w:id="3"/><w:footnoteReference w:id="2"/><w:footnoteReference w:id="9"/></w:r></w:p>
      <w:sectPr><w:headerReference w:type="default" r:id="h1"/><w:headerReference w:type="first" r:id="h4"/><w:headerReference r:id="h5"/><w:titlePg/></w:sectPr>`),
    word('word/header1.xml', p('Invoice Number: INV-9')),
    word('word/header2.xml', p('header of a title page that the section does not have')),
    word('word/header3.xml', p('header of even pages that the document does not have')),
    word('word/header4.xml', p('Title page')),
    word('word/footer1.xml', p('IBAN: DE89')),
    word('word/footnotes.xml', `<w:footnote w:id="0">${p('separator')}</w:footnote><w:footnote w:id="2">${p('foot two')}</w:footnote><w:footnote w:id="3">${p('foot three')}</w:footnote>`),
    word('word/endnotes.xml', `<w:endnote w:id="2">${p('end two')}</w:endnote>`)
  ]), readable(DOCX,
    ['Invoice Number: INV-9', 'one', 'two', 'foot two', 'IBAN: DE89'].map(paragraph),
    ['Title page', 'three', 'foot three', 'end two'].map(paragraph)
  ))
})

t.test('reads the headers of even pages if the document has some, and those of a section without text', async t => {
  const main = 'word/document.xml'
  const read2 = async (settings: string): Promise<ExtractedText> => await read(t, [
    relationsOf(main, { h: ['header', 'header1.xml'], s: ['settings', 'settings.xml'] }),
    word(main, '<w:sectPr><w:headerReference w:type="even" r:id="h"/></w:sectPr>'),
    word('word/header1.xml', p('Even')),
    word('word/settings.xml', settings)
  ])
  t.same(await read2('<w:evenAndOddHeaders/>'), readable(DOCX, [paragraph('Even')]))
  t.same(await read2('<w:evenAndOddHeaders w:val="false"/>'), readable(DOCX, []))
  t.same(await read2('<w:zoom/>'), readable(DOCX, []))
})

t.test('reads no hidden text of a Word document', async t => {
  const main = 'word/document.xml'
  const run = (properties: string, text: string): string => `<w:r><w:rPr>${properties}</w:rPr><w:t>${text}</w:t></w:r>`
  t.same(await read(t, [
    relationsOf(main, { s: ['styles', 'styles.xml'] }),
    word('word/styles.xml', '<w:style w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="Shown"><w:vanish w:val="0"/></w:style>'),
    word(main, `
      <w:p>${run('', 'a')}${run('<w:vanish/>', 'no')}${run('<w:vanish w:val="0"/>', 'b')}${run('<w:rStyle w:val="Secret"/>', 'no')}${run('<w:rStyle w:val="Shown"/>', 'c')}</w:p>
      <w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>${run('<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>', 'only its mark is hidden, or it was once')}</w:p>
      <w:p><w:pPr><w:pStyle w:val="Secret"/></w:pPr>${run('', 'no')}${run('<w:vanish w:val="false"/>', 'but this')}</w:p>
      <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:p>${run('', 'no')}</w:p><w:t>no</w:t></w:r></w:p>
      <w:vanish/>`)
  ]), readable(DOCX, ['abc', 'only its mark is hidden, or it was once', 'but this'].map(paragraph)))
})

t.test('reads the cells of a row as they are printed, line by line, with a tab between two cells', async t => {
  const cell = (...paragraphs: readonly string[]): string => `<w:tc>${paragraphs.join('')}</w:tc>`
  t.same(await read(t, [word('word/document.xml', `
    <w:tr>${cell(p('Invoice Number'))}${cell(p(''))}${cell(p('Issue Date'))}</w:tr>
    <w:tr>${cell(p('Bill To:'), p('Ana'), p('Munich'))}${cell(`<w:tr>${cell(p('Total:'))}${cell(p('5'))}</w:tr>`, p('EUR'))}</w:tr>
    <w:tr>${cell(p('')).repeat(70)}${cell(p('x'))}${cell(p('y'))}</w:tr>
    <w:tr>${p('without a cell')}</w:tr><w:tc/>
    <w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>Page</w:t><w:ptab/><w:t>1</w:t></w:r></w:p>`)
  ]), readable(DOCX, [
    'Invoice Number\t\tIssue Date', 'Bill To:\tTotal:\t5\nAna\tEUR\nMunich', `x\n${'\t'.repeat(62)}y`, 'without a cell', 'Page\t1'
  ].map(paragraph)))
})

t.test('reads the slides that a presentation lists, in that order, with their notes, but none that is hidden', async t => {
  const main = 'ppt/presentation.xml'
  t.same(await read(t, [
    relationsOf('', { r1: ['officeDocument', 'ppt/presentation.xml'] }),
    relationsOf(main, { r1: ['slide', 'slides/slide1.xml'], r2: ['slide', 'slides/slide2.xml'], r3: ['slide', 'slides/third.xml'] }),
    { name: main, data: '<p:presentation><p:sldIdLst>' + ['r3', 'r2', 'r1', 'r9'].map((id, index) => `<p:sldId id="${256 + index}" r:id="${id}"/>`).join('') + '</p:sldIdLst></p:presentation>' },
    slide('ppt/slides/slide1.xml', 'first file', 'show="1"'),
    slide('ppt/slides/slide2.xml', 'hidden slide', 'show="0"'),
    slide('ppt/slides/slide9.xml', 'slide of nothing'),
    slide('ppt/slides/third.xml', 'third file'),
    relationsOf('ppt/slides/third.xml', { l: ['slideLayout', '../slideLayouts/layout1.xml'], n: ['notesSlide', '../notesSlides/notesSlide1.xml'] }),
    { name: 'ppt/slideLayouts/layout1.xml', data: '<p><t>Click to edit</t></p>' },
    {
      name: 'ppt/notesSlides/notesSlide1.xml',
      data: `<p:notes><p:sp><p:nvPr><p:ph type="sldNum"/></p:nvPr><a:p><a:fld><a:t>1</a:t></a:fld></a:p></p:sp>
        <p:sp><p:nvPr><p:ph type="body"/></p:nvPr><a:p><a:r><a:t>Due Date: 2024-04-14</a:t></a:r></a:p></p:sp></p:notes>`
    }
  ]), readable(PPTX, ['third file', 'Due Date: 2024-04-14'].map(paragraph), [paragraph('first file')], []))
})

t.test('reads no hidden shape of a slide', async t => {
  const shape = (kind: string, hidden: string, content: string): string => `<p:${kind}><p:cNvPr hidden="${hidden}"/>${content}</p:${kind}>`
  const text = (text: string): string => `<a:p><a:t>${text}</a:t></a:p>`
  t.same(await read(t, [
    { name: 'ppt/presentation.xml', data: '<p/>' },
    {
      name: 'ppt/slides/slide1.xml',
      data: `<p:sld><p:cNvPr hidden="1"/><p:ph type="title"/>${shape('sp', '1', text('no'))}${shape('grpSp', 'true', shape('sp', '0', text('no')))}
        ${shape('graphicFrame', '1', text('no'))}${shape('grpSp', '0', shape('sp', '', text('yes')))}${text('bare')}</p:sld>`
    }
  ]), readable(PPTX, ['yes', 'bare'].map(paragraph)))
})

t.test('finds the main part of a document wherever its archive says it is', async t => {
  t.same(await read(t, [
    relationsOf('', { r1: ['officeDocument', '/word/document2.xml'] }),
    relationsOf('word/document2.xml', { h: ['header', 'header1.xml'] }),
    word('word/document2.xml', `${p('body')}<w:sectPr><w:headerReference w:type="default" r:id="h"/></w:sectPr>`),
    word('word/header1.xml', p('head'))
  ]), readable(DOCX, ['head', 'body'].map(paragraph)))
  t.same(await read(t, [
    relationsOf('', { r1: ['officeDocument', 'word/none.xml'] }),
    word('word/document.xml', p('at the usual place'))
  ]), readable(DOCX, [paragraph('at the usual place')]))
})
