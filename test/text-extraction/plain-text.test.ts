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

t.test('what is not UTF-8 is replaced, control characters are left out, and a mark tells UTF-16', async t => {
  t.match(await read(t, Buffer.from('M\xfcller\x00\x1b!', 'latin1')), { pages: [[paragraph('M�ller!')]] })
  t.match(await read(t, '﻿Müller'), { pages: [[paragraph('Müller')]] })
  t.match(await read(t, Buffer.from('﻿Müller', 'utf16le')), { pages: [[paragraph('Müller')]] })
  t.match(await read(t, Buffer.from('﻿Müller', 'utf16le').swap16()), { pages: [[paragraph('Müller')]] })
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
