import t from 'tap'
import fc from 'fast-check'
import { filenameOfKey, isFileKey, isFilename, mimeOfFilename } from '../../../src/domain/files/file-key.ts'

t.test('a file key is tmp/ and a name', async t => {
  const keys = [
    'tmp/a', 'tmp/abc123-invoice.pdf', 'tmp/5f0c7c1e-8d0b-4e57-9d53-3f1f2a6a0b1c', 'tmp/größe 1.pdf', 'tmp/👍.pdf', 'tmp/in/depth.pdf',
    `tmp/${'x'.repeat(1020)}`
  ]
  const others = [
    '', 'tmp', 'tmp/', 'tmp/a/', '/tmp/a', 'TMP/a', 'uploads/a.pdf', '../etc/passwd', 'tmp/../x', 'tmp/a..b', 'tmp/a\u0000', 'tmp/a\n',
    'tmp/\u0085', 'tmp/\ud800', `tmp/${'x'.repeat(1021)}`
  ]
  for (const key of keys) t.ok(isFileKey(key), key)
  for (const key of others) t.notOk(isFileKey(key), JSON.stringify(key))
})

t.test('the check of a file key never throws', async () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => typeof isFileKey(`tmp/${text}`) === 'boolean'))
})

t.test('the filename in a key is without tmp/ and without the unique prefix', async t => {
  const names: Array<[string, string]> = [
    ['tmp/abc123-invoice1.pdf', 'invoice1.pdf'],
    ['tmp/my-file.pdf', 'my-file.pdf'],
    ['tmp/5f0c7c1e-8d0b-4e57-9d53-3f1f2a6a0b1c-scan.png', 'scan.png'],
    ['tmp/5F0C7C1E-8D0B-4E57-9D53-3F1F2A6A0B1C-scan.png', 'scan.png'],
    ['tmp/5f0c7c1e-8d0b-4e57-9d53-3f1f2a6a0b1c', '5f0c7c1e-8d0b-4e57-9d53-3f1f2a6a0b1c'],
    ['tmp/abc12-file.pdf', 'abc12-file.pdf'],
    ['tmp/abcdef-file.pdf', 'abcdef-file.pdf'],
    ['tmp/123456-file.pdf', 'file.pdf'],
    ['tmp/abc123-', 'abc123-'],
    ['tmp/abc123-def456-file.pdf', 'def456-file.pdf'],
    ['tmp/a/b/abc123-file.pdf', 'file.pdf']
  ]
  for (const [key, name] of names) t.equal(filenameOfKey(key), name, key)
})

t.test('the filename in a key is never empty', async () => {
  fc.assert(fc.property(fc.string(), name => !isFileKey(`tmp/${name}`) || filenameOfKey(`tmp/${name}`).length > 0))
})

t.test('filenames have no path and no control characters', async t => {
  for (const name of ['a', 'Rechnung März.pdf', '...', 'x'.repeat(255)]) t.ok(isFilename(name), name)
  const others = ['', '.', '..', 'a/b', 'a\\b', 'a\u0000', '\ud800', 'x'.repeat(256)]
  for (const name of others) t.notOk(isFilename(name), JSON.stringify(name))
})

t.test('derives the media type from the extension, in upper or lower case', async t => {
  const names = ['a.pdf', 'A.PDF', 'a.docx', 'a.doc', 'a.pptx', 'a.png', 'a.jpg', 'a.jpeg', 'a.tiff', 'a.exe', 'pdf.', '']
  t.same(names.map(mimeOfFilename), [
    'application/pdf',
    'application/pdf',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/msword',
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    'image/png',
    'image/jpeg',
    'image/jpeg',
    'image/tiff',
    'application/octet-stream',
    'application/octet-stream',
    'application/octet-stream'
  ])
})
