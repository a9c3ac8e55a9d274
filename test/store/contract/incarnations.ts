import type { Test } from 'tap'
import { batchKey } from '../../../src/domain/lifecycle/batch.ts'
import { createRecords } from '../../../src/store/repository.ts'
import { MAX_NAMESPACES, TooManyNamespaces } from '../../../src/store/store.ts'
import { uploadOf } from '../../domain/records.ts'
import { addSession, batch, documentOf, head, idsOf, takeIn, UNKNOWN, world, type MakeStore } from './fixtures.ts'

/** Rows, and namespaces from one reset to the next. */
export function incarnationContract (t: Test, make: MakeStore): void {
  t.test('a write sees what it has put, and applies nothing if it fails', async t => {
    const store = await make(t, world)
    const { rows } = await store.draft('one', {})
    const seen = await rows.write(transaction => {
      transaction.put('counter', 'x', 1)
      transaction.put('counter', 'x', 2)
      return transaction.get('counter', 'x')
    })
    t.equal(seen, 2)
    await t.rejects(rows.write(transaction => {
      transaction.put('counter', 'x', 3)
      transaction.put('counter', 'y', 1)
      throw new Error('failed')
    }), new Error('failed'))
    t.same(await rows.read(view => [view.get('counter', 'x'), view.get('counter', 'y')]), [2, undefined])
  })

  t.test('a batch is completed under the key that it was given', async t => {
    const store = await make(t, world)
    const { rows } = await store.draft('one', {})
    for (const occurrence of [0, 1, 2]) {
      const key = await rows.addBatch(batch, (transaction, key) => { transaction.put('counter', key, occurrence) })
      t.equal(key, batchKey(head, occurrence))
      t.same(await rows.read(view => [view.get('batch', key), view.get('counter', key)]), [batch, occurrence])
    }
  })

  t.test('a draft is invisible until it is published', async t => {
    const store = await make(t, world)
    const draft = await store.draft('one', {})
    t.same([await store.find('one'), await store.list()], [undefined, []])
    t.equal(await store.publish(draft, { replace: false }), draft)
    t.equal(await store.find('one'), draft)
    const other = await store.publish(await store.draft('other', {}), { replace: true })
    t.same((await store.list()).map(({ name }) => name), ['one', 'other'])
    t.equal((await store.list())[1], other)
  })

  t.test('publishing a draft replaces the namespace of its name only if asked to', async t => {
    const store = await make(t, world)
    const old = await store.publish(await store.draft('one', {}), { replace: false })
    const draft = await store.draft('one', {})
    let dropped = 0
    old.events.on('dropped', () => { dropped++ })
    t.equal(await store.publish(draft, { replace: false }), old)
    t.equal(await store.find('one'), old)
    t.equal(dropped, 0)
    t.equal(await store.publish(draft, { replace: true }), draft)
    t.equal(await store.find('one'), draft)
    t.equal(dropped, 1)
  })

  t.test('simultaneous drafts of a name become one namespace', async t => {
    const store = await make(t, world)
    const drafts = await Promise.all([1, 2, 3].map(async () => await store.draft('one', {})))
    const published = await Promise.all(drafts.map(async draft => await store.publish(draft, { replace: false })))
    t.equal(new Set(published).size, 1)
    t.equal(await store.find('one'), published[0])
    t.equal((await store.list()).length, 1)
  })

  t.test('holders of an incarnation that was replaced or dropped continue with it alone', async t => {
    const store = await make(t, world)
    const first = await store.publish(await store.draft('one', {}), { replace: false })
    const second = await store.publish(await store.draft('one', {}), { replace: true })
    await store.drop('one')
    const third = await store.publish(await store.draft('one', {}), { replace: false })
    for (const [count, { rows }] of [first, second, third].entries()) {
      await rows.write(transaction => { transaction.put('counter', 'x', count) })
    }
    t.same(await Promise.all([first, second, third].map(({ rows }) => rows.read(view => view.get('counter', 'x')))), [0, 1, 2])
  })

  t.test('accepts a limited number of namespaces, and always replaces one', async t => {
    const store = await make(t, { users: [], workspaces: [], templates: [] })
    for (let n = 1; n <= MAX_NAMESPACES; n++) await store.publish(await store.draft(`n${n}`, {}), { replace: false })
    t.equal((await store.list()).length, MAX_NAMESPACES)
    const draft = await store.draft('one more', {})
    for (const replace of [false, true]) await t.rejects(store.publish(draft, { replace }), new TooManyNamespaces())
    const next = await store.draft('n1', {})
    t.equal(await store.publish(next, { replace: true }), next)
    await store.drop('n2')
    t.equal(await store.publish(draft, { replace: false }), draft)
  })

  t.test('names the digests of all uploads and documents', async t => {
    const records = createRecords((await (await make(t, world)).draft('one', {})).rows)
    t.same([...await records.digests()], [])
    await records.putUpload(uploadOf({ sha256: 'b'.repeat(64) }))
    await takeIn(records, null, documentOf('one', 'c'), documentOf('two'))
    t.same([...await records.digests()].sort(), ['b'.repeat(64), 'c'.repeat(64)])
  })

  t.test('finds the sessions of a document', async t => {
    const records = createRecords((await (await make(t, world)).draft('one', {})).rows)
    await records.addBatch(batch)
    const [own] = idsOf('document')
    const march = await addSession(records, 'March')
    await records.attach(march, [own])
    t.same((await records.sessionsOf(own)).map(({ id }) => id).sort(), [idsOf('session')[0], march].sort())
    t.same(await records.sessionsOf(UNKNOWN), [])
  })
}
