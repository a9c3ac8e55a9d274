import t from 'tap'
import { createFileReceiver } from '../../src/actions/receive-file.ts'
import { openUploadedFiles } from '../../src/store/uploaded-files.ts'

t.test('a text that was extracted before, and is lost, stays lost where text extraction is off', async t => {
  const files = await openUploadedFiles(t.testdir())
  t.teardown(async () => { await files.close() })
  const receiver = createFileReceiver({ files, maxSize: 1024, extractor: null })
  const inspection = { mime: 'text/plain', pageCount: 1, failure: null }
  const upload = { key: 'tmp/a.txt', sha256: 'a'.repeat(64), size: 1, contentType: 'text/plain', filename: 'a.txt', uploadedAt: 0, inspection }
  t.equal(await receiver.textOf(upload), undefined)
})
