import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import t from 'tap'
import { BlobTooLarge, createBlobs } from '../../src/store/blobs.ts'
import { until } from '../until.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

t.test('stores bytes once, under their SHA-256, in a folder per namespace', async t => {
  const folder = t.testdir()
  const blobs = createBlobs(folder)
  const [one, two] = [blobs.namespace('one'), blobs.namespace('two')]
  t.same(await one.receive(Readable.from([Buffer.from('hel'), Buffer.from('lo')]), 5), { size: 5, sha256: sha256('hello') })
  await one.receive(Readable.from([Buffer.from('hello')]), 5)
  await two.receive(Readable.from([]), 5)
  t.same(readdirSync(join(folder, 'blobs/one/0')), [sha256('hello')])
  t.equal(readFileSync(join(folder, 'blobs/one/0', sha256('hello')), 'utf8'), 'hello')
  t.same(readdirSync(join(folder, 'blobs/two/0')), [sha256('')])
  t.equal(statSync(join(folder, 'blobs/one/0', sha256('hello'))).mode & 0o777, 0o600)
  await blobs.close()
  t.ok(existsSync(join(folder, 'blobs/one/0')), 'a configured folder is not removed')
})

t.test('an upload that is too large or breaks off leaves nothing', async t => {
  const folder = t.testdir()
  const blobs = createBlobs(folder).namespace('one')
  const source = Readable.from([Buffer.from('hello'), Buffer.from('!'), Buffer.from('!')])
  await t.rejects(blobs.receive(source, 5), new BlobTooLarge('more than 5 bytes'))
  t.equal(source.destroyed, false, 'the source stream is not destroyed')
  const broken = new Readable({ read () { this.destroy(new Error('gone')) } })
  await t.rejects(blobs.receive(broken, 5), { message: 'gone' })
  t.same(readdirSync(join(folder, 'blobs/one/0')), [])
})

t.test('a dropped folder disappears after the last upload, and later uploads are not affected', async t => {
  const folder = t.testdir()
  const blobs = createBlobs(folder)
  const old = blobs.namespace('one')
  await old.receive(Readable.from([Buffer.from('a')]), 5)
  const slow = new PassThrough()
  const underWay = old.receive(slow, 5)
  await old.drop()
  const next = blobs.namespace('one')
  await next.receive(Readable.from([Buffer.from('b')]), 5)
  t.same(readdirSync(join(folder, 'blobs/one')).sort(), ['0', '1'])
  slow.end('c')
  t.same(await underWay, { size: 1, sha256: sha256('c') })
  t.same(readdirSync(join(folder, 'blobs/one')), ['1'])
  t.same(readdirSync(join(folder, 'blobs/one/1')), [sha256('b')])
  await t.resolves(blobs.namespace('unused').drop())
})

t.test('stores extracted text beside the bytes, and finds it again', async t => {
  const folder = t.testdir()
  const blobs = createBlobs(folder)
  const store = blobs.namespace('one')
  const pages = [[{ type: 'heading' as const, content: 'Invoice' }], []]
  await store.keepPages(sha256('a'), pages)
  t.equal(await store.findPages(sha256('a')), undefined, 'text without stored bytes is not kept')
  await store.receive(Readable.from([Buffer.from('a')]), 5)
  t.equal(await store.findPages(sha256('a')), undefined)
  await store.keepPages(sha256('a'), pages)
  t.same(await store.findPages(sha256('a')), pages)
  await Promise.all([1, 2, 3].map(async () => { await store.keepPages(sha256('a'), [[{ type: 'paragraph', content: 'again' }]]) }))
  t.same(await store.findPages(sha256('a')), [[{ type: 'paragraph', content: 'again' }]])
  t.same(readdirSync(join(folder, 'blobs/one/0')).sort(), [sha256('a'), `${sha256('a')}.pages.json`])
  await blobs.namespace('two').receive(Readable.from([Buffer.from('a')]), 5)
  t.equal(await blobs.namespace('two').findPages(sha256('a')), undefined)
  mkdirSync(join(folder, 'blobs/one/0', `${sha256('b')}.pages.json`))
  await t.rejects(store.findPages(sha256('b')), { code: 'EISDIR' })
})

t.test('adopts bytes and texts of another namespace, without uploads in progress', async t => {
  const folder = t.testdir()
  const blobs = createBlobs(folder)
  const [source, target, empty] = [blobs.namespace('source'), blobs.namespace('target'), blobs.namespace('empty')]
  await target.adopt(empty)
  t.equal(await target.folder(), undefined, 'an empty namespace creates no folder')
  await source.receive(Readable.from([Buffer.from('a')]), 5)
  await source.keepPages(sha256('a'), [[]])
  const slow = new PassThrough()
  const underWay = source.receive(slow, 5)
  slow.write('c')
  await until('the file is being written', async () => readdirSync(String(await source.folder())).length === 3)
  await target.adopt(source)
  slow.end()
  await underWay
  t.equal(await target.folder(), join(folder, 'blobs/target/0'))
  t.same(readdirSync(join(folder, 'blobs/target/0')).sort(), [sha256('a'), `${sha256('a')}.pages.json`])
  await source.drop()
  t.same(readFileSync(join(folder, 'blobs/target/0', sha256('a')), 'utf8'), 'a')
  t.same(await target.findPages(sha256('a')), [[]])
})

t.test('without a folder, creates a private one on first use and removes it at the end', async t => {
  const { TMPDIR } = process.env
  t.teardown(() => { process.env['TMPDIR'] = TMPDIR ?? '/tmp' })
  const folder = process.env['TMPDIR'] = t.testdir()
  const unused = createBlobs()
  const blobs = createBlobs()
  t.same(readdirSync(folder), [])
  await Promise.all(['a', 'b'].map(async name => await blobs.namespace(name).receive(Readable.from([Buffer.from('x')]), 5)))
  const [made = '', ...more] = readdirSync(folder)
  t.match(made, /^raydocs-mock-/)
  t.same(more, [])
  t.equal(statSync(join(folder, made)).mode & 0o777, 0o700)
  await blobs.close()
  await unused.close()
  t.same(readdirSync(folder), [])
})
