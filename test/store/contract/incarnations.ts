import type { Test } from 'tap'
import type { Incarnation } from '../../../src/store/store.ts'
import { demoTemplate } from '../../../src/config/demo-data.ts'
import { batchKey } from '../../../src/domain/lifecycle/batch.ts'
import { startClock } from '../../../src/domain/lifecycle/clock.ts'
import { createRecords } from '../../../src/store/repository.ts'
import { ONLY, ROW_KINDS, type NamespaceSettings, type Row } from '../../../src/store/rows.ts'
import { MAX_NAMESPACES, TooManyNamespaces } from '../../../src/store/store.ts'
import { uploadOf } from '../../domain/records.ts'
import { addSession, batch, documentOf, head, idsOf, takeIn, UNKNOWN, world, type MakeStore } from './fixtures.ts'

const SETTINGS: NamespaceSettings = { seed: 's', clock: { mode: 'auto', at: 5, since: 1_000 }, clockEpoch: 1, maxRate: 60, rateEpoch: 2 }

const { parsings: _, ...document } = documentOf('one', 'b')

/** A row of every kind, in the order of the kinds. */
const ROWS: readonly Row[] = [
  ['settings', ONLY, SETTINGS],
  ['outcomes', ONLY, new Map([['a', { match: { file: '*.pdf' }, script: [{ from: 1, to: Infinity, outcome: { extractMs: Infinity } }] }]])],
  ['faults', ONLY, { list: [{ id: 'fault-2', rule: { match: { path: '/*' }, status: 500 }, seen: 2, fired: 1 }], added: 3 }],
  ['rateWindow', '2 127.0.0.1', { endsAt: 60_000, count: 7 }],
  ['seen', `1 ${UNKNOWN}`, 5],
  ['user', '1', null],
  ['workspace', '1', world.workspaces[0] ?? null],
  ['template', demoTemplate.id, demoTemplate],
  ['batch', batchKey(head, 0), batch],
  ['session', UNKNOWN, { id: UNKNOWN, templateId: demoTemplate.id, name: 'March', createdAt: 4 }],
  ['document', document.id, document],
  ['later', UNKNOWN, { renamed: { name: 'April', at: 5 }, documents: [document.id] }],
  ['documentByBytes', `1 ${'b'.repeat(64)}`, document.id],
  ['upload', 'tmp/a.pdf', uploadOf()],
  ['counter', 'x', 5]
]

/** Returns all rows of a namespace, by kind. */
async function contentOf ({ rows }: Incarnation): Promise<unknown[]> {
  return await rows.read(view => ROW_KINDS.flatMap(kind => [...view.list(kind)].map(([key, value]) => [kind, key, value])))
}

/** Namespaces from one reset to the next. */
export function incarnationContract (t: Test, make: MakeStore): void {
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

  t.test('a namespace that is dropped says so, and is gone by then', async t => {
    const store = await make(t, world)
    const [one, other] = [await store.publish(await store.draft('one', {}), { replace: false }), await store.publish(await store.draft('other', {}), { replace: false })]
    const dropped: string[] = []
    for (const { name, events } of [one, other]) events.on('dropped', () => { dropped.push(name) })
    await store.drop('one')
    await store.drop('one')
    t.same(dropped, ['one'])
    t.equal(await store.find('one'), undefined)
    t.same(await store.list(), [other])
  })

  t.test('a namespace tells of the writes that statuses depend on', async t => {
    const store = await make(t, world)
    const { rows, events } = await store.publish(await store.draft('one', {}), { replace: false })
    const write = async (): Promise<void> => {
      await rows.write(transaction => {
        transaction.put('counter', 'x', 1)
        transaction.put('later', 'a', {})
        transaction.put('later', 'b', {})
        transaction.put('settings', ONLY, SETTINGS)
      })
    }
    const told: unknown[] = []
    const listener = (rows: unknown): void => { told.push(rows) }
    await write()
    events.on('written', listener)
    await rows.write(transaction => { transaction.put('counter', 'x', 2) })
    await write()
    t.same(told, [[['later', 'a'], ['later', 'b'], ['settings', ONLY]]])
    await t.rejects(rows.write(transaction => {
      transaction.put('later', 'c', {})
      throw new Error('no')
    }))
    events.off('written', listener)
    await write()
    t.equal(told.length, 1)
  })

  t.test('a draft starts with the seed data, the given rows, or the rows of every kind of another namespace', async t => {
    const store = await make(t, world)
    t.same(await contentOf(await store.draft('seeded', {})), [
      ...world.users.map(user => ['user', String(user.id), user]),
      ...world.workspaces.map(workspace => ['workspace', String(workspace.id), workspace]),
      ...world.templates.map(template => ['template', template.id, template])
    ])
    const source = await store.draft('source', { from: ROWS })
    t.same(await contentOf(source), ROWS)
    const fork = await store.draft('fork', { from: source })
    t.same(await contentOf(fork), ROWS)
    for (const [{ rows }, count] of [[source, 6], [fork, 7]] as const) await rows.write(transaction => { transaction.put('counter', 'x', count) })
    for (const [draft, count] of [[source, 6], [fork, 7], [await store.draft('fork', { from: fork }), 7]] as const) {
      t.same(await contentOf(draft), [...ROWS.slice(0, -1), ['counter', 'x', count]])
    }
  })

  t.test('the settings, outcome rules and faults that a draft is given replace those that it starts with', async t => {
    const wall = { now: 4_000 }
    const store = await make(t, world, { wallClock: () => wall.now })
    const given = {
      settings: (wallTime: number): NamespaceSettings => ({ ...SETTINGS, seed: 'other', clock: startClock({ mode: 'real' }, wallTime) }),
      outcomes: new Map([['b', { match: { file: 'b' }, script: [] }]]),
      faults: { list: [], added: 4 }
    }
    const replaced = [
      ['settings', ONLY, { ...SETTINGS, seed: 'other', clock: { mode: 'real', at: 4_000, since: 4_000 } }],
      ['outcomes', ONLY, given.outcomes],
      ['faults', ONLY, given.faults]
    ]
    const source = await store.draft('source', { from: ROWS })
    t.same(await contentOf(await store.draft('fork', { from: source, ...given })), [...replaced, ...ROWS.slice(3)])
    t.same(await contentOf(await store.draft('rows', { from: ROWS.slice(3), ...given })), [...replaced, ...ROWS.slice(3)])
    t.same((await contentOf(await store.draft('seeded', given))).slice(0, 3), replaced)
    t.same(await contentOf(source), ROWS)
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

  t.test('names the digests of all uploads, documents and batches', async t => {
    const records = createRecords((await (await make(t, world)).draft('one', {})).rows)
    const digests = async (): Promise<string[]> => [...await records.digests()].sort()
    t.same(await digests(), [])
    await records.putUpload(uploadOf({ key: 'tmp/a.pdf', sha256: 'b'.repeat(64) }))
    await takeIn(records, null, documentOf('one', 'c'), documentOf('two'))
    t.same(await digests(), ['b'.repeat(64), 'c'.repeat(64)])
    await records.addBatch({ ...batch, uploads: await records.findUploads(['tmp/a.pdf']) })
    await records.putUpload(uploadOf({ key: 'tmp/a.pdf', sha256: 'd'.repeat(64) }))
    t.same(await digests(), ['b'.repeat(64), 'c'.repeat(64), 'd'.repeat(64)], 'a batch keeps the upload of its time')
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
