import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { ExtractedText } from '../../src/domain/files/extracted-text.ts'
import { extractText } from '../../src/text-extraction/extract-text.ts'
import { docxOf, handWrittenPdf, invoicePdf, sampleCompoundFile, sampleDocx, sampleJpeg, samplePng, samplePptx, sampleTiff, zipOf } from '../samples.ts'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const PPTX = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'

async function read (t: Test, bytes: Buffer | string, contentType = '', filename: string | null = null): Promise<ExtractedText> {
  const path = join(t.testdir(), 'file')
  writeFileSync(path, bytes)
  return await extractText(path, { contentType, filename })
}

t.test('a file is what its content type says, without parameters, or, if that says nothing, what its name says', async t => {
  const pdf = handWrittenPdf()
  const readable = { mime: 'application/pdf', pageCount: 1, failure: null, pages: [[{ type: 'paragraph', content: 'Hello World' }]] }
  t.same(await read(t, pdf, 'application/pdf', 'odd.png'), readable)
  t.same(await read(t, pdf, 'Application/PDF; charset=binary'), readable)
  t.same(await read(t, pdf, 'application/x-pdf'), readable)
  t.same(await read(t, pdf, 'application/octet-stream', 'a.pdf'), readable)
  t.same(await read(t, pdf, '', 'a.pdf'), readable)
})

t.test('what neither type nor name tells, the bytes do', async t => {
  const png = { mime: 'image/png', pageCount: 1, failure: null, pages: [[]] }
  t.same(await read(t, samplePng(2, 2)), png)
  t.same(await read(t, samplePng(2, 2), 'application/octet-stream', 'file.bin'), png)
  t.match(await read(t, await sampleDocx(['a'])), { mime: DOCX, pages: [[{ content: 'a' }]] })
  t.match(await read(t, await samplePptx([{ title: 'a', lines: [] }])), { mime: PPTX, pages: [[{ content: 'a' }]] })
  t.match(await read(t, sampleTiff(2)), { mime: 'image/tiff', pageCount: 2 })
  t.match(await read(t, 'GIF89a\x01\x00\x01\x00\x00\x00\x00'), { mime: 'image/gif', pageCount: 1, failure: null, pages: [[]] })
  t.match(await read(t, sampleCompoundFile('Workbook')), { mime: 'application/vnd.ms-excel', pageCount: 1, failure: null, pages: [[]] })
  t.match(await read(t, zipOf([{ name: '[Content_Types].xml', data: `<Override ContentType="${XLSX}.main+xml"/>` }])), { mime: XLSX, pageCount: 1, failure: null, pages: [[]] })
  t.match(await read(t, zipOf([{ name: 'a', data: createHash('shake256', { outputLength: 5000 }).digest() }])), { mime: 'application/zip', pageCount: 1, failure: null, pages: [[]] })
  t.match(await read(t, zipOf([{ name: 'a', data: 'b' }])), { mime: 'application/zip', pageCount: 1, failure: null, pages: [[]] })
})

t.test('a content type that is not one of a document counts as none: the name decides, or else the bytes', async t => {
  for (const type of ['binary/octet-stream', 'application/force-download', 'application/x-www-form-urlencoded', 'application/x-foo', 'video/mp4', 'pdf', '*/*']) {
    t.match(await read(t, samplePng(2, 2), type), { mime: 'image/png', failure: null }, type)
    t.match(await read(t, 'Total: 5', type, 'a.txt'), { mime: 'text/plain', pages: [[{ content: 'Total: 5' }]] }, type)
    t.match(await read(t, 'Total: 5', type, 'a.pdf'), { failure: /^The file says it is application\/pdf, but it is not one/ }, type)
  }
})

t.test('what nothing tells has one page and no text', async t => {
  const nothing = { mime: 'application/octet-stream', pageCount: 1, failure: null, pages: [[]] }
  t.same(await read(t, 'BM is how a bitmap begins'), nothing)
  t.same(await read(t, Buffer.from([0, 1, 2, 3])), nothing)
  t.same(await read(t, 'anything', 'application/x-foo'), { ...nothing, mime: 'application/x-foo' })
})

t.test('an empty file cannot be read, whatever it is', async t => {
  for (const type of ['application/pdf', 'text/plain', 'application/x-foo']) {
    t.same(await read(t, '', type), { mime: type, pageCount: 0, failure: 'The file is empty: upload it again.', pages: [] })
  }
})

