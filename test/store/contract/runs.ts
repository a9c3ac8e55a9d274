import type { Test } from 'tap'
import { parsingHashOf } from '../../../src/domain/templates/config-hash.ts'
import { demoTemplate } from '../../../src/config/demo-data.ts'
import { addSession, requestedAt, batch, documentOf, everythingIn, idsOf, takeIn, UNKNOWN, world, type MakeHarness } from './fixtures.ts'

/** Runs and their plans. */
export function runContract (t: Test, make: MakeHarness): void {
  t.test('appends runs to all named sessions, and finds them by id', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [a, b] = idsOf('session')
    const asked = [...await store.addRuns([b, a], requestedAt(5)), ...await store.addRuns([a], requestedAt(9))]
    const sessions = await store.findSessions([a, b])
    t.same(sessions.map(session => session?.runs.map(({ id, requestedAt }) => [id, requestedAt])), [[[asked[1]?.id, 5], [asked[2]?.id, 9]], [[asked[0]?.id, 5]]])
    t.equal(new Set(asked.map(({ id }) => id)).size, 3)
    for (const [index, { id }] of asked.entries()) t.equal((await store.findSessionOfResult(id))?.id, [b, a, a][index])
  })

  t.test('a run keeps its template and the script of its session', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [a, b] = idsOf('session')
    const template = { ...demoTemplate, name: 'Bills', updatedAt: 9 }
    await store.addRuns([a, b], requestedAt(5, { template, scripts: new Map([[b, [{ from: 2, to: 2, outcome: { extractFailure: 'scripted' } }]]]) }))
    const runs = (await store.findSessions([a, b])).map(session => session?.runs[0])
    t.same(runs.map(run => run?.template), [template, template])
    t.same(runs.map(run => run?.plan.failure), [null, 'scripted'])
  })

  t.test('adds no run if one of the sessions is unknown', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const march = await addSession(store, 'March')
    await takeIn(store, march, documentOf('one'))
    const before = await everythingIn(store)
    await t.rejects(store.addRuns([march, idsOf('session')[0], UNKNOWN], requestedAt(5)), { message: `no session ${UNKNOWN}` })
    t.same(await everythingIn(store), before)
  })

  t.test('counts simultaneous requests for runs', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [a] = idsOf('session')
    await Promise.all(Array.from({ length: 10 }, async () => { await store.addRuns([a], requestedAt(5)) }))
    const [session] = await store.findSessions([a])
    t.equal(new Set(session?.runs.map(({ id }) => id)).size, 10)
  })

  t.test('the first run parses a document that was never parsed, once for all sessions', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [march, april] = [await addSession(store, 'March'), await addSession(store, 'April')]
    const [one = '', two = ''] = await takeIn(store, march, documentOf('one'), documentOf('two'))
    await store.attach(april, [two, idsOf('document')[0]])
    await store.addRuns([march, april], requestedAt(5))
    await store.addRuns([april], requestedAt(9))
    const parsing = { index: 0, configHash: parsingHashOf(demoTemplate), parserVersion: 'v1', requestedAt: 5, plan: { queueMs: 1_000, parseMs: 1_000, failure: null, pages: null, lateName: false } }
    const found = await store.findDocuments([one, two, idsOf('document')[0]])
    t.same(found.map(found => found?.document.parsings), [[parsing], [parsing], [{ ...parsing, requestedAt: 0 }]])
    const [first, second, third] = found.map(found => ({ document: found?.document, parsing: found?.document.parsings[0] }))
    t.same((await store.findSessions([march, april])).map(session => session?.runs.map(({ inputs }) => inputs)), [[[first, second]], [[second, third], [second, third]]])
  })

  t.test('a run keeps its documents and parsings, whatever changes', async t => {
    const store = await (await make(t, world)).namespace('default')
    const march = await addSession(store, 'March')
    const [one = '', two = '', three = ''] = await takeIn(store, march, documentOf('one'), documentOf('two'), documentOf('three'))
    await store.addRuns([march], requestedAt(5))
    const inputs = async (): Promise<Array<[string, number]> | undefined> => {
      const [session] = await store.findSessions([march])
      return session?.runs[0]?.inputs.map(({ document, parsing }) => [document.id, parsing.requestedAt])
    }
    const before = await inputs()
    t.same(before, [[one, 5], [two, 5], [three, 5]])
    await store.detach(march, one, [])
    await store.remove([two])
    await store.changeParsings(three, parsings => parsings.flatMap(parsing => [parsing, { ...parsing, index: 1, requestedAt: 9 }]))
    await takeIn(store, march, documentOf('four'))
    t.same(await inputs(), before)
    const [, next] = [...await store.addRuns([march], requestedAt(10)), ...await store.addRuns([march], requestedAt(11))]
    const [session] = await store.findSessions([march])
    t.same(session?.runs.at(-1)?.id, next?.id)
    t.same(session?.runs.at(-1)?.inputs.map(({ document, parsing }) => [document.id, parsing.requestedAt]), [[three, 9], [documentOf('four').id, 10]])
  })

  t.test('a run over a changed document shows the change', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const [session] = idsOf('session')
    await store.addRuns([session], requestedAt(5))
    await store.changeParsings(idsOf('document')[0], ([parsing]) => parsing === undefined ? [] : [{ ...parsing, plan: { ...parsing.plan, parseMs: 7 } }])
    const [found] = await store.findSessions([session])
    t.same([found?.runs[0]?.inputs, found?.automaticRun?.inputs].map(inputs => inputs?.map(({ parsing, document }) => [parsing.plan.parseMs, document.parsings[0]?.plan.parseMs])), [[[7, 7]], [[7, 7]]])
    t.same(typeof found?.name === 'object' && found.name.parsing.plan.parseMs, 7)
  })

  t.test('the plans of automatic and requested runs can be replaced', async t => {
    const store = await (await make(t, world)).namespace('default')
    await store.addBatch(batch)
    const ids = idsOf('session')
    for (const at of [5, 6]) await store.addRuns([ids[1]], requestedAt(at))
    const before = await store.findSessions(ids)
    const [, second] = before
    const [first = { id: '' }, other] = second?.runs ?? []
    const plan = { queueMs: 0, extractMs: Infinity, failure: 'why', fixture: { title: 'T' } }
    await store.putExtractPlan(idsOf('result')[1], plan)
    await store.putExtractPlan(first.id, { ...plan, extractMs: 8 })
    const after = await store.findSessions(ids)
    t.same([after[0], after[2]], [before[0], before[2]])
    t.same(after[1], { ...second, automaticRun: { ...second?.automaticRun, plan }, runs: [{ ...first, plan: { ...plan, extractMs: 8 } }, other] })
    await t.rejects(store.putExtractPlan(UNKNOWN, plan), { message: `no result ${UNKNOWN}` })
    await store.remove([first.id])
    await t.rejects(store.putExtractPlan(first.id, plan), { message: `no result ${first.id}` })
  })
}
