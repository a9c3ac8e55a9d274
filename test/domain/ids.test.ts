import t from 'tap'
import fc from 'fast-check'
import {
  addressesOf, batchHeadOf, batchKey, documentOf, idAt, MAX_BATCH, readAddress, sessionOf, type Address, type LaterFacts
} from '../../src/domain/lifecycle/batch.ts'
import { uniform, digestOf, isUuid, uuidOf } from '../../src/domain/ids.ts'
import { demoTemplate } from '../../src/config/demo-data.ts'
import type { Batch, Parsing, Session } from '../../src/domain/lifecycle/records.ts'
import { UPLOADED } from '../../src/domain/lifecycle/new-document.ts'
import { parsingHashOf } from '../../src/domain/templates/config-hash.ts'
import { batchOf } from './records.ts'

const V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const asked = { template: demoTemplate, autoExtract: false, files: ['tmp/a.pdf', 'tmp/b.pdf'] }

t.test('an id depends on its parts only', async t => {
  t.equal(uuidOf('seed', 1, true), 'd04e74ab-367d-4ad6-8d0b-6da493a00d25')
  fc.assert(fc.property(fc.array(fc.string()), parts => V4.test(uuidOf(...parts)) && uuidOf(...parts) === uuidOf(...[...parts])))
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
    const batch = batchKey(batchHeadOf(seed, 'default', asked), occurrence)
    const kinds = ['session', 'document', 'result'] as const
    const ids = kinds.flatMap(kind => addressesOf(batch, kind, count))
    return new Set(ids).size === 3 * count && ids.every(id => V4.test(id)) && kinds.every(kind =>
      addressesOf(batch, kind, count).every((id, place) => {
        const address = readAddress(id)
        return address?.batch === batch && address.kind === kind && address.place === place && idAt(address, kind) === id
      }))
  }))
})

t.test('an id that cannot be an address is none', async t => {
  t.equal(readAddress('3c90c3cc-0d44-4b50-8888-8dd25736052a'), undefined)
  t.equal(readAddress('3c90c3cc-0d44-4b50-8888-00000000f001'), undefined)
})

const NOTHING: LaterFacts = () => undefined

/** The session at an address, with its document. */
function sessionAtAddress (batch: Batch, address: Address, later: LaterFacts): Session | undefined {
  const document = documentOf(batch, address, later)
  return document && sessionOf(batch, address, document, later)
}

t.test('a session of a batch has one document, and an automatic run if it was asked for', async t => {
  const head = batchHeadOf('1', 'default', asked)
  const batch = batchOf(head, asked.files, { autoExtract: true, createdAt: 7 })
  const address = { batch: batchKey(head, 0), kind: 'session', place: 1 } as const
  const plan = { queueMs: 1_000, failure: null }
  const parsing = { index: 0, configHash: parsingHashOf(demoTemplate), parserVersion: 'v1', requestedAt: 7, plan: { ...plan, parseMs: 1_000, pages: null, lateName: false } }
  const document = { id: `${head}000000001001`, workspaceId: 1, key: 'tmp/b.pdf', filename: null, upload: null, source: UPLOADED, createdAt: 7, parsings: [parsing] }
  t.same(sessionAtAddress(batch, address, NOTHING), {
    id: `${head}000000000001`,
    template: demoTemplate,
    name: { document, parsing },
    autoExtract: true,
    createdAt: 7,
    renamedAt: null,
    documents: [document],
    runs: [],
    automaticRun: { id: `${head}000000002001`, template: demoTemplate, inputs: [{ document, parsing }], plan: { ...plan, extractMs: 1_000, fixture: null } }
  })
  t.equal(sessionAtAddress({ ...batch, autoExtract: false }, address, NOTHING)?.automaticRun, null)
  t.equal(sessionAtAddress(batch, { ...address, place: 2 }, NOTHING), undefined)
})

t.test('what has happened since goes over what was planned for a file of a batch', async t => {
  const head = batchHeadOf('1', 'default', asked)
  const batch = batchOf(head, asked.files, { autoExtract: true })
  const address = { batch: batchKey(head, 0), kind: 'session', place: 1 } as const
  const before = sessionAtAddress(batch, address, NOTHING)
  const first = before?.documents[0]?.parsings[0] as Parsing
  const ended = { ...first, plan: { ...first.plan, parseMs: 7 } }
  const again = { ...first, index: 1, requestedAt: 9 }
  const extractPlan = { queueMs: 0, extractMs: 7, failure: null, fixture: null }
  const facts = new Map([[`${head}000000001001`, { parsings: [ended, again] }], [`${head}000000002001`, { plan: extractPlan }]])
  const after = sessionAtAddress(batch, address, id => facts.get(id))
  const document = { ...before?.documents[0], parsings: [ended, again] }
  t.same(after, { ...before, name: { document, parsing: ended }, documents: [document], automaticRun: { ...before?.automaticRun, inputs: [{ document, parsing: ended }], plan: extractPlan } })
})

t.test('uniform numbers are at least 0 and below 1', async () => {
  fc.assert(fc.property(fc.string(), fc.nat({ max: 7 }), (text, index) => {
    const number = uniform(digestOf(text), index)
    return number >= 0 && number < 1
  }))
})

t.test('recognises UUIDs in either case', async t => {
  t.ok(isUuid('550e8400-e29b-41d4-a716-446655440000'))
  t.ok(isUuid('550E8400-E29B-41D4-A716-446655440000'))
  t.notOk(isUuid(''))
  t.notOk(isUuid('550e8400e29b41d4a716446655440000'))
  t.notOk(isUuid(' 550e8400-e29b-41d4-a716-446655440000'))
  t.notOk(isUuid('550e8400-e29b-41d4-a716-44665544000g'))
})
