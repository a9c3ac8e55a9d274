import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { createFileReceiver } from '../../src/actions/receive-file.ts'
import { openUploadedFiles } from '../../src/store/uploaded-files.ts'
import { extractText } from '../../src/text-extraction/extract-text.ts'

t.test('a text that was extracted before, and is lost, stays lost where text extraction is off', async t => {
  const files = await openUploadedFiles(t.testdir())
  t.teardown(async () => { await files.close() })
  const receiver = createFileReceiver({ files, maxSize: 1024, extractor: null })
  const inspection = { mime: 'text/plain', pageCount: 1, failure: null }
  const upload = { key: 'tmp/a.txt', sha256: 'a'.repeat(64), size: 1, contentType: 'text/plain', filename: 'a.txt', uploadedAt: 0, inspection }
  t.equal(await receiver.textOf(upload), undefined)
})

t.test('the text of the same bytes depends on the encoding that was named with them, also where it is extracted again', async t => {
  const folder = t.testdir()
  const files = await openUploadedFiles(folder)
  t.teardown(async () => { await files.close() })
  const receiver = createFileReceiver({ files, maxSize: 1024, extractor: { read: extractText } })
  const contentTypes = ['text/plain; charset=iso-8859-2', 'text/plain']
  const uploads = await Promise.all(contentTypes.map(async contentType => {
    const claim = { contentType, filename: null }
    return await receiver.receive(Readable.from([Buffer.from([0xb3])]), claim, async file => ({ ...claim, ...file, key: 'tmp/a', uploadedAt: 0 }))
  }))
  const texts = async (): Promise<unknown[]> => await Promise.all(uploads.map(async upload => await receiver.textOf(upload)))
  const expected = ['ł', '³'].map(content => [[{ type: 'paragraph', content }]])
  t.same(await texts(), expected)
  await rm(join(folder, 'texts'), { recursive: true })
  t.same(await texts(), expected)
})
