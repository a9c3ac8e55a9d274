import t from 'tap'
import fc from 'fast-check'
import type { InspectedFile } from '../../../src/domain/files/upload.ts'
import { extractPlanOf, parsePlanOf } from '../../../src/domain/lifecycle/plan.ts'
import { uploadOf } from '../records.ts'

const ranges = fc.record({ base: fc.nat({ max: 100_000 }), spread: fc.nat({ max: 100_000 }) })
const paces = fc.record({ queue: ranges, parse: ranges, extract: ranges })

t.test('durations lie within their ranges, are never negative, and depend on the id only', async () => {
  fc.assert(fc.property(paces, fc.string(), (pace, id) => {
    const parse = parsePlanOf(pace, id, {}, null)
    const extract = extractPlanOf(pace, id, {})
    const within = (ms: number, { base, spread }: { base: number, spread: number }): boolean =>
      Number.isInteger(ms) && ms >= Math.max(0, base - spread) && ms <= base + spread
    return within(parse.queueMs, pace.queue) && within(parse.parseMs, pace.parse) && parse.failure === null &&
      within(extract.queueMs, pace.queue) && within(extract.extractMs, pace.extract) && extract.failure === null &&
      JSON.stringify(parsePlanOf(pace, id, {}, null)) === JSON.stringify(parse) &&
      JSON.stringify(extractPlanOf(pace, id, {})) === JSON.stringify(extract)
  }))
})

t.test('different ids spread over the range', async t => {
  const range = { base: 1_000, spread: 1_000 }
  const pace = { queue: range, parse: range, extract: range }
  const durations = Array.from({ length: 200 }, (_, index) => parsePlanOf(pace, String(index), {}, null).parseMs)
  t.ok(Math.min(...durations) < 100)
  t.ok(Math.max(...durations) > 1_900)
})

t.test('a scripted outcome replaces durations and results', async t => {
  const range = { base: 1_000, spread: 1_000 }
  const pace = { queue: range, parse: range, extract: range }
  t.same(parsePlanOf(pace, 'x', { queueMs: 1, parseMs: Infinity, parseFailure: 'why', pages: 3, lateName: true }, null), {
    queueMs: 1, parseMs: Infinity, failure: 'why', pages: 3, lateName: true
  })
  t.same(extractPlanOf(pace, 'x', { queueMs: 1, extractMs: 2, extractFailure: 'why', fixture: { title: 't' } }), {
    queueMs: 1, extractMs: 2, failure: 'why', fixture: { title: 't' }
  })
})

t.test('an unreadable upload fails to parse with its reason, unless another reason is scripted', async t => {
  const second = { base: 1_000, spread: 0 }
  const pace = { queue: second, parse: second, extract: second }
  const failureOf = (outcome: { parseFailure?: string }, inspection: InspectedFile | null): string | null => {
    return parsePlanOf(pace, 'x', outcome, uploadOf({ inspection })).failure
  }
  const unreadable = { mime: 'application/pdf', pageCount: 0, failure: 'The file is encrypted.' }
  t.equal(failureOf({}, unreadable), 'The file is encrypted.')
  t.equal(failureOf({ parseFailure: 'scripted' }, unreadable), 'scripted')
  t.equal(failureOf({}, { ...unreadable, pageCount: 1, failure: null }), null)
  t.equal(failureOf({}, null), null)
})
