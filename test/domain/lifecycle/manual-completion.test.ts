import t from 'tap'
import fc from 'fast-check'
import type { Parsing, Session } from '../../../src/domain/lifecycle/records.ts'
import { parsingEndedAt, runEndedAt } from '../../../src/domain/lifecycle/manual-completion.ts'
import { documentAt, resultAt, runOf } from '../../../src/domain/lifecycle/lifecycle.ts'
import { documentTimeline, sessionTimeline } from '../../../src/domain/lifecycle/transitions.ts'
import { sessionWith } from '../records.ts'

const failures = fc.option(fc.constant('why'), { nil: null })

/** A session with another parsing of its document, as the store would find it. */
function withParsing (session: ReturnType<typeof sessionWith>, change: (parsing: Parsing) => Parsing): ReturnType<typeof sessionWith> {
  const [before] = session.documents
  const parsing = change(before.parsings[0] as Parsing)
  const document = { ...before, parsings: [parsing] }
  const inputs = [{ document, parsing }]
  return { ...session, name: { document, parsing }, documents: [document], automaticRun: session.automaticRun && { ...session.automaticRun, inputs } }
}

/** Whether two sessions with their documents are the same at every instant before `now`. */
function sameBefore (now: number, one: Session, other: Session): boolean {
  const seen = (session: Session, at: number): string => JSON.stringify([
    ...sessionTimeline(session).statusesAt(at),
    ...session.documents.flatMap(document => [...documentTimeline({ document, sessions: [session] }).statusesAt(at)])
  ])
  return [0, 500, 1_000, 5_000, 11_000, 12_000, 50_000, now - 1].filter(at => at < now).every(at => seen(one, at) === seen(other, at))
}

t.test('a parsing ends when it is ended, as it is ended, and what was before stays', async t => {
  fc.assert(fc.property(fc.nat({ max: 10_999 }), failures, failures, fc.boolean(), (now, planned, failure, auto) => {
    const before = sessionWith({ auto, parse: { failure: planned } })
    const after = withParsing(before, parsing => parsingEndedAt(now, parsing, failure))
    const { status, updatedAt } = documentAt(after.documents[0], [after], now)
    return status === (failure === null ? 'parsed' : 'failed') && updatedAt === now && sameBefore(now, before, after)
  }))
  t.pass('whenever it is')
})

t.test('so does a run, whether it was asked for or not', async t => {
  fc.assert(fc.property(fc.integer({ min: 11_000, max: 111_999 }), failures, failures, fc.boolean(), (now, planned, failure, auto) => {
    const before = sessionWith({ auto, runsAt: auto ? [] : [2_000], extract: { failure: planned } })
    const id = auto ? 'automatic' : 'run-1'
    const { run, readyAt } = runOf(before, id)
    const plan = runEndedAt(now, { readyAt, plan: run.plan }, failure)
    const after = { ...before, runs: before.runs.map(run => ({ ...run, plan })), automaticRun: before.automaticRun && { ...before.automaticRun, plan } }
    const { status, completedAt } = resultAt(after, id, now) ?? {}
    return status === (failure === null ? 'completed' : 'failed') && completedAt === now && sameBefore(now, before, after)
  }))
  t.pass('whenever it is')
})

t.test('what a run finds that is brought to an end may be said, or stays as it was planned', async t => {
  const planned = { queueMs: 1_000, extractMs: 100_000, failure: null, fixture: { title: 'planned' } }
  t.same(runEndedAt(5_000, { readyAt: 3_000, plan: planned }, null), { queueMs: 1_000, extractMs: 1_000, failure: null, fixture: { title: 'planned' } })
  t.same(runEndedAt(3_500, { readyAt: 3_000, plan: planned }, 'why', { title: 'said' }), { queueMs: 500, extractMs: 0, failure: 'why', fixture: { title: 'said' } })
})
