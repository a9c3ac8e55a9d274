import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { ExtractedText } from '../../src/domain/files/extracted-text.ts'
import { extractText } from '../../src/text-extraction/extract-text.ts'

async function read (t: Test, bytes: Buffer | string, contentType = 'text/plain'): Promise<ExtractedText> {
  const path = join(t.testdir(), 'file')
  writeFileSync(path, bytes)
  return await extractText(path, { contentType, filename: null })
}

const paragraph = (content: string): object => ({ type: 'paragraph', content })

t.test('form feeds part the pages of a text, blank lines its paragraphs', async t => {
  t.same(await read(t, 'Invoice\r\n\r\nNumber: 1  \r\nTotal: 2\n \n\n\f\f last\n\f\n', 'text/csv; charset=utf-8'), {
    mime: 'text/csv',
    pageCount: 3,
    failure: null,
    pages: [[paragraph('Invoice'), paragraph('Number: 1\nTotal: 2')], [], [paragraph('last')]]
  })
})

t.test('reads UTF-8, and as Windows-1252 what is not valid as such; control characters are left out', async t => {
  t.match(await read(t, '\ufeffMüller\x00\x1b!'), { pages: [[paragraph('Müller!')]] })
  t.match(await read(t, Buffer.from('Betr\xe4ge: 5 \x80, \x93caf\xe9', 'latin1')), { pages: [[paragraph('Beträge: 5 €, “café')]] })
  t.match(await read(t, Buffer.from('M\xfcller \x81', 'latin1')), { pages: [[paragraph('Müller \u0081')]] })
})

t.test('reads the encoding that the first bytes mark, else the one that the content type names', async t => {
  t.match(await read(t, Buffer.from('\ufeffMüller', 'utf16le'), 'text/plain; charset=utf-8'), { pages: [[paragraph('Müller')]] })
  t.match(await read(t, Buffer.from('\ufeffMüller', 'utf16le').swap16()), { pages: [[paragraph('Müller')]] })
  t.match(await read(t, Buffer.from('Müller', 'utf16le'), 'text/plain; charset=UTF-16'), { pages: [[paragraph('Müller')]] })
  t.match(await read(t, Buffer.from('\xb3\xf3d\xbc', 'latin1'), 'text/csv;header=present; charset="ISO-8859-2"'), { pages: [[paragraph('łódź')]] })
  t.match(await read(t, Buffer.from('\xc3\xa9', 'latin1'), 'text/plain; charset=latin1'), { pages: [[paragraph('Ã©')]] })
  t.match(await read(t, Buffer.from('\xe9t\xe9', 'latin1'), 'text/plain; charset=utf-8'), { pages: [[paragraph('été')]] })
  t.match(await read(t, 'été', 'text/plain; charset=unheard-of'), { pages: [[paragraph('été')]] })
})

t.test('of a large text two MiB are read, and of those a million characters and 500 pages', async t => {
  const { pages: [page = []] } = await read(t, 'é\n\n'.repeat(2_000_000))
  t.equal(page.length, 524_288)
  const long = await read(t, `a${'😀'.repeat(1_000_000)}`)
  t.same(long.pages.map(blocks => blocks.map(({ content }) => content.length)), [[1_000_000]])
  t.ok(long.pages[0]?.[0]?.content.isWellFormed())
  const many = await read(t, 'x\f'.repeat(600))
  t.same([many.pageCount, many.pages.length], [600, 500])
})
