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

t.test('a new document was uploaded, goes by the name of its file, and has not been parsed', async t => {
  const facts = { id: 'document', workspaceId: 1, key: 'tmp/a.pdf', upload: null, createdAt: 7 }
  t.same(newDocument(facts), { ...facts, filename: null, source: UPLOADED, parsings: [] })
  const more = { filename: 'March.pdf', source: { type: 'url' as const, url: 'https://example.org/a.pdf' } }
  t.same(newDocument({ ...facts, ...more }), { ...facts, ...more, parsings: [] })
})

t.test('what was uploaded is what a document contains', async t => {
  const inspection = { mime: 'application/pdf', pageCount: 12, failure: null }
  t.same(documentContent(documentOf('tmp/a.pdf', uploadOf({ size: 5, sha256: 'b'.repeat(64), inspection }))), { mime: 'application/pdf', size: 5, sha256: 'b'.repeat(64), pageCount: 12 })
  const unread = documentContent(documentOf('tmp/a.pdf', uploadOf({ size: 5, sha256: 'b'.repeat(64) })))
  t.same(unread, { mime: 'application/pdf', size: 5, sha256: 'b'.repeat(64), pageCount: unread.pageCount })
})

t.test('where nothing was uploaded, the content is made up from the key, the same every time', async () => {
  fc.assert(fc.property(fc.string(), name => {
    const { mime, size, sha256, pageCount } = documentContent(documentOf(`tmp/${name}.pdf`))
    return mime === 'application/pdf' && size >= 20_000 && size < 500_000 && /^[0-9a-f]{64}$/.test(sha256) && pageCount >= 1 && pageCount <= 4 &&
      JSON.stringify(documentContent(documentOf(`tmp/${name}.pdf`))) === JSON.stringify({ mime, size, sha256, pageCount })
  }))
})

t.test('a type that says nothing is told by the bytes, or else by the name', async t => {
  const octets = 'application/octet-stream'
  const mimeOf = (key: string, contentType: string | null, read: string | null = null): string => documentContent(documentOf(key, contentType === null
    ? null
    : uploadOf({ contentType, inspection: read === null ? null : { mime: read, pageCount: 1, failure: null } }))).mime
  t.equal(mimeOf('tmp/a.pdf', 'image/png', 'image/jpeg'), 'image/png')
  t.equal(mimeOf('tmp/a.pdf', octets, 'image/jpeg'), 'image/jpeg')
  t.equal(mimeOf('tmp/a.pdf', octets, octets), 'application/pdf')
  t.equal(mimeOf('tmp/a.png', octets), 'image/png')
  t.equal(mimeOf('tmp/a.png', null), 'image/png')
  t.equal(mimeOf('tmp/a', null), octets)
})

t.test('a document has as many pages as its last parsing was told to find, whatever was uploaded', async t => {
  const [{ parsings: [parsing] }] = sessionWith({ parse: { pages: 7 } }).documents
  const upload = uploadOf({ inspection: { mime: 'application/pdf', pageCount: 12, failure: null } })
  const asked = parsing as Parsing
  t.equal(documentContent({ ...documentOf('tmp/a.pdf', upload), parsings: [asked] }).pageCount, 7)
  t.equal(documentContent({ ...documentOf('tmp/a.pdf', upload), parsings: [asked, { ...asked, index: 1, plan: { ...asked.plan, pages: null } }] }).pageCount, 12)
})
