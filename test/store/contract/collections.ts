import type { Test } from 'tap'
import type { Role, User } from '../../../src/domain/workspaces/workspace.ts'
import { demoTemplate, demoWorkspace } from '../../../src/config/demo-data.ts'
import { OWNER } from '../../../src/domain/workspaces/owner.ts'
import { withMember, withoutMember, withRole } from '../../../src/domain/workspaces/workspace.ts'
import { addSession, requestedAt, batch, documentIdsOf, documentOf, everythingIn, idsOf, otherTemplate, sessionIdsOf, takeIn, templateElsewhere, UNKNOWN, WORKER, world, type MakeHarness } from './fixtures.ts'

/** Users, workspaces and templates. */
export function collectionContract (t: Test, make: MakeHarness): void {
  t.test('a new namespace has the seed data and nothing else', async t => {
    const store = await (await make(t, world)).namespace('default')
    t.same(await everythingIn(store), { ...world, sessions: [], documents: [] })
    t.same(await store.users.find(WORKER.id), WORKER)
    t.same(await store.workspaces.find(2), world.workspaces[1])
    t.same(await store.templates.find(demoTemplate.id), demoTemplate)
    t.same([await store.users.find(9), await store.workspaces.find(9), await store.templates.find(UNKNOWN)], [undefined, undefined, undefined])
    t.same(await store.findSessions([UNKNOWN]), [undefined])
    t.same(await store.findDocuments([UNKNOWN]), [undefined])
    t.equal(await store.findSessionOfResult(UNKNOWN), undefined)
    t.same(await store.findUploads(['tmp/a.pdf']), new Map())
  })

  t.test('lists records in the order of creation, whatever changes', async t => {
    const store = await (await make(t, world)).namespace('default')
    const added = { ...demoTemplate, id: UNKNOWN, name: 'Added' }
    await store.templates.add(added)
    const changed = await store.templates.change(demoTemplate.id, template => ({ ...template, name: 'Bills', updatedAt: 9 }))
    t.same(changed, { ...demoTemplate, name: 'Bills', updatedAt: 9 })
    t.same(await store.templates.list(), [changed, otherTemplate, templateElsewhere, added])
    await store.templates.remove(otherTemplate.id)
    t.same(await store.templates.list(), [changed, templateElsewhere, added])
    t.same([await store.templates.find(demoTemplate.id), await store.templates.find(otherTemplate.id)], [changed, undefined])
  })

  t.test('changes apply to the current record, even simultaneous ones', async t => {
    const { workspaces } = await (await make(t, world)).namespace('default')
    await Promise.all(Array.from({ length: 10 }, async () => { await workspaces.change(1, workspace => ({ ...workspace, updatedAt: workspace.updatedAt + 1 })) }))
    t.equal((await workspaces.find(1))?.updatedAt, demoWorkspace.updatedAt + 10)
  })

  t.test('a rejected change, or a change of an unknown record, changes nothing', async t => {
    const store = await (await make(t, world)).namespace('default')
    const before = await everythingIn(store)
    const refuse = (): never => { throw new TypeError('refused') }
    await t.rejects(store.users.change(1, refuse), new TypeError('refused'))
    await t.rejects(store.workspaces.change(1, refuse), new TypeError('refused'))
    await t.rejects(store.templates.change(demoTemplate.id, refuse), new TypeError('refused'))
    await t.rejects(store.users.change(9, user => user), { message: 'no user 9' })
    await t.rejects(store.workspaces.change(9, workspace => workspace), { message: 'no workspace 9' })
    await t.rejects(store.templates.change(UNKNOWN, template => template), { message: `no template ${UNKNOWN}` })
    t.same(await everythingIn(store), before)
    await store.workspaces.remove(2)
    await t.rejects(store.workspaces.change(2, workspace => workspace), { message: 'no workspace 2' })
    await t.rejects(store.templates.change(templateElsewhere.id, template => template), { message: `no template ${templateElsewhere.id}` })
  })

  t.test('ids of removed records are not reused', async t => {
    const { users, workspaces } = await (await make(t, world)).namespace('default')
    const ana = await users.insert(id => ({ id, name: 'Ana', email: 'ana@example.com' }))
    t.same(ana, { id: 3, name: 'Ana', email: 'ana@example.com' })
    await users.remove(3)
    t.same(await users.insert(id => ({ id, name: 'Ben', email: 'ben@example.com' })), { id: 4, name: 'Ben', email: 'ben@example.com' })
    t.same((await users.list()).map(({ name }) => name), ['Olivia Owner', 'Will Worker', 'Ben'])
    t.equal(await users.find(3), undefined)

    await workspaces.add({ ...demoWorkspace, id: 7 })
    await workspaces.remove(7)
    t.equal((await workspaces.insert(id => ({ ...demoWorkspace, id }))).id, 8)
    t.same((await workspaces.list()).map(({ id }) => id), [1, 2, 8])
    const ids = await Promise.all(Array.from({ length: 5 }, async () => (await workspaces.insert(id => ({ ...demoWorkspace, id }))).id))
    t.same(ids.sort((a, b) => a - b), [9, 10, 11, 12, 13], 'even for simultaneous inserts')
  })

  t.test('a failed insert does not use up an id', async t => {
    const { users } = await (await make(t, world)).namespace('default')
    await t.rejects(users.insert(() => { throw new TypeError('refused') }), new TypeError('refused'))
    t.equal((await users.insert(id => ({ id, name: 'Ana', email: 'ana@example.com' }))).id, 3)
  })

  t.test('ensure finds or inserts a record, once', async t => {
    const { users, ...store } = await (await make(t, world)).namespace('default')
    const ensure = async (email: string): Promise<User> => await users.ensure(user => user.email === email, id => ({ id, name: 'Made', email }))
    t.same(await ensure(WORKER.email), WORKER)
    t.same(await users.ensure(() => true, () => { throw new TypeError('refused') }), OWNER, 'the first match')
    t.same(await store.rolesOf('ana@example.com'), new Map())
    const made = await Promise.all(Array.from({ length: 5 }, async () => await ensure('ana@example.com')))
    t.same(made, Array(5).fill({ id: 3, name: 'Made', email: 'ana@example.com' }), 'even for simultaneous calls')
    t.same(await users.list(), [OWNER, WORKER, made[0]])
    await store.workspaces.change(2, workspace => withMember(workspace, 3, 'user'))
    t.same(await store.rolesOf('ana@example.com'), new Map([[2, 'user']]))
    await users.remove(3)
    t.equal((await ensure('ana@example.com')).id, 4, 'a removed record is not found')
  })

  t.test('rolesOf returns the roles in all workspaces, after every kind of change', async t => {
    const store = await (await make(t, world)).namespace('default')
    const hold = async (what: string, expected: Record<string, Array<[number, Role]>>): Promise<void> => {
      for (const [email, roles] of Object.entries(expected)) t.same(await store.rolesOf(email), new Map(roles), `${email} ${what}`)
    }
    await hold('at first', { [OWNER.email]: [[1, 'admin']], [WORKER.email]: [[1, 'readonly'], [2, 'admin']], 'ana@example.com': [] })
    await store.workspaces.change(1, workspace => withRole(workspace, WORKER.id, 'user'))
    await hold('after a change of roles', { [WORKER.email]: [[1, 'user'], [2, 'admin']] })
    const ana = await store.users.insert(id => ({ id, name: 'Ana', email: 'ana@example.com' }))
    await hold('with an account', { 'ana@example.com': [] })
    await store.workspaces.change(2, workspace => withMember(workspace, ana.id, 'readonly'))
    await hold('as a member', { 'ana@example.com': [[2, 'readonly']], [OWNER.email]: [[1, 'admin']] })
    const { id } = await store.workspaces.insert(id => ({ ...demoWorkspace, id, members: [{ userId: ana.id, role: 'admin' }] }))
    await hold('with a workspace of her own', { 'ana@example.com': [[2, 'readonly'], [id, 'admin']] })
    await store.workspaces.change(1, workspace => withoutMember(workspace, WORKER.id))
    await hold('after the removal', { [WORKER.email]: [[2, 'admin']] })
    await store.workspaces.remove(2)
    await hold('without the workspace', { [WORKER.email]: [], 'ana@example.com': [[id, 'admin']] })
    await store.users.change(ana.id, user => ({ ...user, email: 'ana@example.org' }))
    await hold('under another address', { 'ana@example.com': [], 'ana@example.org': [[id, 'admin']] })
    await store.users.remove(ana.id)
    await hold('without an account', { 'ana@example.org': [] })
    await store.users.add({ id: 9, name: 'Ana', email: 'ana@example.org' })
    await store.workspaces.add({ ...demoWorkspace, id: 12, members: [{ userId: 9, role: 'user' }] })
    await hold('with a new account', { 'ana@example.org': [[12, 'user']] })
  })

  t.test('removing a workspace removes everything in it and nothing else', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const gone = await addSession(store, 'gone')
    const kept = await addSession(store, 'kept', templateElsewhere)
    const [inGone = '', loose = ''] = [...await takeIn(store, gone, documentOf('in gone', 'b')), ...await takeIn(store, null, documentOf('loose', 'c'))]
    const [inKept = ''] = await takeIn(store, kept, documentOf('in kept', 'b', 2))
    const [run] = await store.addRuns([gone], requestedAt(5))
    await store.workspaces.remove(1)
    t.same(await store.workspaces.list(), [world.workspaces[1]])
    t.same(await store.templates.list(), [templateElsewhere])
    t.same([await store.workspaces.find(1), await store.templates.find(demoTemplate.id)], [undefined, undefined])
    t.same((await store.findSessions([...idsOf('session'), gone, kept])).map(session => session?.id), [undefined, undefined, undefined, undefined, kept])
    t.same((await store.findDocuments([...idsOf('document'), inGone, loose, inKept])).map(found => found?.document.id), [undefined, undefined, undefined, undefined, undefined, inKept])
    t.same([await store.findSessionOfResult(String(run?.id)), await store.findSessionOfResult(idsOf('result')[0])], [undefined, undefined])
    await t.rejects(store.attach(kept, [loose]), { message: `no document ${loose}` })
    await t.rejects(store.addRuns([gone], requestedAt(5)), { message: `no session ${gone}` })
    t.same(await store.users.list(), world.users)
    t.same(await documentIdsOf(store, kept), [inKept])
    t.same((await everythingIn(store) as { sessions: Array<{ id: string }> }).sessions.map(({ id }) => id), [kept])
  })

  t.test('removing a template removes its sessions, their results, and documents attached to no other session', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [a, b, c] = idsOf('session')
    const [ofA, ofB, ofC] = idsOf('document')
    const gone = await addSession(store, 'gone')
    const kept = await addSession(store, 'kept', otherTemplate)
    const deleted = await addSession(store, 'deleted')
    const [own = '', shared = '', detached = '', twice = ''] = await takeIn(store, gone, documentOf('own'), documentOf('shared'), documentOf('detached'), documentOf('twice'))
    const [left = ''] = await takeIn(store, deleted, documentOf('left'))
    const [loose = ''] = await takeIn(store, null, documentOf('loose'))
    await store.attach(kept, [shared, ofB])
    await store.attach(a, [twice])
    await store.detach(gone, detached, [])
    await store.attach(kept, [own])
    await store.detach(kept, own, [])
    await store.remove([c, deleted])
    const [run] = await store.addRuns([gone], requestedAt(5))
    await store.templates.remove(demoTemplate.id)

    t.same(await store.templates.list(), [otherTemplate, templateElsewhere])
    t.same((await store.findSessions([a, b, c, gone, kept, deleted])).map(session => session?.id), [undefined, undefined, undefined, undefined, kept, undefined])
    t.same([await store.findSessionOfResult(String(run?.id)), await store.findSessionOfResult(idsOf('result')[0])], [undefined, undefined])
    const stays = async (...ids: string[]): Promise<boolean[]> => (await store.findDocuments(ids)).map(found => found !== undefined)
    t.same(await stays(ofA, own, twice), [false, false, false], 'attached only to sessions of the template')
    t.same(await stays(ofB, shared), [true, true], 'attached to other sessions too')
    t.same(await stays(detached, ofC, left, loose), [true, true, true, true], 'detached, of deleted sessions, or without a session')
    t.same(await sessionIdsOf(store, shared), [kept])
    t.same(await documentIdsOf(store, kept), [shared, ofB])
    await t.rejects(store.attach(kept, [own]), { message: `no document ${own}` })
  })

  t.test('removing an unused template removes nothing else', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const before = await everythingIn(store)
    await store.templates.remove(otherTemplate.id)
    t.same(await everythingIn(store), { ...before, templates: [demoTemplate, templateElsewhere] })
  })
}
