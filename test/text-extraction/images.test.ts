import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { ExtractedText } from '../../src/domain/files/extracted-text.ts'
import { extractText } from '../../src/text-extraction/extract-text.ts'
import { sampleJpeg, samplePng, sampleTiff, writeHugePng } from '../samples.ts'

async function read (t: Test, bytes: Buffer, contentType: string): Promise<ExtractedText> {
  const path = join(t.testdir(), 'file')
  writeFileSync(path, bytes)
  return await extractText(path, { contentType, filename: null })
}

t.test('a picture is one page without text', async t => {
  t.same(await read(t, samplePng(640, 480), 'image/png'), { mime: 'image/png', pageCount: 1, failure: null, pages: [[]] })
  t.same(await read(t, sampleJpeg(640, 480), 'image/jpeg'), { mime: 'image/jpeg', pageCount: 1, failure: null, pages: [[]] })
})

t.test('of a picture of 100 MiB only the beginning is read', async t => {
  const path = join(t.testdir(), 'huge.png')
  writeHugePng(path)
  const before = process.memoryUsage().external
  t.same(await extractText(path, { contentType: 'image/png', filename: null }), { mime: 'image/png', pageCount: 1, failure: null, pages: [[]] })
  t.ok(process.memoryUsage().external - before < 20 * 1024 * 1024)
})

t.test('a picture that does not tell its size is damaged', async t => {
  const damaged = (mime: string): object => ({ mime, pageCount: 0, failure: `The file is damaged: save it again and upload that. It was read as ${mime}.`, pages: [] })
  t.same(await read(t, samplePng(640, 480).subarray(0, 18), 'image/png'), damaged('image/png'))
  t.same(await read(t, samplePng(0, 480), 'image/png'), damaged('image/png'))
  t.same(await read(t, samplePng(640, 0), 'image/png'), damaged('image/png'))
  t.same(await read(t, sampleJpeg(640, 480).subarray(0, 10), 'image/jpeg'), damaged('image/jpeg'))
})

t.test('a TIFF has as many pages as it has directories, in either byte order and either size of numbers', async t => {
  for (const bigEndian of [false, true]) {
    for (const big of [false, true]) {
      t.same(await read(t, sampleTiff(3, { bigEndian, big }), 'image/tiff'), { mime: 'image/tiff', pageCount: 3, failure: null, pages: [[], [], []] })
    }
  }
})

t.test('smaller versions of a page are no pages, and directories that go round in a circle come to an end', async t => {
  t.match(await read(t, sampleTiff(4, { thumbnails: [1, 3] }), 'image/tiff'), { pageCount: 2, failure: null })
  t.match(await read(t, sampleTiff(1, { thumbnails: [0] }), 'image/tiff'), { pageCount: 1, failure: null })
  t.match(await read(t, sampleTiff(3, { next: 8 }), 'image/tiff'), { pageCount: 3, failure: null })
  t.match(await read(t, sampleTiff(1).fill(0, 10, 12), 'image/tiff'), { pageCount: 1, failure: null }, 'nor need it say whether it is smaller')
})

t.test('a TIFF of which a page lies outside of the file, or has no size, cannot be read', async t => {
  const broken = {
    mime: 'image/tiff',
    pageCount: 0,
    failure: 'The file is damaged: save it again and upload that. It was read as image/tiff.',
    pages: []
  }
  const tiff = sampleTiff(1)
  t.same(await read(t, sampleTiff(1, { next: 100_000 }), 'image/tiff'), broken)
  t.same(await read(t, tiff.subarray(0, 20), 'image/tiff'), broken)
  t.same(await read(t, Buffer.from(tiff).fill(0xff, 8, 10), 'image/tiff'), broken)
  t.same(await read(t, Buffer.from(tiff).fill(0, 22, 34), 'image/tiff'), broken)
  t.same(await read(t, Buffer.from(tiff).fill(0, 34, 46), 'image/tiff'), broken)
})

t.test('the size of a TIFF may be given in short numbers', async t => {
  for (const bigEndian of [false, true]) {
    const tiff = sampleTiff(1, { bigEndian })
    for (const field of [22, 34]) {
      if (bigEndian) tiff.fill(Buffer.from([0, 3, 0, 0, 0, 1, 2, 0, 0, 0]), field + 2, field + 12)
      else tiff.writeUInt16LE(3, field + 2)
    }
    t.match(await read(t, tiff, 'image/tiff'), { pageCount: 1, failure: null })
  }
})
