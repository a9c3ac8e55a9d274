import t from 'tap'
import fc from 'fast-check'
import { addressesOf, batchHeadOf, MAX_BATCH, readAddress, sessionOf } from '../../src/domain/batch.ts'
import { drawOf, digestOf, isUuid, uuidOf } from '../../src/domain/ids.ts'
import { nextRunOf } from '../../src/domain/run.ts'
import { demoTemplate } from '../../src/demo.ts'
import type { ExtractPlan, ParsePlan } from '../../src/domain/plan.ts'
import type { Run } from '../../src/domain/records.ts'
import { LayeredMap } from '../../src/store/layered-map.ts'
import { batchOf, sessionWith } from './records.ts'

const V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const asked = { template: demoTemplate, autoExtract: false, files: ['tmp/a.pdf', 'tmp/b.pdf'] }

t.test('an id depends on what it is made of and on nothing else', async t => {
  t.equal(uuidOf('seed', 1, true), 'd04e74ab-367d-4ad6-8d0b-6da493a00d25')
  fc.assert(fc.property(fc.array(fc.string()), parts => V4.test(uuidOf(...parts)) && new Set([uuidOf(...parts), uuidOf(...parts)]).size === 1))
  t.not(uuidOf('a', 'b'), uuidOf('ab'))
})

t.test('a batch has another head with another seed, namespace, template, setting or list of files', async t => {
  const heads = [
    batchHeadOf('1', 'default', asked),
    batchHeadOf('2', 'default', asked),
    batchHeadOf('1', 'other', asked),
    batchHeadOf('1', 'default', { ...asked, template: { ...demoTemplate, id: uuidOf('x') } }),
    batchHeadOf('1', 'default', { ...asked, autoExtract: true }),
    batchHeadOf('1', 'default', { ...asked, files: ['tmp/b.pdf', 'tmp/a.pdf'] })
  ]
  t.equal(new Set(heads).size, heads.length)
  t.equal(batchHeadOf('1', 'default', asked), heads[0])
})

t.test('addresses are version 4 UUIDs, all different, and can be read back', async () => {
  fc.assert(fc.property(fc.string(), fc.nat({ max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: MAX_BATCH }), (seed, occurrence, count) => {
    const head = batchHeadOf(seed, 'default', asked)
    const kinds = ['session', 'document', 'result'] as const
    const ids = kinds.flatMap(kind => addressesOf(head, occurrence, kind, count))
    return new Set(ids).size === 3 * count && ids.every(id => V4.test(id)) && kinds.every(kind =>
      addressesOf(head, occurrence, kind, count).every((id, place) => {
        const address = readAddress(id)
        return address?.head === head && address.occurrence === occurrence && address.kind === kind && address.place === place
      }))
  }))
})

t.test('an id that cannot be an address is none', async t => {
  t.equal(readAddress('3c90c3cc-0d44-4b50-8888-8dd25736052a'), undefined)
  t.equal(readAddress('3c90c3cc-0d44-4b50-8888-00000000f001'), undefined)
})

const NOTHING = { runs: new LayeredMap<string, Run[]>(), parsePlans: new LayeredMap<string, ParsePlan>(), extractPlans: new LayeredMap<string, ExtractPlan>(), removed: new LayeredMap<string, true>() }

t.test('a session of a batch has one document, and an automatic run if it was asked for', async t => {
  const head = batchHeadOf('1', 'default', asked)
  const batch = batchOf(head, asked.files, { autoExtract: true, createdAt: 7 })
  const address = { head, occurrence: 0, kind: 'session', place: 1 } as const
  const plan = { queueMs: 1_000, failure: null }
  t.same(sessionOf(batch, address, NOTHING), {
    id: `${head}000000000001`,
    template: demoTemplate,
    autoExtract: true,
    createdAt: 7,
    documents: [{
      id: `${head}000000001001`,
      workspaceId: 1,
      key: 'tmp/b.pdf',
      upload: null,
      createdAt: 7,
      parse: { askedAt: 7, plan: { ...plan, parseMs: 1_000, pages: null, lateName: false } }
    }],
    runs: [],
    automaticRun: { id: `${head}000000002001`, plan: { ...plan, extractMs: 1_000, fixture: null } }
  })
  t.equal(sessionOf({ ...batch, autoExtract: false }, address, NOTHING)?.automaticRun, null)
  t.equal(sessionOf(batch, { ...address, place: 2 }, NOTHING), undefined)
})

t.test('runs of one session have ids and plans of their own', async t => {
  const span = { base: 1_000, spread: 500 }
  const request = { askedAt: 5, template: demoTemplate, pace: { queue: span, parse: span, extract: span }, scripts: new Map() }
  const session = sessionWith()
  const first = nextRunOf(session, 0, request)
  const second = nextRunOf(session, 1, request)
  t.not(first.id, second.id)
  t.not(first.plan, second.plan)
  t.same(nextRunOf(session, 0, request), first)
  t.same({ ...first, id: '', plan: {} }, { id: '', plan: {}, askedAt: 5, template: demoTemplate })
})

t.test('a run is as its attempt was scripted, and the automatic run is the first attempt', async t => {
  const span = { base: 1_000, spread: 0 }
  const script = [1, 2].map(n => ({ from: n, to: n, outcome: { extractFailure: `attempt ${n}` } }))
  const request = { askedAt: 5, template: demoTemplate, pace: { queue: span, parse: span, extract: span }, scripts: new Map([['session', script]]) }
  t.equal(nextRunOf(sessionWith(), 0, request).plan.failure, 'attempt 1')
  t.equal(nextRunOf(sessionWith({ auto: true }), 0, request).plan.failure, 'attempt 2')
  t.equal(nextRunOf(sessionWith({ auto: true }), 1, request).plan.failure, null)
})

t.test('draws lie between 0 and 1', async () => {
  fc.assert(fc.property(fc.string(), fc.nat({ max: 7 }), (text, n) => {
    const draw = drawOf(digestOf(text), n)
    return draw >= 0 && draw < 1
  }))
})

t.test('UUIDs are told from other text in either case', async t => {
  t.ok(isUuid('550e8400-e29b-41d4-a716-446655440000'))
  t.ok(isUuid('550E8400-E29B-41D4-A716-446655440000'))
  for (const text of ['', 'x', '550e8400e29b41d4a716446655440000', ' 550e8400-e29b-41d4-a716-446655440000', '550e8400-e29b-41d4-a716-44665544000g']) t.notOk(isUuid(text), text)
})