t.test('a file whose bytes are of another type than it says cannot be read', async t => {
  const lie = (claimed: string, actual: string): ExtractedText => ({
    mime: actual,
    pageCount: 0,
    failure: `The file says it is ${claimed}, but its bytes are ${actual}: upload it with its real type.`,
    pages: []
  })
  t.same(await read(t, samplePng(2, 2), 'application/pdf'), lie('application/pdf', 'image/png'))
  t.same(await read(t, samplePng(2, 2), '', 'a.pdf'), lie('application/pdf', 'image/png'))
  t.same(await read(t, handWrittenPdf(), 'text/plain'), lie('text/plain', 'application/pdf'))
  t.same(await read(t, sampleJpeg(2, 2), 'image/png'), lie('image/png', 'image/jpeg'))
  t.same(await read(t, zipOf([{ name: 'a', data: 'b' }]), DOCX), lie(DOCX, 'application/zip'))
  t.same(await read(t, zipOf([{ name: '[Content_Types].xml', data: `<Override ContentType="${DOCX}.main+xml"/>` }]), DOCX), lie(DOCX, 'application/zip'))
  t.same(await read(t, docxOf(''), PPTX), lie(PPTX, DOCX))
  t.same(await read(t, docxOf(''), 'application/msword'), lie('application/msword', DOCX))
  t.same(await read(t, docxOf('').subarray(0, 99), 'application/pdf'), lie('application/pdf', 'application/zip'))
  t.same(await read(t, sampleCompoundFile('WordDocument'), DOCX), lie(DOCX, 'application/msword'))
})

t.test('a file whose bytes tell nothing is not what it says either', async t => {
  for (const claimed of ['application/pdf', DOCX, PPTX, 'application/msword', 'image/png', 'image/jpeg', 'image/tiff']) {
    t.same(await read(t, 'BMW', claimed), {
      mime: claimed,
      pageCount: 0,
      failure: `The file says it is ${claimed}, but it is not one: upload it with its real type.`,
      pages: []
    })
  }
})

t.test('other names of a type are as good, and so is an animated PNG', async t => {
  const png = samplePng(2, 2)
  const animated = Buffer.concat([png.subarray(0, 33), Buffer.from('000000086163544c000000010000000000000000', 'hex'), png.subarray(33)])
  t.match(await read(t, animated, 'image/x-png'), { mime: 'image/png', failure: null })
  t.match(await read(t, sampleJpeg(2, 2), 'image/jpg'), { mime: 'image/jpeg', failure: null })
  t.match(await read(t, sampleTiff(1), 'image/tif'), { mime: 'image/tiff', failure: null })
})

t.test('an old Word document is taken for what it is: one page, without text', async t => {
  const doc = { mime: 'application/msword', pageCount: 1, failure: null, pages: [[]] }
  t.same(await read(t, sampleCompoundFile('WordDocument'), 'application/msword'), doc)
  t.same(await read(t, sampleCompoundFile('Unknown'), 'application/msword'), doc)
  t.same(await read(t, sampleCompoundFile('WordDocument').subarray(0, 100), 'application/msword'), doc)
  t.same(await read(t, '{\\rtf1 Hello}', 'application/msword'), doc)
})

t.test('an archive that breaks off is taken for what it is meant to be', async t => {
  t.same(await read(t, docxOf('').subarray(0, 99), DOCX), {
    mime: DOCX, pageCount: 0, failure: `The file is damaged: save it again and upload that. It was read as ${DOCX}.`, pages: []
  })
})

t.test('an Office document that lies encrypted in a compound file cannot be read', async t => {
  for (const claimed of [DOCX, PPTX]) {
    t.same(await read(t, sampleCompoundFile('EncryptedPackage'), claimed), {
      mime: 'application/x-cfb', pageCount: 0, failure: 'The file is encrypted: remove its password.', pages: []
    })
  }
})

t.test('the same bytes are read the same every time, and the reading can be sent to another thread', async t => {
  const bytes = await invoicePdf()
  const first = await read(t, bytes)
  t.same(await read(t, bytes), first)
  t.same(structuredClone(first), first)
})

t.test('a file that is not there, or no file, is an error', async t => {
  await t.rejects(extractText(join(t.testdir(), 'none'), { contentType: '', filename: null }), { code: 'ENOENT' })
  await t.rejects(extractText(t.testdir(), { contentType: '', filename: null }), { code: 'EISDIR' })
})
