import t from 'tap'
import type { Document, RunRequest } from '../../../src/domain/lifecycle/records.ts'
import type { Script } from '../../../src/domain/lifecycle/outcome.ts'
import { demoTemplate } from '../../../src/config/demo-data.ts'
import { newDocument } from '../../../src/domain/lifecycle/new-document.ts'
import { parsingHashOf } from '../../../src/domain/templates/config-hash.ts'
import { isUuid } from '../../../src/domain/ids.ts'
import { nextRunOf, parsingOf } from '../../../src/domain/lifecycle/run.ts'
import { sessionWith, uploadOf } from '../records.ts'

const second = { base: 1_000, spread: 0 }
const spread = { base: 1_000, spread: 500 }
const request: RunRequest = {
  requestedAt: 5,
  template: demoTemplate,
  pace: { queue: second, parse: second, extract: second },
  scripts: new Map()
}
const varied: RunRequest = { ...request, pace: { queue: spread, parse: spread, extract: spread } }

function unparsed (id: string): Document {
  return newDocument({ id, workspaceId: 1, key: `tmp/${id}.pdf`, upload: null, createdAt: 3 })
}

t.test('a run uses the last parsing of each document of its session, in order', async t => {
  const session = sessionWith()
  const [document] = session.documents
  const [first] = document.parsings
  const again = { ...document.parsings[0], index: 1, requestedAt: 2, configHash: 'other' } as typeof document.parsings[0] & object
  const reparsed = { ...document, id: 'reparsed', parsings: [...document.parsings, again] }
  const run = nextRunOf({ ...session, documents: [reparsed, document] }, 0, request)
  t.ok(isUuid(run.id))
  t.same(run, {
    id: run.id,
    requestedAt: 5,
    template: demoTemplate,
    plan: { queueMs: 1_000, extractMs: 1_000, failure: null, fixture: null },
    inputs: [{ document: reparsed, parsing: again }, { document, parsing: first }]
  })
})

t.test('a document without a parsing is parsed for the run, with the settings of its template', async t => {
  const template = { ...demoTemplate, settings: { parsing: { contextual_embedding: true } } }
  const document = unparsed('new')
  const run = nextRunOf({ ...sessionWith(), documents: [document] }, 0, { ...request, template })
  t.same(run.inputs, [{
    document,
    parsing: {
      index: 0,
      configHash: parsingHashOf(template),
      parserVersion: 'v1',
      requestedAt: 5,
      plan: { queueMs: 1_000, parseMs: 1_000, failure: null, pages: null, lateName: false }
    }
  }])
})

t.test('the id and the plan of a run depend on the session and the number of runs before', async t => {
  const session = sessionWith()
  const first = nextRunOf(session, 0, varied)
  const next = nextRunOf(session, 1, varied)
  t.not(first.id, next.id)
  t.notSame(first.plan, next.plan)
  t.same(nextRunOf(session, 0, varied), first)
  t.not(nextRunOf({ ...session, id: 'other' }, 0, varied).id, first.id)
})

t.test('a run follows the script for its attempt; the automatic run is attempt 1', async t => {
  const script = [1, 2].map(attempt => ({ from: attempt, to: attempt, outcome: { extractFailure: `attempt ${attempt}` } }))
  const scripted = { ...request, scripts: new Map([['session', script]]) }
  t.equal(nextRunOf(sessionWith(), 0, scripted).plan.failure, 'attempt 1')
  t.equal(nextRunOf(sessionWith({ auto: true }), 0, scripted).plan.failure, 'attempt 2')
  t.equal(nextRunOf(sessionWith({ auto: true }), 1, scripted).plan.failure, null)
  t.equal(nextRunOf({ ...sessionWith(), autoExtract: null }, 0, scripted).plan.failure, 'attempt 1')
})

t.test('a new parsing follows the script for its document; existing parsings stay', async t => {
  const script = (parseFailure: string): Script => [{ from: 1, to: 1, outcome: { parseFailure, pages: 7 } }]
  const session = sessionWith()
  const scripts = new Map([['session', script('session')], ['new', script('new')], ['document', script('document')]])
  const run = nextRunOf({ ...session, documents: [unparsed('new'), unparsed('other'), ...session.documents] }, 0, { ...request, scripts })
  t.same(run.inputs.map(({ parsing: { plan: { failure, pages } } }) => ({ failure, pages })), [
    { failure: 'new', pages: 7 },
    { failure: null, pages: null },
    { failure: null, pages: null }
  ])
})

t.test('each parsing of a document has its own plan, and fails if the upload is unreadable', async t => {
  const upload = uploadOf({ inspection: { mime: 'application/pdf', pageCount: 0, failure: 'The file is encrypted.' } })
  const facts = { index: 0, configHash: 'hash', parserVersion: 'v2', requestedAt: 9 }
  const parsing = parsingOf({ ...unparsed('new'), upload }, facts, varied.pace, {})
  t.same({ ...parsing, plan: parsing.plan.failure }, { ...facts, plan: 'The file is encrypted.' })
  const first = parsingOf(unparsed('new'), facts, varied.pace, {})
  t.notSame(parsingOf(unparsed('new'), { ...facts, index: 1 }, varied.pace, {}).plan, first.plan)
  t.notSame(parsingOf(unparsed('other'), facts, varied.pace, {}).plan, first.plan)
  t.same(parsingOf(unparsed('new'), facts, varied.pace, {}), first)
})
