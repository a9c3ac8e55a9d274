import t from 'tap'
import type { Document, Parsing } from '../../../src/domain/lifecycle/records.ts'
import { isParsed, nextParsingOf, type ReparseRequest } from '../../../src/domain/lifecycle/reparse.ts'
import { sessionWith } from '../records.ts'

const second = { base: 1_000, spread: 0 }
const pace = { queue: second, parse: second, extract: second }
const [document] = sessionWith().documents
const [existing] = document.parsings as [Parsing]
const plan = { queueMs: 1_000, parseMs: 1_000, failure: null, pages: null, lateName: false }

/** Returns the answer to a request at an instant; the document's parsing is queued from 0 s to 1 s and ends at 11 s. */
function reparse (request: ReparseRequest, requestedAt: number, reparsed: Document = document): Parsing {
  return nextParsingOf(reparsed, request, { requestedAt, pace, script: undefined })
}

t.test('a document without a parsing of that configuration gets a new one', async t => {
  t.same(reparse({ config_hash: 'other' }, 20_000), {
    index: 1, configHash: 'other', parserVersion: 'v1', requestedAt: 20_000, plan
  })
  t.same(reparse({ config_hash: 'other', parser_version: 'v9' }, 0), {
    index: 1, configHash: 'other', parserVersion: 'v9', requestedAt: 0, plan
  })
  t.same(reparse({ config_hash: 'hash' }, 5, { ...document, parsings: [] }), {
    index: 0, configHash: 'hash', parserVersion: 'v1', requestedAt: 5, plan
  })
})

t.test('answers with the existing parsing while it is unfinished, and when it is ready unless forced', async t => {
  const table: Array<[at: number, status: string, unforced: boolean, forced: boolean]> = [
    [0, 'queued', false, false],
    [1_000, 'parsing', false, false],
    [11_000, 'ready', false, true]
  ]
  for (const [at, status, unforced, forced] of table) {
    t.equal(reparse({ config_hash: 'hash' }, at) !== existing, unforced, status)
    t.equal(reparse({ config_hash: 'hash', force: false }, at) !== existing, unforced, status)
    t.equal(reparse({ config_hash: 'hash', force: true }, at) !== existing, forced, `${status}, forced`)
  }
  t.same(reparse({ config_hash: 'hash', force: true }, 11_000), {
    index: 1, configHash: 'hash', parserVersion: 'v1', requestedAt: 11_000, plan
  })
})

t.test('a failed parsing is repeated', async t => {
  const failed = { ...existing, plan: { ...existing.plan, failure: 'broken' } }
  const broken = { ...document, parsings: [failed] }
  t.equal(reparse({ config_hash: 'hash' }, 10_999, broken), failed, 'not before it has failed')
  t.same(reparse({ config_hash: 'hash' }, 11_000, broken), {
    index: 1, configHash: 'hash', parserVersion: 'v1', requestedAt: 11_000, plan
  })
})

t.test('the last of several parsings with a configuration decides', async t => {
  const parsings = [
    existing,
    { ...existing, index: 1, requestedAt: 20_000 },
    { ...existing, index: 2, requestedAt: 30_000, configHash: 'other' }
  ]
  t.equal(reparse({ config_hash: 'hash' }, 50_000, { ...document, parsings }), parsings[1])
  t.same(reparse({ config_hash: 'hash', force: true }, 50_000, { ...document, parsings }).index, 3)
  t.equal(reparse({ config_hash: 'other', force: true }, 35_000, { ...document, parsings }), parsings[2])
})

t.test('a parsing follows the script for its attempt; the first parsing of a document is attempt 1', async t => {
  const script = [1, 2].map(attempt => ({ from: attempt, to: attempt, outcome: { parseFailure: `attempt ${attempt}` } }))
  const failureOf = (parsings: Parsing[]): string | null => {
    return nextParsingOf({ ...document, parsings }, { config_hash: 'other' }, { requestedAt: 0, pace, script }).plan.failure
  }
  t.same([[], [existing], [existing, existing]].map(failureOf), ['attempt 1', 'attempt 2', null])
})

t.test('a parsing is parsed when it is ready', async t => {
  t.same([0, 1_000, 10_999, 11_000].map(at => isParsed(existing, at)), [false, false, false, true])
  t.equal(isParsed({ ...existing, plan: { ...existing.plan, failure: 'broken' } }, 11_000), false)
})
