import type { Test } from 'tap'
import type { Document, Parsing } from '../../../src/domain/lifecycle/records.ts'
import { demoTemplate } from '../../../src/config/demo-data.ts'
import { uploadOf } from '../../domain/records.ts'
import { addSession, all, requestedAt, batch, documentIdsOf, documentOf, everythingIn, idsOf, sessionIdsOf, takeIn, UNKNOWN, world, type MakeHarness } from './fixtures.ts'

const parsing: Parsing = { index: 0, configHash: 'a'.repeat(64), parserVersion: 'v1', requestedAt: 5, plan: { queueMs: 0, parseMs: Infinity, failure: 'why', pages: 3, lateName: false } }

/** Documents, standalone sessions, and the relations between them. */
export function documentContract (t: Test, make: MakeHarness): void {
  t.test('a standalone session has only a name', async t => {
    const store = await (await make(t, world)).namespace('default')
    const id = await addSession(store, 'March')
    const session = { id, template: demoTemplate, name: 'March', autoExtract: null, createdAt: 4, renamedAt: null, documents: [], runs: [], automaticRun: null }
    t.same(await store.findSessions([id]), [session])
    t.same(await all(store.sessions()), [session])
    await store.remove([id])
    t.same(await store.findSessions([id]), [undefined])
  })

  t.test('renaming a session of any kind changes nothing else', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const ids = [await addSession(store, 'March'), idsOf('session')[0], idsOf('session')[1]] as const
    const [sole, first, second] = await store.findSessions(ids)
    await store.renameSession(ids[0], 'April', 5)
    await store.renameSession(ids[0], 'May', 6)
    await store.renameSession(ids[1], 'June', 7)
    t.same(await store.findSessions(ids), [{ ...sole, name: 'May', renamedAt: 6 }, { ...first, name: 'June', renamedAt: 7 }, second])
    await t.rejects(store.renameSession(UNKNOWN, 'July', 8), { message: `no session ${UNKNOWN}` })
  })

  t.test('adds documents, with or without a session', async t => {
    const store = await (await make(t, world)).namespace('default')
    const id = await addSession(store, 'March')
    const loose = documentOf('loose', 'b')
    const attached = [documentOf('one'), { ...documentOf('two', 'c'), filename: 'Two.pdf', source: { type: 'url' as const, url: 'https://example.org/two.pdf' } }]
    t.same(await store.addDocuments([loose], null), [{ document: loose, reused: false }])
    t.same(await store.addDocuments(attached, id), attached.map(document => ({ document, reused: false })))
    const [session] = await store.findSessions([id])
    t.same(session?.documents, attached)
    const found = [loose, ...attached].map(document => ({ document, runs: [] }))
    t.same(await store.findDocuments([loose, ...attached].map(({ id }) => id)), found)
    t.same(await all(store.documents()), found)
  })

  t.test('finds documents in the requested order', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [one = ''] = await takeIn(store, null, documentOf('one'))
    const [a] = idsOf('document')
    t.same((await store.findDocuments([one, UNKNOWN, a, one])).map(found => found?.document.id), [one, undefined, a, one])
  })

  t.test('a workspace has one document per content, and later additions reuse the first', async t => {
    const store = await (await make(t, world)).namespace('default')
    const id = await addSession(store, 'March')
    const [first, same, another, elsewhere] = [documentOf('first', 'b'), documentOf('same', 'b'), documentOf('another', 'c'), documentOf('elsewhere', 'b', 2)]
    t.same(await store.addDocuments([first, same, another], null), [
      { document: first, reused: false },
      { document: first, reused: true },
      { document: another, reused: false }
    ], 'even for simultaneous additions')
    t.same(await store.addDocuments([same], id), [{ document: first, reused: true }])
    t.same(await store.addDocuments([elsewhere], null), [{ document: elsewhere, reused: false }], 'another workspace has its own document')
    t.same(await documentIdsOf(store, id), [first.id])
    t.same(await store.findDocuments([same.id]), [undefined])
    t.same((await all(store.documents())).map(({ document }) => document), [first, another, elsewhere])
  })

  t.test('a reused document is returned in its current state', async t => {
    const store = await (await make(t, world)).namespace('default')
    const first = documentOf('first', 'b')
    await takeIn(store, null, first)
    await store.changeParsings(first.id, () => [parsing])
    t.same(await store.addDocuments([documentOf('same', 'b')], null), [{ document: { ...first, parsings: [parsing] }, reused: true }])
  })

  t.test('documents of a batch are reused, but a batch reuses none', async t => {
    const store = await (await make(t, world)).namespace('default')
    const uploads = new Map(batch.files.slice(0, 2).map((key, index) => [key, uploadOf({ key, sha256: 'bc'.charAt(index).repeat(64) })]))
    await store.addBatch({ ...batch, uploads })
    await store.addBatch({ ...batch, uploads })
    const [a, b] = idsOf('document')
    const taken = await store.addDocuments([documentOf('same as b', 'c'), documentOf('same as a', 'b'), documentOf('elsewhere', 'b', 2)], null)
    t.same(taken.map(({ document: { id }, reused }) => [id, reused]), [[b, true], [a, true], [documentOf('elsewhere').id, false]])
    t.same((await store.findDocuments(idsOf('document', 1))).map(found => found?.document.id), idsOf('document', 1))
  })

  t.test('after a document is removed, the next one with the same content is reused', async t => {
    const store = await (await make(t, world)).namespace('default')
    const [first, second, third] = [documentOf('first', 'b'), documentOf('second', 'b'), documentOf('third', 'b')]
    await takeIn(store, null, first)
    await store.remove([first.id])
    t.same(await store.addDocuments([second], null), [{ document: second, reused: false }])
    t.same(await store.addDocuments([third], null), [{ document: second, reused: true }])
    await store.remove([second.id])
    const uploads = new Map([['tmp/a.pdf', uploadOf({ key: 'tmp/a.pdf', sha256: 'b'.repeat(64) })]])
    await store.addBatch({ ...batch, uploads })
    t.same((await store.addDocuments([third], null)).map(({ document: { id }, reused }) => [id, reused]), [[idsOf('document')[0], true]])
  })

  t.test('documents without uploads are never reused', async t => {
    const store = await (await make(t, world)).namespace('default')
    const [one, other] = [documentOf('one'), documentOf('other')]
    t.same(await store.addDocuments([one, { ...other, key: one.key }], null), [{ document: one, reused: false }, { document: { ...other, key: one.key }, reused: false }])
  })

  t.test('rejects documents for an unknown session', async t => {
    const store = await (await make(t, world)).namespace('default')
    await t.rejects(store.addDocuments([documentOf('one', 'b')], UNKNOWN), { message: `no session ${UNKNOWN}` })
    t.same(await all(store.documents()), [])
    t.same((await store.addDocuments([documentOf('other', 'b')], null)).map(({ reused }) => reused), [false])
  })

  t.test('attaches documents after the attached ones, each once', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [session] = idsOf('session')
    const [own, other] = idsOf('document')
    const march = await addSession(store, 'March')
    const [one = '', two = '', three = ''] = await takeIn(store, null, documentOf('one'), documentOf('two', 'b'), documentOf('three'))
    await store.attach(session, [two, own, one, two])
    t.same(await documentIdsOf(store, session), [own, two, one])
    await store.attach(session, [three, one])
    await store.attach(session, [])
    t.same(await documentIdsOf(store, session), [own, two, one, three])
    await store.attach(march, [other, two])
    t.same(await documentIdsOf(store, march), [other, two])
    t.same(await sessionIdsOf(store, two), [session, march].sort())
    t.same(await sessionIdsOf(store, other), [idsOf('session')[1], march].sort())
    await takeIn(store, march, documentOf('four'), documentOf('two again', 'b'))
    t.same(await documentIdsOf(store, march), [other, two, documentOf('four').id], 'a reused document keeps its position')
  })

  t.test('an attachment shows in the session and its documents only', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [a, b, c] = idsOf('session')
    const [before, ...others] = await store.findSessions([a, b, c])
    const document = documentOf('one')
    await takeIn(store, a, document)
    t.same(await store.findSessions([a, b, c]), [{ ...before, documents: [...before?.documents ?? [], document] }, ...others])
  })

  t.test('attaches nothing if one of the documents is unknown', async t => {
    const store = await (await make(t, world)).namespace('default')
    const march = await addSession(store, 'March')
    const [one = '', gone = ''] = await takeIn(store, null, documentOf('one'), documentOf('gone'))
    await store.remove([gone])
    const before = await everythingIn(store)
    await t.rejects(store.attach(march, [one, UNKNOWN]), { message: `no document ${UNKNOWN}` })
    await t.rejects(store.attach(march, [one, gone]), { message: `no document ${gone}` })
    await t.rejects(store.attach(UNKNOWN, [one]), { message: `no session ${UNKNOWN}` })
    await t.rejects(store.detach(UNKNOWN, one, []), { message: `no session ${UNKNOWN}` })
    t.same(await everythingIn(store), before)
  })

  t.test('a detached document keeps its former session and its results, except for the named ones', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [session] = idsOf('session')
    const [own] = idsOf('document')
    const [one = ''] = await takeIn(store, session, documentOf('one'))
    const [kept, dropped] = [...await store.addRuns([session], requestedAt(5)), ...await store.addRuns([session], requestedAt(6))]
    const [before] = await store.findSessions([session])
    await store.detach(session, own, [String(dropped?.id), idsOf('result')[0]])
    const [after] = await store.findSessions([session])
    t.same(after, { ...before, documents: before?.documents.filter(({ id }) => id === one), runs: before?.runs.filter(({ id }) => id === kept?.id), automaticRun: null })
    t.same(after?.runs[0]?.inputs.map(({ document: { id } }) => id), [own, one])
    t.same(await store.findDocuments([own]), [{ document: before?.documents[0], runs: after?.runs }])
    t.same(await store.sessionsOf(own), [after])
    t.same([await store.findSessionOfResult(String(kept?.id)), await store.findSessionOfResult(String(dropped?.id)), await store.findSessionOfResult(idsOf('result')[0])], [after, undefined, undefined])
    t.same((await store.findSessions(idsOf('session').slice(1))).map(session => session?.documents.length), [1, 1])
  })

  t.test('detaching an unattached document does nothing, and a reattached one comes last', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [session] = idsOf('session')
    const [own, other] = idsOf('document')
    const [one = ''] = await takeIn(store, session, documentOf('one'))
    const before = await everythingIn(store)
    await store.detach(session, other, [])
    await store.detach(session, UNKNOWN, [])
    t.same(await everythingIn(store), before)
    for (let time = 0; time < 2; time++) {
      await store.detach(session, own, [])
      await store.detach(session, own, [])
      t.same(await documentIdsOf(store, session), [one])
      await store.attach(session, [own])
      t.same(await documentIdsOf(store, session), [one, own])
      t.same(await sessionIdsOf(store, own), [session])
      await store.detach(session, one, [])
      await store.attach(session, [one])
      await store.detach(session, own, [])
      await store.attach(session, [own])
    }
  })

  t.test('a removed document is attached to no session, but runs keep it', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [session] = idsOf('session')
    const [own] = idsOf('document')
    const [one = ''] = await takeIn(store, session, documentOf('one'))
    await store.addRuns([session], requestedAt(5))
    const [before] = await store.findSessions([session])
    await store.remove([own, one])
    t.same(await store.findSessions([session]), [{ ...before, documents: [] }])
    t.same(before?.runs[0]?.inputs.map(({ document: { id } }) => id), [own, one])
    t.same(await store.findDocuments([own, one]), [undefined, undefined])
    t.same((await all(store.documents())).map(({ document: { id } }) => id), idsOf('document').slice(1))
    await t.rejects(store.changeParsings(own, parsings => parsings), { message: `no document ${own}` })
    await t.rejects(store.attach(session, [one]), { message: `no document ${one}` })
  })

  t.test('a document outlives its sessions', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const march = await addSession(store, 'March')
    const [one = ''] = await takeIn(store, march, documentOf('one'))
    await store.attach(idsOf('session')[1], [one, idsOf('document')[0]])
    await store.remove([march, idsOf('session')[0]])
    t.same(await sessionIdsOf(store, one), [idsOf('session')[1]])
    t.same(await sessionIdsOf(store, idsOf('document')[0]), [idsOf('session')[1]])
    t.same(await documentIdsOf(store, idsOf('session')[1]), [idsOf('document')[1], one, idsOf('document')[0]])
  })

  t.test('a change of parsings shows in all sessions of the document, and in no other document', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [a, b, c] = idsOf('session')
    const [own] = idsOf('document')
    const [one = ''] = await takeIn(store, a, documentOf('one'))
    await store.attach(b, [own])
    const before = await store.findSessions([a, b, c])
    await store.changeParsings(own, parsings => [...parsings, { ...parsing, index: 1 }])
    await store.changeParsings(one, () => [parsing])
    const changed = (document: Document): Document => {
      return { ...document, parsings: document.id === own ? [...document.parsings, { ...parsing, index: 1 }] : document.id === one ? [parsing] : document.parsings }
    }
    const documents = (await store.findSessions([a, b, c])).map(session => session?.documents)
    t.same(documents, before.map(session => session?.documents.map(changed)))
    t.same((await store.findDocuments([own]))[0]?.document, documents[0]?.[0])
  })

  t.test('changes of parsings apply to the current ones, even simultaneous changes', async t => {
    const store = await (await make(t, world)).namespace('default')
    const [one = ''] = await takeIn(store, null, documentOf('one'))
    await Promise.all(Array.from({ length: 10 }, async () => {
      await store.changeParsings(one, parsings => [...parsings, { ...parsing, index: parsings.length }])
    }))
    const [found] = await store.findDocuments([one])
    t.same(found?.document.parsings.map(({ index }) => index), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  t.test('a failed change of parsings changes nothing', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const before = await everythingIn(store)
    await t.rejects(store.changeParsings(idsOf('document')[0], () => { throw new TypeError('refused') }), new TypeError('refused'))
    await t.rejects(store.changeParsings(UNKNOWN, parsings => parsings), { message: `no document ${UNKNOWN}` })
    t.same(await everythingIn(store), before)
  })
}
