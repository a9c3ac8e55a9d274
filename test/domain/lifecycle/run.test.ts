import t from 'tap'
import type { Document, RunRequest } from '../../../src/domain/lifecycle/records.ts'
import type { Script } from '../../../src/domain/lifecycle/outcome.ts'
import { demoTemplate } from '../../../src/demo.ts'
import { newDocument } from '../../../src/domain/lifecycle/new-document.ts'
import { parsingHashOf } from '../../../src/domain/templates/config-hash.ts'
import { isUuid } from '../../../src/domain/ids.ts'
import { nextRunOf, parsingOf } from '../../../src/domain/lifecycle/run.ts'
import { sessionWith, uploadOf } from '../records.ts'

const second = { base: 1_000, spread: 0 }
const spread = { base: 1_000, spread: 500 }
const request: RunRequest = { requestedAt: 5, template: demoTemplate, pace: { queue: second, parse: second, extract: second }, scripts: new Map() }
const varied: RunRequest = { ...request, pace: { queue: spread, parse: spread, extract: spread } }

function fresh (id: string): Document {
  return newDocument({ id, workspaceId: 1, key: `tmp/${id}.pdf`, upload: null, createdAt: 3 })
}

t.test('a run takes the last parsing of each document of its session, in their order', async t => {
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

t.test('a document that was never parsed is parsed for the run, by the settings of its template', async t => {
  const template = { ...demoTemplate, settings: { parsing: { contextual_embedding: true } } }
  const document = fresh('new')
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

t.test('runs of one session have ids and plans of their own, that follow from how many came before', async t => {
  const session = sessionWith()
  const first = nextRunOf(session, 0, varied)
  const next = nextRunOf(session, 1, varied)
  t.not(first.id, next.id)
  t.notSame(first.plan, next.plan)
  t.same(nextRunOf(session, 0, varied), first)
  t.not(nextRunOf({ ...session, id: 'other' }, 0, varied).id, first.id)
})

t.test('a run is as its attempt was scripted, and the automatic run is the first attempt', async t => {
  const script = [1, 2].map(n => ({ from: n, to: n, outcome: { extractFailure: `attempt ${n}` } }))
  const scripted = { ...request, scripts: new Map([['session', script]]) }
  t.equal(nextRunOf(sessionWith(), 0, scripted).plan.failure, 'attempt 1')
  t.equal(nextRunOf(sessionWith({ auto: true }), 0, scripted).plan.failure, 'attempt 2')
  t.equal(nextRunOf(sessionWith({ auto: true }), 1, scripted).plan.failure, null)
  t.equal(nextRunOf({ ...sessionWith(), autoExtract: null }, 0, scripted).plan.failure, 'attempt 1')
})

t.test('a parsing that it asks for is as was scripted for the document, whatever was for the session; those that were there stay', async t => {
  const script = (parseFailure: string): Script => [{ from: 1, to: 1, outcome: { parseFailure, pages: 7 } }]
  const session = sessionWith()
  const scripted = { ...request, scripts: new Map([['session', script('not this')], ['new', script('this')], ['document', script('nor this')]]) }
  const run = nextRunOf({ ...session, documents: [fresh('new'), fresh('other'), ...session.documents] }, 0, scripted)
  t.same(run.inputs.map(({ parsing: { plan: { failure, pages } } }) => ({ failure, pages })), [{ failure: 'this', pages: 7 }, { failure: null, pages: null }, { failure: null, pages: null }])
})

t.test('each parsing of a document has a plan of its own, and fails where nothing can be read', async t => {
  const upload = uploadOf({ inspection: { mime: 'application/pdf', pageCount: 0, failure: 'The file is encrypted.' } })
  const asked = { index: 0, configHash: 'hash', parserVersion: 'v2', requestedAt: 9 }
  const parsing = parsingOf({ ...fresh('new'), upload }, asked, varied.pace, {})
  t.same({ ...parsing, plan: parsing.plan.failure }, { ...asked, plan: 'The file is encrypted.' })
  t.notSame(parsingOf(fresh('new'), { ...asked, index: 1 }, varied.pace, {}).plan, parsingOf(fresh('new'), asked, varied.pace, {}).plan)
  t.notSame(parsingOf(fresh('other'), asked, varied.pace, {}).plan, parsingOf(fresh('new'), asked, varied.pace, {}).plan)
  t.same(parsingOf(fresh('new'), asked, varied.pace, {}), parsingOf(fresh('new'), asked, varied.pace, {}))
})
