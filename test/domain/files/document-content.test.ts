import t from 'tap'
import fc from 'fast-check'
import type { Upload } from '../../../src/domain/files/upload.ts'
import type { Document, Parsing } from '../../../src/domain/lifecycle/records.ts'
import { documentContent } from '../../../src/domain/files/document-content.ts'
import { newDocument, UPLOADED } from '../../../src/domain/lifecycle/new-document.ts'
import { sessionWith, uploadOf } from '../records.ts'

function documentOf (key: string, upload: Upload | null = null): Document {
  return newDocument({ id: 'document', workspaceId: 1, key, upload, createdAt: 0 })
}

t.test('by default a new document is an upload without a name of its own, and has no parsing', async t => {
  const facts = { id: 'document', workspaceId: 1, key: 'tmp/a.pdf', upload: null, createdAt: 7 }
  t.same(newDocument(facts), { ...facts, filename: null, source: UPLOADED, parsings: [] })
  const more = { filename: 'March.pdf', source: { type: 'url' as const, url: 'https://example.org/a.pdf' } }
  t.same(newDocument({ ...facts, ...more }), { ...facts, ...more, parsings: [] })
})

t.test('the content of a document is that of its upload', async t => {
  const inspection = { mime: 'application/pdf', pageCount: 12, failure: null }
  const sha256 = 'b'.repeat(64)
  const inspected = documentContent(documentOf('tmp/a.pdf', uploadOf({ size: 5, sha256, inspection })))
  t.same(inspected, { mime: 'application/pdf', size: 5, sha256, pageCount: 12 })
  const notInspected = documentContent(documentOf('tmp/a.pdf', uploadOf({ size: 5, sha256 })))
  t.same(notInspected, { mime: 'application/pdf', size: 5, sha256, pageCount: notInspected.pageCount })
})

t.test('without an upload the content is generated from the key, the same every time', async () => {
  fc.assert(fc.property(fc.string(), name => {
    const { mime, size, sha256, pageCount } = documentContent(documentOf(`tmp/${name}.pdf`))
    return mime === 'application/pdf' && size >= 20_000 && size < 500_000 &&
      /^[0-9a-f]{64}$/.test(sha256) && pageCount >= 1 && pageCount <= 4 &&
      JSON.stringify(documentContent(documentOf(`tmp/${name}.pdf`))) === JSON.stringify({ mime, size, sha256, pageCount })
  }))
})

t.test('application/octet-stream gives way to the type of the bytes, or else of the name', async t => {
  const octets = 'application/octet-stream'
  const mimeOf = (key: string, contentType: string | null, actual: string | null = null): string => {
    const inspection = actual === null ? null : { mime: actual, pageCount: 1, failure: null }
    return documentContent(documentOf(key, contentType === null ? null : uploadOf({ contentType, inspection }))).mime
  }
  t.equal(mimeOf('tmp/a.pdf', 'image/png', 'image/jpeg'), 'image/png')
  t.equal(mimeOf('tmp/a.pdf', octets, 'image/jpeg'), 'image/jpeg')
  t.equal(mimeOf('tmp/a.pdf', octets, octets), 'application/pdf')
  t.equal(mimeOf('tmp/a.png', octets), 'image/png')
  t.equal(mimeOf('tmp/a.png', 'application/x-download'), 'image/png')
  t.equal(mimeOf('tmp/a.png', 'application/x-foo'), 'application/x-foo')
  t.equal(mimeOf('tmp/a.png', 'application/x-foo', 'image/jpeg'), 'image/jpeg')
  t.equal(mimeOf('tmp/a.png', 'application/x-pdf', 'application/pdf'), 'application/x-pdf')
  t.equal(mimeOf('tmp/a.png', null), 'image/png')
  t.equal(mimeOf('tmp/a', null), octets)
})

t.test('the scripted number of pages of the last parsing replaces that of the upload', async t => {
  const [{ parsings: [parsing] }] = sessionWith({ parse: { pages: 7 } }).documents
  const upload = uploadOf({ inspection: { mime: 'application/pdf', pageCount: 12, failure: null } })
  const scripted = parsing as Parsing
  const second = { ...scripted, index: 1, plan: { ...scripted.plan, pages: null } }
  t.equal(documentContent({ ...documentOf('tmp/a.pdf', upload), parsings: [scripted] }).pageCount, 7)
  t.equal(documentContent({ ...documentOf('tmp/a.pdf', upload), parsings: [scripted, second] }).pageCount, 12)
})
