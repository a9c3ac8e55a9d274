import t from 'tap'
import { MemoryRows } from '../../src/store/memory-rows.ts'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { storeContract } from './contract.ts'

storeContract(t, async (_, seedData, options) => createMemoryStore({ seedData, ...options }))

t.test('a transaction reads what it has written, and the versions from before', async t => {
  const rows = new MemoryRows(() => 0)
  const seen = await rows.write(transaction => {
    const before = transaction.version('counter')
    transaction.put('counter', 'a', 1)
    return [before, transaction.get('counter', 'a'), transaction.version('counter')]
  })
  t.strictSame(seen, [0, 1, 0])
  t.equal(await rows.read(view => view.version('counter')), 1)
})
