import t from 'tap'
import { createBlobs } from '../../src/store/blobs.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { createNamespaceRegistry } from '../../src/namespaces/registry.ts'
import { PACE, seedData } from '../helper.ts'

t.test('each namespace has a clock and records of its own, made when it is first asked for', async t => {
  const world = createNamespaceRegistry({ seed: '1', pace: PACE, uploads: 'lenient', clock: { mode: 'auto', at: 0 }, store: createMemoryStore(seedData), blobs: createBlobs() })
  const [one, other] = [(await namespaces.open('one')), (await namespaces.open('other'))]
  t.equal((await namespaces.open('one')), one)
  t.equal(one.name, 'one')
  one.clock.observe('x', () => 5)
  one.clock.observe('x', () => 5)
  t.same([one.clock.now(), other.clock.now()], [5, 0])
  await one.store.countOccurrence('x')
  t.equal(await other.store.countOccurrence('x'), 0)
})
