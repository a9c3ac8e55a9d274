import t from 'tap'
import fc from 'fast-check'
import type { Parsing, Session } from '../../../src/domain/lifecycle/records.ts'
import { parsingEndedAt, runEndedAt } from '../../../src/domain/lifecycle/manual-completion.ts'
import { documentAt, resultAt, runOf } from '../../../src/domain/lifecycle/lifecycle.ts'
import { documentTimeline, sessionTimeline } from '../../../src/domain/lifecycle/transitions.ts'
import { foundIn, sessionWith } from '../records.ts'

const failures = fc.option(fc.constant('why'), { nil: null })

type TestSession = ReturnType<typeof sessionWith>

/** Returns the session with its parsing changed, as the store would assemble it. */
function withParsing (session: TestSession, change: (parsing: Parsing) => Parsing): TestSession {
  const [before] = session.documents
  const parsing = change(before.parsings[0] as Parsing)
  const document = { ...before, parsings: [parsing] }
  const inputs = [{ document, parsing }]
  const automaticRun = session.automaticRun && { ...session.automaticRun, inputs }
  return { ...session, name: { document, parsing }, documents: [document], automaticRun }
}

/** Returns whether two sessions and their documents have the same statuses before `now`. */
function sameBefore (now: number, one: Session, other: Session): boolean {
  const statusesAt = (session: Session, at: number): string => JSON.stringify([
    ...sessionTimeline(session).statusesAt(at),
    ...session.documents.flatMap(document => [...documentTimeline(foundIn([session], document)).statusesAt(at)])
  ])
  const instants = [0, 500, 1_000, 5_000, 11_000, 12_000, 50_000, now - 1]
  return instants.filter(at => at < now).every(at => statusesAt(one, at) === statusesAt(other, at))
}

t.test('completing a parsing ends it at that instant with that outcome, and keeps the statuses before', async t => {
  fc.assert(fc.property(fc.nat({ max: 10_999 }), failures, failures, fc.boolean(), (now, planned, failure, auto) => {
    const before = sessionWith({ auto, parse: { failure: planned } })
    const after = withParsing(before, parsing => parsingEndedAt(now, parsing, failure))
    const { status, updatedAt } = documentAt(foundIn([after], after.documents[0]), now)
    return status === (failure === null ? 'parsed' : 'failed') && updatedAt === now && sameBefore(now, before, after)
  }))
  t.pass('at any instant')
})

t.test('completing a run does the same, for a requested run and an automatic one', async t => {
  fc.assert(fc.property(fc.integer({ min: 11_000, max: 111_999 }), failures, failures, fc.boolean(), (now, planned, failure, auto) => {
    const before = sessionWith({ auto, runsAt: auto ? [] : [2_000], extract: { failure: planned } })
    const id = auto ? 'automatic' : 'run-1'
    const { run, readyAt } = runOf(before, id)
    const plan = runEndedAt(now, { readyAt, plan: run.plan }, failure)
    const automaticRun = before.automaticRun && { ...before.automaticRun, plan }
    const after = { ...before, runs: before.runs.map(run => ({ ...run, plan })), automaticRun }
    const { status, completedAt } = resultAt(after, id, now) ?? {}
    return status === (failure === null ? 'completed' : 'failed') && completedAt === now && sameBefore(now, before, after)
  }))
  t.pass('at any instant')
})

t.test('completing a run keeps the planned fixture unless another is given', async t => {
  const planned = { queueMs: 1_000, extractMs: 100_000, failure: null, fixture: { title: 'planned' } }
  t.same(runEndedAt(5_000, { readyAt: 3_000, plan: planned }, null), {
    queueMs: 1_000, extractMs: 1_000, failure: null, fixture: { title: 'planned' }
  })
  t.same(runEndedAt(3_500, { readyAt: 3_000, plan: planned }, 'why', { title: 'given' }), {
    queueMs: 500, extractMs: 0, failure: 'why', fixture: { title: 'given' }
  })
})
