import type { Test } from 'tap'
import type { Records } from '../../../src/store/records.ts'
import { UnreadableRecords } from '../../../src/store/saved-records.ts'
import { demoTemplate, demoWorkspace } from '../../../src/config/demo-data.ts'
import { OWNER } from '../../../src/domain/workspaces/owner.ts'
import { withMember } from '../../../src/domain/workspaces/workspace.ts'
import { uploadOf } from '../../domain/records.ts'
import { batchKey } from '../../../src/domain/lifecycle/batch.ts'
import { addSession, requestedAt, batch, documentOf, everythingIn, head, idsOf, otherTemplate, takeIn, WORKER, world, type MakeHarness } from './fixtures.ts'

/** Uses every operation of a store. */
async function fill (store: Records): Promise<void> {
  await store.users.insert(id => ({ id, name: 'Ana', email: 'ana@example.com' }))
  await store.workspaces.change(1, workspace => withMember(workspace, 3, 'user'))
  await store.workspaces.insert(id => ({ ...demoWorkspace, id, name: 'Third' }))
  await store.workspaces.remove(2)
  await store.templates.add({ ...demoTemplate, id: documentOf('template').id, name: 'Added' })
  await store.templates.remove(otherTemplate.id)
  const upload = uploadOf({ key: 'tmp/a.pdf', sha256: 'b'.repeat(64), inspection: { mime: 'application/pdf', pageCount: 2, failure: null } })
  await store.putUpload(upload)
  const scripts = new Map([[1, [{ from: 1, to: Infinity, outcome: { extractMs: Infinity } }]]])
  await store.addBatch({ ...batch, scripts, uploads: new Map([['tmp/a.pdf', upload]]) })
  await store.addBatch(batch)
  const march = await addSession(store, 'March')
  const [one = '', two = ''] = await takeIn(store, march, documentOf('one', 'c'), documentOf('two'), documentOf('three'))
  await store.attach(idsOf('session')[0], [one])
  await store.detach(march, two, [])
  await store.renameSession(march, 'April', 5)
  await store.addRuns([march, idsOf('session')[0], idsOf('session')[1]], requestedAt(6))
  await store.putExtractPlan(idsOf('result')[0], { queueMs: 0, extractMs: Infinity, failure: null, fixture: { title: 'T' } })
  await store.changeParsings(one, parsings => parsings.flatMap(parsing => [parsing, { ...parsing, index: 1, requestedAt: 7 }]))
  await store.remove([documentOf('three').id, idsOf('session', 1)[0], idsOf('result', 1)[1]])
  await store.countOccurrence('x')
}

/** The next ids and counts of a namespace; reading them changes it. */
async function continuationOf (store: Records): Promise<unknown> {
  return [
    await store.addBatch(batch),
    await store.countOccurrence('x'),
    await store.users.insert(id => ({ id, name: 'Ben', email: 'ben@example.com' })),
    await store.workspaces.insert(id => ({ ...demoWorkspace, id })),
    await store.addDocuments([documentOf('same as a', 'b'), documentOf('same as one', 'c'), documentOf('new', 'd')], null),
    await store.addRuns([idsOf('session')[0]], requestedAt(8)),
    await store.findUploads(['tmp/a.pdf']),
    ...await Promise.all([OWNER.email, WORKER.email, 'ana@example.com', 'ben@example.com'].map(async email => await store.rolesOf(email))),
    await everythingIn(store)
  ]
}

