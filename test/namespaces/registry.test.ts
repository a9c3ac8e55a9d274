import t from 'tap'
import { createNamespaceRegistry } from '../../src/namespaces/registry.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { openUploadedFiles } from '../../src/store/uploaded-files.ts'
import { PACE, seedData } from '../helper.ts'

t.test('each namespace has its own clock and records, created on first use', async t => {
  const files = await openUploadedFiles()
  const store = createMemoryStore({ seedData })
  const namespaces = createNamespaceRegistry({ store, files, seed: '1', pace: PACE, uploadPolicy: 'lenient', clock: { mode: 'auto', at: 0 } })
  t.equal(await namespaces.find('one'), undefined)
  const [one, other] = [await namespaces.open('one'), await namespaces.open('other')]
  t.equal(await namespaces.open('one'), one)
  t.equal(await namespaces.find('one'), one)
  t.equal(one.name, 'one')
  await one.observe('x', () => 5)
  await one.observe('x', () => 5)
  t.same([(await one.clock()).now, (await other.clock()).now], [5, 0])
  await one.records.countOccurrence('x')
  t.equal(await other.records.countOccurrence('x'), 0)
})

t.test('a prepared namespace is invisible until it is published, and gives way to one that was published first', async t => {
  const files = await openUploadedFiles()
  const store = createMemoryStore({ seedData })
  const namespaces = createNamespaceRegistry({ store, files, seed: '1', pace: PACE, uploadPolicy: 'lenient', clock: { mode: 'frozen', at: 0 } })
  const [first, second] = [await namespaces.prepare('one'), await namespaces.prepare('one')]
  t.equal(await namespaces.find('one'), undefined)
  t.same(await namespaces.list(), [])
  t.equal(await namespaces.publish(first), first)
  t.equal(await namespaces.publish(second), first)
  t.equal(await namespaces.find('one'), first)
})
