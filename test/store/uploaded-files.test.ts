import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { FileTooLarge, openUploadedFiles, replaceFile, type UploadedFiles } from '../../src/store/uploaded-files.ts'
import { withoutLoaders } from '../children.ts'
import { until } from '../until.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

async function receive (files: UploadedFiles, text: string): Promise<string> {
  return await files.receive(Readable.from([Buffer.from(text)]), 100, async ({ sha256 }) => sha256)
}

async function open (t: Test, content: Parameters<Test['testdir']>[0] = {}): Promise<{ files: UploadedFiles, folder: string, blobs: () => string[], texts: () => string[] }> {
  const folder = t.testdir(content)
  const listed = (name: string): string[] => existsSync(join(folder, name)) ? readdirSync(join(folder, name)).sort() : []
  return { files: await openUploadedFiles(folder), folder, blobs: () => listed('blobs'), texts: () => listed('texts') }
}

t.test('keeps one file for each content, readable by its owner alone', async t => {
  const { files, folder, blobs } = await open(t)
  const received = await files.receive(Readable.from([Buffer.from('hel'), Buffer.from('lo')]), 5, async file => file)
  t.same(received, { size: 5, sha256: sha256('hello'), path: join(folder, 'blobs', sha256('hello')) })
  await receive(files, 'hello')
  t.same(blobs(), [sha256('hello')])
  t.equal(readFileSync(received.path, 'utf8'), 'hello')
  t.equal(statSync(received.path).mode & 0o777, 0o600)
  t.equal(await files.folder(), join(folder, 'blobs'))
  await files.close()
  await files.sweep(async () => new Set())
  t.same(blobs(), [sha256('hello')], 'a folder that the caller named is neither removed nor swept after that')
})

t.test('keeps nothing of a file that is too large or breaks off, and leaves the source open', async t => {
  const { files, blobs } = await open(t)
  const source = Readable.from([Buffer.from('hello'), Buffer.from('!'), Buffer.from('!')])
  await t.rejects(files.receive(source, 5, async () => {}), new FileTooLarge('more than 5 bytes'))
  t.equal(source.destroyed, false)
  const broken = new Readable({ read () { this.destroy(new Error('gone')) } })
  await t.rejects(files.receive(broken, 5, async () => {}), { message: 'gone' })
  t.same(blobs(), [])
})

t.test('rejects as the use of a file does, and keeps the file for the next sweep', async t => {
  const { files, blobs } = await open(t)
  await t.rejects(files.receive(Readable.from([Buffer.from('a')]), 5, async () => { throw new Error('no record') }), { message: 'no record' })
  t.same(blobs(), [sha256('a')])
  await files.sweep(async () => new Set())
  t.same(blobs(), [])
})

t.test('keeps the text of a file by its bytes and its media type', async t => {
  const { files } = await open(t)
  const [one, other] = [[[{ type: 'heading' as const, content: 'Invoice' }], []], [[{ type: 'paragraph' as const, content: 'Invoice' }]]]
  await files.keepText(sha256('a'), 'text/plain', one)
  await files.keepText(sha256('a'), 'application/pdf', other)
  t.same(await files.findText(sha256('a'), 'text/plain'), one)
  t.same(await files.findText(sha256('a'), 'application/pdf'), other)
  t.equal(await files.findText(sha256('b'), 'text/plain'), undefined)
})

t.test('a sweep removes the files that no record refers to, with their texts', async t => {
  const { files, blobs, texts } = await open(t)
  const [kept, removed] = [await receive(files, 'kept'), await receive(files, 'removed')]
  for (const digest of [kept, removed]) await files.keepText(digest, 'text/plain', [])
  await files.sweep(async () => new Set([kept]))
  t.same(blobs(), [kept])
  t.equal(texts().length, 1)
  t.same(await files.findText(kept, 'text/plain'), [])
  t.equal(await files.findText(removed, 'text/plain'), undefined)
})

t.test('a sweep keeps files in use, files that arrive meanwhile, and uploads under way', async t => {
  const { files, blobs } = await open(t)
  const slow = new PassThrough()
  const underWay = files.receive(slow, 100, async ({ sha256 }) => sha256)
  await files.receive(Readable.from([Buffer.from('twice')]), 100, async () => {
    await receive(files, 'twice')
    await files.sweep(async () => new Set())
    t.equal(blobs().length, 2, 'a file that two requests use, and the one that is still arriving')
  })
  await files.sweep(async () => {
    await receive(files, 'meanwhile')
    return new Set()
  })
  t.ok(blobs().includes(sha256('meanwhile')))
  t.notOk(blobs().includes(sha256('twice')))
  slow.end('slow')
  t.equal(await underWay, sha256('slow'))
  t.ok(blobs().includes(sha256('slow')))
})

t.test('a sweep keeps a file that arrived again during an earlier sweep', async t => {
  const { files, blobs } = await open(t)
  await receive(files, 'again')
  let later: Promise<void> | undefined
  await files.sweep(async () => {
    await receive(files, 'again')
    later = files.sweep(async () => new Set([sha256('again')]))
    return new Set()
  })
  await later
  t.same(blobs(), [sha256('again')])
})

t.test('a sweep that learns of no references removes nothing, and the next one does its work', async t => {
  const { files, blobs } = await open(t)
  await receive(files, 'a')
  await t.rejects(files.sweep(async () => { throw new Error('no records') }), new Error('no records'))
  t.same(blobs(), [sha256('a')])
  await files.sweep(async () => new Set())
  t.same(blobs(), [])
})

