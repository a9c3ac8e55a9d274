import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import fc from 'fast-check'
import type { Upload } from '../../src/domain/records.ts'
import type { Store } from '../../src/store/store.ts'
import { addressesOf, batchHeadOf } from '../../src/domain/batch.ts'
import { demoTemplate } from '../../src/demo.ts'
import { batchOf } from '../domain/records.ts'

const second = { base: 1_000, spread: 0 }
const pace = { queue: second, parse: second, extract: second }
const files = ['tmp/a.pdf', 'tmp/b.pdf', 'tmp/c.pdf']
const head = batchHeadOf('seed', 'default', { template: demoTemplate, autoExtract: true, files })
const batch = batchOf(head, files, { autoExtract: true })
const UNKNOWN = '3c90c3cc-0d44-4b50-8888-8dd25736052a'

function uploadOf (key: string, size = 1): Upload {
  return { key, filename: null, contentType: 'application/pdf', size, sha256: 'a'.repeat(64), uploadedAt: 0 }
}

/** What any store must do. `make` gives an empty one, with the demo template in every namespace. */
export function storeContract (t: Test, make: (t: Test) => Promise<Store>): void {
  t.test('a store that serves is ready, and can be closed', async t => {
    const store = await make(t)
    await t.resolves(store.ready())
    await t.resolves(store.close())
  })

  t.test('a new namespace knows the templates and nothing else', async t => {
    const store = (await make(t)).namespace('default')
    t.same(await store.findTemplate(demoTemplate.id), demoTemplate)
    t.equal(await store.findTemplate(UNKNOWN), undefined)
    t.same(await store.findSessions([UNKNOWN]), [undefined])
    t.equal(await store.findSessionOfDocument(UNKNOWN), undefined)
    t.equal(await store.findSessionOfResult(UNKNOWN), undefined)
    t.same(await store.findUploads(['tmp/a.pdf']), new Map())
  })

  t.test('a batch is kept whole: each file has its session, document and automatic run', async t => {
    const store = (await make(t)).namespace('default')
    t.equal(await store.addBatch(batch), 0)
    const sessions = await store.findSessions(addressesOf(head, 0, 'session', 3))
    t.same(sessions.map(session => session?.documents.map(({ key }) => key)), files.map(key => [key]))
    t.same(sessions.map(session => session?.runs), [[], [], []])
    for (const [place, session] of sessions.entries()) {
      t.same(await store.findSessionOfDocument(addressesOf(head, 0, 'document', 3)[place] ?? ''), session)
      t.same(await store.findSessionOfResult(addressesOf(head, 0, 'result', 3)[place] ?? ''), session)
    }
  })

  t.test('ids of one kind do not find things of another, nor what lies beyond a batch', async t => {
    const store = (await make(t)).namespace('default')
    await store.addBatch(batch)
    const [session = ''] = addressesOf(head, 0, 'session', 1)
    const [document = ''] = addressesOf(head, 0, 'document', 1)
    const [result = ''] = addressesOf(head, 0, 'result', 1)
    const [next = ''] = addressesOf(head, 1, 'session', 1)
    t.same(await store.findSessions([document, result, next, addressesOf(head, 0, 'session', 4)[3] ?? '']), [undefined, undefined, undefined, undefined])
    t.equal(await store.findSessionOfDocument(session), undefined)
    t.equal(await store.findSessionOfDocument(result), undefined)
    t.equal(await store.findSessionOfResult(session), undefined)
  })

  t.test('a session without auto_extract has no automatic run to be found', async t => {
    const store = (await make(t)).namespace('default')
    await store.addBatch({ ...batch, autoExtract: false })
    t.equal(await store.findSessionOfResult(addressesOf(head, 0, 'result', 1)[0] ?? ''), undefined)
  })

  t.test('what was uploaded when a batch came belongs to its sessions, whatever is uploaded later', async t => {
    const store = (await make(t)).namespace('default')
    const upload = uploadOf('tmp/b.pdf')
    await store.addBatch({ ...batch, uploads: new Map([['tmp/b.pdf', upload]]) })
    await store.putUpload(uploadOf('tmp/b.pdf', 2))
    const sessions = await store.findSessions(addressesOf(head, 0, 'session', 3))
    t.same(sessions.map(session => session?.documents[0]?.upload), [null, upload, null])
  })

  t.test('equal batches are told apart by how many came before, also when they come at once', async t => {
    const store = (await make(t)).namespace('default')
    const occurrences = await Promise.all(Array.from({ length: 10 }, async () => await store.addBatch(batch)))
    t.same(occurrences.sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    const sessions = await store.findSessions(occurrences.flatMap(occurrence => addressesOf(head, occurrence, 'session', 3)))
    t.equal(new Set(sessions.map(session => session?.id)).size, 30)
    t.equal(sessions.includes(undefined), false)
  })

  t.test('sessions are found in the order in which they were asked for', async t => {
    const store = (await make(t)).namespace('default')
    await store.addBatch(batch)
    const [a = '', b = ''] = addressesOf(head, 0, 'session', 2)
    t.same((await store.findSessions([b, UNKNOWN, a, b])).map(session => session?.id), [b, undefined, a, b])
  })

  t.test('runs are appended to all of the named sessions, and are found by their ids', async t => {
    const store = (await make(t)).namespace('default')
    await store.addBatch(batch)
    const [a = '', b = ''] = addressesOf(head, 0, 'session', 2)
    await store.addRuns([a, b], { askedAt: 5, template: demoTemplate, pace, scripts: new Map() })
    await store.addRuns([a], { askedAt: 9, template: demoTemplate, pace, scripts: new Map() })
    const sessions = await store.findSessions([a, b])
    t.same(sessions.map(session => session?.runs.map(({ askedAt }) => askedAt)), [[5, 9], [5]])
    const runs = sessions.flatMap(session => session?.runs ?? [])
    t.equal(new Set(runs.map(({ id }) => id)).size, 3)
    for (const [index, run] of runs.entries()) t.equal((await store.findSessionOfResult(run.id))?.id, [a, a, b][index])
  })

  t.test('when one of the sessions is unknown, none gets a run', async t => {
    const store = (await make(t)).namespace('default')
    await store.addBatch(batch)
    const [a = ''] = addressesOf(head, 0, 'session', 1)
    await t.rejects(store.addRuns([a, UNKNOWN], { askedAt: 5, template: demoTemplate, pace, scripts: new Map() }), { message: `no session ${UNKNOWN}` })
    t.same((await store.findSessions([a]))[0]?.runs, [])
  })

  t.test('runs that are asked for at once all count', async t => {
    const store = (await make(t)).namespace('default')
    await store.addBatch(batch)
    const [a = ''] = addressesOf(head, 0, 'session', 1)
    await Promise.all(Array.from({ length: 10 }, async () => { await store.addRuns([a], { askedAt: 5, template: demoTemplate, pace, scripts: new Map() }) }))
    const [session] = await store.findSessions([a])
    t.equal(new Set(session?.runs.map(({ id }) => id)).size, 10)
  })

  t.test('the plan of a parsing, of an automatic run and of one that was asked for can be replaced', async t => {
    const store = (await make(t)).namespace('default')
    await store.addBatch(batch)
    const ids = addressesOf(head, 0, 'session', 3)
    for (const askedAt of [5, 6]) await store.addRuns([ids[1] ?? ''], { template: demoTemplate, askedAt, pace, scripts: new Map() })
    const before = await store.findSessions(ids)
    const [, second] = before
    const [first = { id: '' }, other] = second?.runs ?? []
    const parsePlan = { queueMs: 0, parseMs: 7, failure: 'why', pages: null, lateName: false }
    const extractPlan = { queueMs: 0, extractMs: 7, failure: 'why', fixture: null }
    await store.putParsePlan(addressesOf(head, 0, 'document', 3)[1] ?? '', parsePlan)
    await store.putExtractPlan(second?.automaticRun?.id ?? '', extractPlan)
    await store.putExtractPlan(first.id, { ...extractPlan, extractMs: 8 })
    const after = await store.findSessions(ids)
    t.same([after[0], after[2]], [before[0], before[2]])
    t.same(after[1], {
      ...second,
      documents: second?.documents.map(document => ({ ...document, parse: { askedAt: 0, plan: parsePlan } })),
      automaticRun: { id: second?.automaticRun?.id, plan: extractPlan },
      runs: [{ ...first, plan: { ...extractPlan, extractMs: 8 } }, other]
    })
    await t.rejects(store.putParsePlan(UNKNOWN, parsePlan))
    await t.rejects(store.putExtractPlan(UNKNOWN, extractPlan))
  })

  t.test('what is removed is not found any more, and nothing else gets its id', async t => {
    const store = (await make(t)).namespace('default')
    await store.addBatch(batch)
    const [a = '', b = '', c = ''] = addressesOf(head, 0, 'session', 3)
    const asked = { askedAt: 5, template: demoTemplate, pace, scripts: new Map() }
    const [first] = await store.addRuns([b], asked)
    const automatic = addressesOf(head, 0, 'result', 3)[1] ?? ''
    await store.remove([a, String(first?.id), automatic])
    t.same((await store.findSessions([a, b, c])).map(session => session && [session.runs, session.automaticRun === null]), [undefined, [[], true], [[], false]])
    t.equal(await store.findSessionOfDocument(addressesOf(head, 0, 'document', 1)[0] ?? ''), undefined)
    t.equal(await store.findSessionOfResult(String(first?.id)), undefined)
    t.equal(await store.findSessionOfResult(automatic), undefined)
    await t.rejects(store.addRuns([a], asked))
    const [second] = await store.addRuns([b], asked)
    t.not(second?.id, first?.id)
    const ids = []
    for await (const { id } of store.sessions()) ids.push(id)
    t.same(ids, [b, c])
    t.equal(await store.addBatch(batch), 1)
  })

  t.test('records that were handed out do not change', async t => {
    const store = (await make(t)).namespace('default')
    await store.addBatch(batch)
    const [a = ''] = addressesOf(head, 0, 'session', 1)
    const [before] = await store.findSessions([a])
    const copy = structuredClone(before)
    await store.addRuns([a], { askedAt: 5, template: demoTemplate, pace, scripts: new Map() })
    t.same(before, copy)
  })

  t.test('of two uploads under one key the later counts', async t => {
    const store = (await make(t)).namespace('default')
    await store.putUpload(uploadOf('tmp/a.pdf', 1))
    await store.putUpload(uploadOf('tmp/a.pdf', 2))
    t.same(await store.findUploads(['tmp/a.pdf', 'tmp/a.pdf', 'tmp/none.pdf']), new Map([['tmp/a.pdf', uploadOf('tmp/a.pdf', 2)]]))
  })

  t.test('occurrences are counted by key, without gaps or repeats', async t => {
    const store = (await make(t)).namespace('default')
    const counted = await Promise.all(['x', 'x', 'y', 'x'].map(async key => await store.countOccurrence(key)))
    t.same([...counted].sort((a, b) => a - b), [0, 0, 1, 2])
    t.equal(await store.countOccurrence('y'), 1)
  })

  t.test('namespaces do not see each other', async t => {
    const store = await make(t)
    const [one, other] = [store.namespace('one'), store.namespace('other')]
    await one.addBatch(batch)
    await one.putUpload(uploadOf('tmp/a.pdf'))
    await one.countOccurrence('x')
    const [a = ''] = addressesOf(head, 0, 'session', 1)
    t.same(await other.findSessions([a]), [undefined])
    t.same(await other.findUploads(['tmp/a.pdf']), new Map())
    t.equal(await other.countOccurrence('x'), 0)
    t.equal(await other.addBatch(batch), 0)
    t.equal((await store.namespace('one').findSessions([a]))[0]?.id, a, 'a namespace is the same whenever it is asked for')
  })

  t.test('whatever is added in whatever order, everything is found again, once', async t => {
    const store = await make(t)
    await fc.assert(fc.asyncProperty(fc.array(fc.array(fc.constantFrom(...files), { minLength: 1, maxLength: 50 }), { maxLength: 8 }), async batches => {
      const namespace = store.namespace(randomUUID())
      const ids: string[] = []
      for (const files of batches) {
        const head = batchHeadOf('seed', 'n', { template: demoTemplate, autoExtract: false, files })
        ids.push(...addressesOf(head, await namespace.addBatch(batchOf(head, files)), 'session', files.length))
      }
      const found = await namespace.findSessions(ids)
      return new Set(ids).size === ids.length &&
        JSON.stringify(found.map(session => session?.id)) === JSON.stringify(ids) &&
        JSON.stringify(found.map(session => session?.documents[0]?.key)) === JSON.stringify(batches.flat())
    }), { numRuns: 50 })
  })
}
