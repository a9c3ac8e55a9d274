import t from 'tap'
import type { Document, Parsing } from '../../../src/domain/lifecycle/records.ts'
import { isParsed, nextParsingOf, type Reparse } from '../../../src/domain/lifecycle/reparse.ts'
import { sessionWith } from '../records.ts'

const second = { base: 1_000, spread: 0 }
const pace = { queue: second, parse: second, extract: second }
const [document] = sessionWith().documents
const [usual] = document.parsings as [Parsing]
const plan = { queueMs: 1_000, parseMs: 1_000, failure: null, pages: null, lateName: false }

/** What is answered at an instant; the document's parsing waits from 0 s to 1 s and ends at 11 s. */
function asked (wish: Reparse, requestedAt: number, of: Document = document): Parsing {
  return nextParsingOf(of, wish, { requestedAt, pace, script: undefined })
}

t.test('a document that was never parsed with that configuration gets a parsing more', async t => {
  t.same(asked({ config_hash: 'other' }, 20_000), { index: 1, configHash: 'other', parserVersion: 'v1', requestedAt: 20_000, plan })
  t.same(asked({ config_hash: 'other', parser_version: 'v9' }, 0), { index: 1, configHash: 'other', parserVersion: 'v9', requestedAt: 0, plan })
  t.same(asked({ config_hash: 'hash' }, 5, { ...document, parsings: [] }), { index: 0, configHash: 'hash', parserVersion: 'v1', requestedAt: 5, plan })
})

t.test('what is under way is not asked for twice, and what is ready only if that is insisted on', async t => {
  const table: Array<[at: number, what: string, unforced: boolean, forced: boolean]> = [
    [0, 'queued', false, false],
    [1_000, 'parsing', false, false],
    [11_000, 'ready', false, true]
  ]
  for (const [at, what, unforced, forced] of table) {
    t.equal(asked({ config_hash: 'hash' }, at) !== usual, unforced, what)
    t.equal(asked({ config_hash: 'hash', force: false }, at) !== usual, unforced, what)
    t.equal(asked({ config_hash: 'hash', force: true }, at) !== usual, forced, `${what}, by force`)
  }
  t.same(asked({ config_hash: 'hash', force: true }, 11_000), { index: 1, configHash: 'hash', parserVersion: 'v1', requestedAt: 11_000, plan })
})

t.test('what has failed is tried again', async t => {
  const failed = { ...usual, plan: { ...usual.plan, failure: 'broken' } }
  const of = { ...document, parsings: [failed] }
  t.equal(asked({ config_hash: 'hash' }, 10_999, of), failed, 'not before it has')
  t.same(asked({ config_hash: 'hash' }, 11_000, of), { index: 1, configHash: 'hash', parserVersion: 'v1', requestedAt: 11_000, plan })
})

t.test('of several parsings with a configuration the last counts', async t => {
  const parsings = [usual, { ...usual, index: 1, requestedAt: 20_000 }, { ...usual, index: 2, requestedAt: 30_000, configHash: 'other' }]
  t.equal(asked({ config_hash: 'hash' }, 50_000, { ...document, parsings }), parsings[1])
  t.same(asked({ config_hash: 'hash', force: true }, 50_000, { ...document, parsings }).index, 3)
  t.equal(asked({ config_hash: 'other', force: true }, 35_000, { ...document, parsings }), parsings[2])
})

t.test('a parsing is as its attempt was scripted; the first parsing of the document was attempt 1', async t => {
  const script = [1, 2].map(n => ({ from: n, to: n, outcome: { parseFailure: `attempt ${n}` } }))
  const failureOf = (parsings: Parsing[]): string | null => nextParsingOf({ ...document, parsings }, { config_hash: 'other' }, { requestedAt: 0, pace, script }).plan.failure
  t.same([[], [usual], [usual, usual]].map(failureOf), ['attempt 1', 'attempt 2', null])
})

t.test('only what is ready is parsed', async t => {
  t.same([0, 1_000, 10_999, 11_000].map(at => isParsed(usual, at)), [false, false, false, true])
  t.equal(isParsed({ ...usual, plan: { ...usual.plan, failure: 'broken' } }, 11_000), false)
})