t.test('rejects a sweep that cannot remove something, and goes on to receive files', async t => {
  const { files, folder, blobs } = await open(t)
  await files.folder()
  mkdirSync(join(folder, 'blobs', 'folder'))
  await t.rejects(files.sweep(async () => new Set()), { code: 'ERR_FS_EISDIR' })
  t.equal(await receive(files, 'a'), sha256('a'))
  t.same(blobs(), [sha256('a'), 'folder'].sort())
})

t.test('a sweep without files asks for no references', async t => {
  const { files } = await open(t)
  await files.sweep(async () => { throw new Error('must not be called') })
  const temporary = await openUploadedFiles()
  await temporary.sweep(async () => { throw new Error('must not be called') })
  await temporary.close()
})

t.test('opening removes what a killed process left, and moves files of version 0.1 to their place', async t => {
  const digest = sha256('old')
  const { files, blobs, texts } = await open(t, {
    blobs: { 'x.incoming': 'half', default: { 0: { [digest]: 'old', [`${digest}.pages.json`]: '[]', 'y.incoming': 'half' } } },
    texts: { 'z.incoming': 'half', [`${digest}-0.json`]: '[]' }
  })
  t.same(blobs(), [digest])
  t.same(texts(), [`${digest}-0.json`])
  t.equal(readFileSync(join(await files.folder(), digest), 'utf8'), 'old')
})

t.test('makes its folder again when something outside removed it', async t => {
  const { files, folder, blobs } = await open(t)
  await receive(files, 'a')
  rmSync(join(folder, 'blobs'), { recursive: true })
  t.equal(await receive(files, 'b'), sha256('b'))
  t.same(blobs(), [sha256('b')])
})

t.test('keeps nothing of an upload whose folder disappears, and the same bytes can arrive and be swept later', async t => {
  const { files, folder, blobs } = await open(t)
  const slow = new PassThrough()
  const underWay = files.receive(slow, 100, async () => {})
  await until('the upload has begun', () => blobs().length === 1)
  rmSync(join(folder, 'blobs'), { recursive: true })
  slow.end('slow')
  await t.rejects(underWay, { code: 'ENOENT' })
  await receive(files, 'slow')
  t.same(blobs(), [sha256('slow')])
  await files.sweep(async () => new Set())
  t.same(blobs(), [])
})

t.test('keeps nothing of a file that does not fit on the disk', async t => {
  const folder = t.testdir({})
  // A process that may write 64 KiB to a file: its error differs from that of a full disk in the code alone.
  const limited = withoutLoaders('sh', ['-c', 'ulimit -f 128 && exec "$@"', 'sh', process.execPath, '--import=./test/loader/register.js', '--input-type=module', '--eval', `
    import { Readable } from 'node:stream'
    import { openUploadedFiles } from './src/store/uploaded-files.ts'
    const files = await openUploadedFiles(process.argv[1])
    const receive = async count => await files.receive(Readable.from(Array(count).fill(Buffer.alloc(1024))), Infinity, async ({ size }) => size).catch(({ code }) => code)
    console.log(JSON.stringify([await receive(65), await receive(64)]))
  `, folder])
  const { stdout } = await promisify(execFile)(...limited, { timeout: 30_000 })
  t.same(JSON.parse(stdout), ['EFBIG', 65_536])
  t.same(readdirSync(join(folder, 'blobs')), [sha256('\0'.repeat(65_536))])
})

t.test('a temporary folder is removed on close, and a later sweep does nothing', async t => {
  const files = await openUploadedFiles()
  await receive(files, 'a')
  const folder = await files.folder()
  t.same(readdirSync(folder), [sha256('a')])
  await files.close()
  await files.sweep(async () => new Set())
  t.notOk(existsSync(folder))
})

t.test('closing waits for the sweep that is under way', async t => {
  const files = await openUploadedFiles()
  await receive(files, 'a')
  const folder = await files.folder()
  let closed: Promise<void> | undefined
  await files.sweep(async () => {
    closed = files.close()
    return new Set()
  })
  await closed
  t.notOk(existsSync(dirname(folder)))
})

t.test('replaces a file as a whole, or leaves it as it was', async t => {
  const folder = t.testdir({ file: 'old', folder: { inner: '' } })
  await replaceFile(join(folder, 'file'), 'new')
  t.equal(readFileSync(join(folder, 'file'), 'utf8'), 'new')
  await t.rejects(replaceFile(join(folder, 'folder'), 'new'))
  t.same(readdirSync(folder).sort(), ['file', 'folder'], 'no temporary file is left')
})

t.test('rejects a folder that cannot be read', async t => {
  await t.rejects(openUploadedFiles(t.testdir({ blobs: 'a file' })), { code: 'ENOTDIR' })
})

t.test('finds no text that was removed outside, and rejects for one that cannot be read', async t => {
  const { files, folder, texts } = await open(t)
  await files.keepText(sha256('a'), 'text/plain', [])
  const path = join(folder, 'texts', String(texts()[0]))
  rmSync(path)
  t.equal(await files.findText(sha256('a'), 'text/plain'), undefined)
  mkdirSync(path)
  await t.rejects(files.findText(sha256('a'), 'text/plain'), { code: 'EISDIR' })
})