/** Namespaces as a whole, their counters and uploads. */
export function namespaceContract (t: Test, make: MakeHarness): void {
  t.test('a store is ready until it is closed', async t => {
    const store = await make(t, world)
    await store.namespace('default')
    await t.resolves(store.ready())
    await t.resolves(store.close())
  })

  t.test('the later of two uploads under one key counts', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.putUpload(uploadOf({ size: 1 }))
    await store.putUpload(uploadOf({ size: 2 }))
    t.same(await store.findUploads(['tmp/a.pdf', 'tmp/a.pdf', 'tmp/none.pdf']), new Map([['tmp/a.pdf', uploadOf({ size: 2 })]]))
    t.same(await store.findUploads(['tmp/none.pdf']), new Map())
  })

  t.test('counts occurrences by key, without gaps or repeats', async t => {
    const store = await (await make(t, world)).namespace('default')
    const counted = await Promise.all(['x', 'x', 'y', 'x'].map(async key => await store.countOccurrence(key)))
    t.same([...counted].sort((a, b) => a - b), [0, 0, 1, 2])
    t.equal(await store.countOccurrence('y'), 1)
  })

  t.test('namespaces are isolated, and the same name gives the same namespace', async t => {
    const store = await make(t, world)
    const [one, other] = [await store.namespace('one'), await store.namespace('other')]
    await fill(one)
    t.same(await everythingIn(other), { ...world, sessions: [], documents: [] })
    t.same(await other.findUploads(['tmp/a.pdf']), new Map())
    t.same(await other.findSessions(idsOf('session')), [undefined, undefined, undefined])
    t.same(await other.findDocuments([...idsOf('document'), documentOf('one').id]), [undefined, undefined, undefined, undefined])
    t.same(await other.rolesOf('ana@example.com'), new Map())
    t.equal(await other.countOccurrence('x'), 0)
    t.equal(await other.addBatch(batch), batchKey(head, 0))
    t.same((await other.addDocuments([documentOf('same', 'c')], null)).map(({ reused }) => reused), [false])
    t.same(await everythingIn(await store.namespace('one')), await everythingIn(one))
  })

  t.test('a restored dump is equal and continues equally', async t => {
    const store = await make(t, world)
    const one = await store.namespace('one')
    await fill(one)
    const before = await everythingIn(one)
    const dump = await one.dump()
    await (await store.namespace('other')).users.insert(id => ({ id, name: 'Gone', email: 'gone@example.com' }))
    await store.restore('other', dump)
    const other = await store.namespace('other')
    t.same(await everythingIn(other), before)
    t.equal(await other.dump(), dump)
    const continuation = await continuationOf(one)
    t.same(await everythingIn(other), before, 'the two stores are independent')
    t.same(await continuationOf(other), continuation)
  })

  t.test('a dump is a snapshot, and can be restored in another store', async t => {
    const one = await (await make(t, world)).namespace('one')
    await fill(one)
    const before = await everythingIn(one)
    const dump = await one.dump()
    await continuationOf(one)
    const store = await make(t, { users: [], workspaces: [], templates: [] })
    await store.restore('two', dump)
    t.same(await everythingIn(await store.namespace('two')), before)
  })

  t.test('rejects an invalid dump and changes nothing', async t => {
    const store = await make(t, world)
    const one = await store.namespace('one')
    await fill(one)
    const before = await everythingIn(one)
    for (const dump of ['', 'x', 'null', '[]', '[[],[]]', (await one.dump()).slice(0, -1)]) {
      await t.rejects(store.restore('one', dump), new UnreadableRecords('its records are damaged'), dump.slice(0, 20))
    }
    t.same(await everythingIn(one), before)
  })

  t.test('a fork is equal, continues equally, and is independent of its source', async t => {
    const store = await make(t, world)
    const source = await store.namespace('source')
    await fill(source)
    const before = await everythingIn(source)
    await store.fork('source', 'fork')
    await store.fork('source', 'spare')
    const [fork, spare] = [await store.namespace('fork'), await store.namespace('spare')]
    t.same(await everythingIn(fork), before)
    t.equal(await fork.dump(), await source.dump())
    const continuation = await continuationOf(fork)
    t.same(await everythingIn(source), before)
    t.same(await continuationOf(source), continuation)
    t.same(await everythingIn(spare), before)
    await spare.remove([...idsOf('session'), ...idsOf('document')])
    await spare.templates.remove(demoTemplate.id)
    t.same(await everythingIn(fork), await everythingIn(source))
    await store.fork('spare', 'fork of a fork')
    t.same(await everythingIn(await store.namespace('fork of a fork')), await everythingIn(spare))
  })

  t.test('a dropped namespace is forgotten, and its holders continue alone', async t => {
    const store = await make(t, world)
    const old = await store.namespace('one')
    await fill(old)
    const before = await everythingIn(old)
    await store.drop('one')
    await store.drop('never made')
    const next = await store.namespace('one')
    t.same(await everythingIn(next), { ...world, sessions: [], documents: [] })
    t.equal(await next.addBatch(batch), batchKey(head, 0))
    t.same(await everythingIn(old), before)
    await store.restore('one', await old.dump())
    t.equal(await next.addBatch(batch), batchKey(head, 1), 'holders of a replaced namespace also continue alone')
    t.same(await everythingIn(await store.namespace('one')), before)
  })
}
