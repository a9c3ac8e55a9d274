import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { withArchive, type ArchiveLimits } from '../../src/text-extraction/archive.ts'
import { Unreadable } from '../../src/text-extraction/unreadable.ts'
import { zipOf, type SampleFile } from '../samples.ts'

const MIB = 1024 * 1024

/** The texts of the entries that are called something.txt. */
async function textsOf (t: Test, files: readonly SampleFile[], limits?: ArchiveLimits): Promise<string[]> {
  const path = join(t.testdir(), 'file.zip')
  writeFileSync(path, zipOf(files))
  return await withArchive(path, /\.txt$/, async archive => {
    const texts: string[] = []
    for (const name of archive.names) texts.push(await text(archive.text(name)))
    return texts
  }, limits)
}

t.test('the entries that are wanted are read, in the order of the archive', async t => {
  t.same(await textsOf(t, [{ name: 'b.txt', data: 'Müller' }, { name: 'x.bin', data: 'x' }, { name: 'a.txt', data: '' }]), ['Müller', ''])
})

t.test('what inflates to too much cannot be read, whatever it says of its size', async t => {
  const limits = { entries: 10, entryBytes: 2 * MIB, bytes: 3 * MIB }
  const data = Buffer.alloc(2 * MIB, ' ')
  t.same((await textsOf(t, [{ name: 'a.txt', data, claimedSize: 10 }, { name: 'b.bin', data }], limits)).map(({ length }) => length), [2 * MIB])
  await t.rejects(textsOf(t, [{ name: 'a.txt', data: Buffer.alloc(2 * MIB + 1), claimedSize: 10 }], limits), new Unreadable('The text of the file inflates to more than 2 MiB: make it smaller.'))
  await t.rejects(textsOf(t, [{ name: 'a.txt', data }, { name: 'b.txt', data }], limits), new Unreadable('The text of the file inflates to more than 3 MiB: make it smaller.'))
})

t.test('an archive of too many entries cannot be read, whether they are wanted or not', async t => {
  const files = ['1', '2', '3'].map(name => ({ name, data: '' }))
  t.same(await textsOf(t, files, { entries: 3, entryBytes: MIB, bytes: MIB }), [])
  await t.rejects(textsOf(t, files, { entries: 2, entryBytes: MIB, bytes: MIB }), new Unreadable('The file has more than 2 entries: make it smaller.'))
})
