import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { BlobTooLarge, createBlobs } from '../../src/store/blobs.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

t.test('bytes are kept under their SHA-256, once, in a folder for each namespace', async t => {
  const folder = t.testdir()
  const blobs = createBlobs(folder)
  t.same(await blobs.receive('one', Readable.from([Buffer.from('hel'), Buffer.from('lo')]), 5), { size: 5, sha256: sha256('hello') })
  await blobs.receive('one', Readable.from([Buffer.from('hello')]), 5)
  await blobs.receive('two', Readable.from([]), 5)
  t.same(readdirSync(join(folder, 'blobs/one')), [sha256('hello')])
  t.equal(readFileSync(join(folder, 'blobs/one', sha256('hello')), 'utf8'), 'hello')
  t.same(readdirSync(join(folder, 'blobs/two')), [sha256('')])
  t.equal(statSync(join(folder, 'blobs/one', sha256('hello'))).mode & 0o777, 0o600)
  await blobs.close()
  t.ok(existsSync(join(folder, 'blobs/one')), 'a folder that was given is left as it is')
})

t.test('what is too large, or breaks off, leaves nothing', async t => {
  const folder = t.testdir()
  const blobs = createBlobs(folder)
  const source = Readable.from([Buffer.from('hello'), Buffer.from('!'), Buffer.from('!')])
  await t.rejects(blobs.receive('one', source, 5), new BlobTooLarge('more than 5 bytes'))
  t.equal(source.destroyed, false, 'the source is left open')
  const broken = new Readable({ read () { this.destroy(new Error('gone')) } })
  await t.rejects(blobs.receive('one', broken, 5), { message: 'gone' })
  t.same(readdirSync(join(folder, 'blobs/one')), [])
})

t.test('without a folder, a private one is made when it is first needed and removed at the end', async t => {
  const { TMPDIR } = process.env
  t.teardown(() => { process.env['TMPDIR'] = TMPDIR ?? '/tmp' })
  const folder = process.env['TMPDIR'] = t.testdir()
  const unused = createBlobs()
  const blobs = createBlobs()
  t.same(readdirSync(folder), [])
  await Promise.all(['a', 'b'].map(async text => await blobs.receive('one', Readable.from([Buffer.from(text)]), 5)))
  const [made = '', ...more] = readdirSync(folder)
  t.match(made, /^raydocs-mock-/)
  t.same(more, [])
  t.equal(statSync(join(folder, made)).mode & 0o777, 0o700)
  await blobs.close()
  await unused.close()
  t.same(readdirSync(folder), [])
})
