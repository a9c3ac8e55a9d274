import type { Test } from 'tap'
import type { Incarnation } from '../../../src/store/store.ts'
import { batchKey } from '../../../src/domain/lifecycle/batch.ts'
import { all, batch, head, world, type MakeStore } from './fixtures.ts'

/** The rows of a namespace. */
export function rowContract (t: Test, make: MakeStore): void {
  async function draft (t: Test): Promise<Incarnation> {
    return await (await make(t, world)).draft('one', {})
  }

  t.test('a write finds what it has put and lists the rows from before', async t => {
    const { rows } = await draft(t)
    await rows.write(transaction => { transaction.put('counter', 'a', 1) })
    const seen = await rows.write(transaction => {
      transaction.put('counter', 'a', 2)
      transaction.put('counter', 'b', 3)
      transaction.put('counter', 'b', 4)
      return [transaction.get('counter', 'a'), transaction.get('counter', 'b'), [...transaction.list('counter')]]
    })
    t.same(seen, [2, 4, [['a', 1]]])
    t.same(await rows.read(view => [...view.list('counter')]), [['a', 2], ['b', 4]])
  })

  t.test('a failed write applies nothing', async t => {
    const { rows } = await draft(t)
    await rows.write(transaction => { transaction.put('counter', 'a', 1) })
    await t.rejects(rows.write(transaction => {
      transaction.put('counter', 'a', 2)
      transaction.put('counter', 'b', 3)
      throw new Error('failed')
    }), new Error('failed'))
    t.same(await rows.read(view => [...view.list('counter')]), [['a', 1]])
  })

  t.test('simultaneous writes apply one after another', async t => {
    const { rows } = await draft(t)
    const counted = await Promise.all(Array.from({ length: 10 }, async () => await rows.write(transaction => {
      const count = (transaction.get('counter', 'a') ?? 0) + 1
      transaction.put('counter', 'a', count)
      return count
    })))
    t.same(counted.sort((a, b) => a - b), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  t.test('rejects as a computation throws', async t => {
    const { rows } = await draft(t)
    await t.rejects(rows.read(() => { throw new Error('failed') }), new Error('failed'))
  })

  t.test('rows are listed and streamed in the order in which they were added', async t => {
    const store = await make(t, world)
    const one = await store.draft('one', {})
    for (const key of ['b', 'a', 'c', 'a']) await one.rows.write(transaction => { transaction.put('counter', key, 1) })
    const fork = await store.draft('fork', { from: one })
    for (const key of ['d', 'b']) await fork.rows.write(transaction => { transaction.put('counter', key, 2) })
    for (const [{ rows }, expected] of [[one, [['b', 1], ['a', 1], ['c', 1]]], [fork, [['b', 2], ['a', 1], ['c', 1], ['d', 2]]]] as const) {
      t.same(await rows.read(view => [...view.list('counter')]), expected)
      t.same(await all(rows.scan('counter')), expected)
    }
    t.same(await all(one.rows.scan('seen')), [])
  })

  t.test('a stream holds every row once, even if rows are added and the namespace is forked meanwhile', async t => {
    const store = await make(t, world)
    const one = await store.draft('one', {})
    const keys = Array.from({ length: 20 }, (_, index) => `row ${index}`)
    await one.rows.write(transaction => { for (const key of keys) transaction.put('counter', key, 1) })
    const seen: string[] = []
    for await (const [key] of one.rows.scan('counter')) {
      seen.push(key)
      if (keys.includes(key)) await one.rows.write(transaction => { transaction.put('counter', `after ${key}`, 1) })
      await store.draft('fork', { from: one })
    }
    t.same(seen.filter(key => keys.includes(key)), keys)
    t.equal(new Set(seen).size, seen.length)
  })

  t.test('each change of a kind of rows gives it a version that it never had', async t => {
    const { rows } = await draft(t)
    const versions = new Set([await rows.read(view => view.version('counter'))])
    for (const [key, value] of [['a', 1], ['a', 2], ['b', 1]] as const) {
      await rows.write(transaction => { transaction.put('counter', key, value) })
      versions.add(await rows.read(view => view.version('counter')))
    }
    t.equal(versions.size, 4)
    t.equal(await rows.read(view => view.version('counter')), [...versions][3], 'reading is no change')
    const before = await rows.read(view => view.version('batch'))
    await rows.addBatch(batch)
    t.not(await rows.read(view => view.version('batch')), before)
  })

  t.test('wall time does not go backwards', async t => {
    const wall = { now: 1_000 }
    const store = await make(t, world, { wallClock: () => wall.now })
    const [one, other] = [await store.draft('one', {}), await store.draft('other', {})]
    const read = async (): Promise<number[]> => [
      await one.rows.read(view => view.wallTime),
      await one.rows.write(transaction => transaction.wallTime),
      await other.rows.read(view => view.wallTime)
    ]
    t.same(await read(), [1_000, 1_000, 1_000])
    wall.now = 2_000
    t.same(await read(), [2_000, 2_000, 2_000])
    wall.now = 1_500
    t.same(await read(), [2_000, 2_000, 2_000])
  })

  t.test('a batch is completed under the key that it was given', async t => {
    const { rows } = await draft(t)
    for (const occurrence of [0, 1, 2]) {
      const key = await rows.addBatch(batch, (transaction, key) => {
        t.same(transaction.get('batch', key), batch)
        transaction.put('counter', key, occurrence)
      })
      t.equal(key, batchKey(head, occurrence))
      t.same(await rows.read(view => [view.get('batch', key), view.get('counter', key)]), [batch, occurrence])
    }
  })

  t.test('a batch that cannot be completed is not added, and its key is given to the next one', async t => {
    const { rows } = await draft(t)
    for (const occurrence of [0, 1, 2]) {
      const before = await rows.read(view => [...view.list('batch'), ...view.list('counter')])
      await t.rejects(rows.addBatch(batch, transaction => {
        transaction.put('counter', 'a', 1)
        throw new Error('failed')
      }), new Error('failed'))
      t.same(await rows.read(view => [...view.list('batch'), ...view.list('counter')]), before)
      t.equal(await rows.addBatch(batch), batchKey(head, occurrence))
    }
  })
}
