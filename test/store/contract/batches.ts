import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import fc from 'fast-check'
import { addressesOf, batchHeadOf, batchKey } from '../../../src/domain/lifecycle/batch.ts'
import type { Session } from '../../../src/domain/lifecycle/records.ts'
import { automaticRunOf } from '../../../src/domain/lifecycle/schedule.ts'
import { demoTemplate } from '../../../src/config/demo-data.ts'
import { batchOf, uploadOf } from '../../domain/records.ts'
import { all, requestedAt, batch, files, head, idsOf, UNKNOWN, world, type MakeHarness } from './fixtures.ts'

/** Batches and their sessions. */
export function batchContract (t: Test, make: MakeHarness): void {
  t.test('stores a batch as a whole: each file has its session, document and automatic run', async t => {
    const store = await (await make(t, world)).namespace('default')
    t.equal(await store.addBatch(batch), batchKey(head, 0))
    const sessions = await store.findSessions(idsOf('session'))
    t.same(sessions.map(session => session?.documents.map(({ id, key }) => ({ id, key }))), files.map((key, place) => [{ id: idsOf('document')[place], key }]))
    t.same(sessions.map(session => session?.runs), [[], [], []])
    t.same(sessions.map(session => session?.automaticRun?.id), idsOf('result'))
    for (const [place, session] of sessions.entries()) {
      t.same(await store.findDocuments([String(idsOf('document')[place])]), [{ document: session?.documents[0], runs: [automaticRunOf(session as Session)] }])
      t.same(await store.sessionsOf(String(idsOf('document')[place])), [session])
      t.same(await store.findSessionOfResult(String(idsOf('result')[place])), session)
    }
    t.same(await all(store.sessions()), sessions)
    t.same((await all(store.documents())).map(({ document }) => document.id), idsOf('document'))
  })

  t.test('ids find only records of their kind, and none beyond a batch', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [[session], [document], [result], [next]] = [idsOf('session'), idsOf('document'), idsOf('result'), idsOf('session', 1)]
    t.same(await store.findSessions([document, result, next, addressesOf(batchKey(head, 0), 'session', 4)[3] ?? '']), [undefined, undefined, undefined, undefined])
    t.same(await store.findDocuments([session, result, idsOf('document', 1)[0], addressesOf(batchKey(head, 0), 'document', 4)[3] ?? '']), [undefined, undefined, undefined, undefined])
    t.equal(await store.findSessionOfResult(session), undefined)
    t.equal(await store.findSessionOfResult(document), undefined)
    t.equal(await store.findSessionOfResult(addressesOf(batchKey(head, 0), 'result', 4)[3] ?? ''), undefined)
  })

  t.test('a session without auto_extract has no automatic run', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch({ ...batch, autoExtract: false })
    t.equal(await store.findSessionOfResult(idsOf('result')[0]), undefined)
  })

  t.test('the sessions of a batch keep the uploads of that moment', async t => {
    const store = await (await make(t, world)).namespace('default')
    const upload = uploadOf({ key: 'tmp/b.pdf' })
    await store.addBatch({ ...batch, uploads: new Map([['tmp/b.pdf', upload]]) })
    await store.putUpload({ ...upload, size: 2 })
    const sessions = await store.findSessions(idsOf('session'))
    t.same(sessions.map(session => session?.documents[0]?.upload), [null, upload, null])
  })

  t.test('numbers equal batches by occurrence, even simultaneous ones', async t => {
    const store = await (await make(t, world)).namespace('default')
    const keys = await Promise.all(Array.from({ length: 10 }, async () => await store.addBatch(batch)))
    t.same(keys.sort(), Array.from({ length: 10 }, (_, occurrence) => batchKey(head, occurrence)))
    const sessions = await store.findSessions(keys.flatMap(key => addressesOf(key, 'session', files.length)))
    t.equal(new Set(sessions.map(session => session?.id)).size, 30)
    t.equal(sessions.includes(undefined), false)
  })

  t.test('finds sessions in the requested order', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [a, b] = idsOf('session')
    t.same((await store.findSessions([b, UNKNOWN, a, b])).map(session => session?.id), [b, undefined, a, b])
  })

  t.test('a session of a batch keeps its template, a standalone one uses the current template', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    await store.addSession({ id: UNKNOWN, templateId: demoTemplate.id, name: 'March', createdAt: 4 })
    const next = await store.templates.change(demoTemplate.id, template => ({ ...template, name: 'Bills' }))
    const sessions = await store.findSessions([idsOf('session')[0], UNKNOWN])
    t.same(sessions.map(session => session?.template), [demoTemplate, next])
  })

  t.test('removed records are not found, and their ids are not reused', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [a, b, c] = idsOf('session')
    const [first] = await store.addRuns([b], requestedAt(5))
    const automatic = idsOf('result')[1]
    await store.remove([a, String(first?.id), automatic])
    t.same((await store.findSessions([a, b, c])).map(session => session && [session.runs, session.automaticRun === null]), [undefined, [[], true], [[], false]])
    t.equal(await store.findSessionOfResult(idsOf('result')[0]), undefined)
    t.equal(await store.findSessionOfResult(String(first?.id)), undefined)
    t.equal(await store.findSessionOfResult(automatic), undefined)
    await t.rejects(store.addRuns([a], requestedAt(5)), { message: `no session ${a}` })
    await t.rejects(store.renameSession(a, 'March', 5), { message: `no session ${a}` })
    const [next] = await store.addRuns([b], requestedAt(5))
    t.not(next?.id, first?.id)
    t.same((await all(store.sessions())).map(({ id }) => id), [b, c])
    t.equal(await store.addBatch(batch), batchKey(head, 1))
  })

  t.test('records do not change after they are returned', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [a] = idsOf('session')
    const before = await store.findSessions([a])
    const found = await store.findDocuments([idsOf('document')[0]])
    const copies = structuredClone([before, found])
    await store.addRuns([a], requestedAt(5))
    await store.renameSession(a, 'March', 6)
    await store.changeParsings(idsOf('document')[0], parsings => [...parsings, ...parsings.map(parsing => ({ ...parsing, index: 1 }))])
    await store.detach(a, idsOf('document')[0], [])
    t.same([before, found], copies)
  })

  t.test('finds every record once, whatever the order of additions', async t => {
    const store = await make(t, world)
    await fc.assert(fc.asyncProperty(fc.array(fc.array(fc.constantFrom(...files), { minLength: 1, maxLength: 50 }), { maxLength: 8 }), async batches => {
      const namespace = await store.namespace(randomUUID())
      const ids: string[] = []
      for (const files of batches) {
        const head = batchHeadOf('seed', 'n', { template: demoTemplate, autoExtract: false, files })
        ids.push(...addressesOf(await namespace.addBatch(batchOf(head, files)), 'session', files.length))
      }
      const found = await namespace.findSessions(ids)
      const documents = await namespace.findDocuments(found.flatMap(session => session?.documents.map(({ id }) => id) ?? []))
      const owners = await Promise.all(documents.map(async found => await namespace.sessionsOf(String(found?.document.id))))
      return new Set(ids).size === ids.length &&
        JSON.stringify(found.map(session => session?.id)) === JSON.stringify(ids) &&
        JSON.stringify(found.map(session => session?.documents[0]?.key)) === JSON.stringify(batches.flat()) &&
        JSON.stringify(owners.map(sessions => sessions.map(({ id }) => id))) === JSON.stringify(ids.map(id => [id])) &&
        JSON.stringify((await all(namespace.sessions())).map(({ id }) => id).sort()) === JSON.stringify([...ids].sort())
    }), { numRuns: 50 })
  })
}
