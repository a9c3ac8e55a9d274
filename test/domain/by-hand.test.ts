import t from 'tap'
import fc from 'fast-check'
import type { Session } from '../../src/domain/records.ts'
import { parsingEndedAt, runEndedAt } from '../../src/domain/by-hand.ts'
import { documentAt, resultAt, runOf } from '../../src/domain/lifecycle.ts'
import { statusesAt } from '../../src/domain/transitions.ts'
import { sessionWith } from './records.ts'

const failures = fc.option(fc.constant('why'), { nil: null })

/** Whether two sessions are the same at every instant before `now`. */
function sameBefore (now: number, one: Session, other: Session): boolean {
  return [0, 500, 1_000, 5_000, 11_000, 12_000, 50_000, now - 1].filter(at => at < now).every(at => {
    return JSON.stringify([...statusesAt(one, at)]) === JSON.stringify([...statusesAt(other, at)])
  })
}

t.test('a parsing ends when it is ended, as it is ended, and what was before stays', async t => {
  fc.assert(fc.property(fc.nat({ max: 10_999 }), failures, failures, fc.boolean(), (now, planned, failure, auto) => {
    const before = sessionWith({ auto, parse: { failure: planned } })
    const [document] = before.documents
    const after = { ...before, documents: [{ ...document, parse: { askedAt: 0, plan: parsingEndedAt(now, document, failure) } }] }
    const { status, updatedAt } = documentAt(after, after.documents[0] ?? document, now)
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
    const after = { ...before, runs: before.runs.map(run => ({ ...run, plan })), automaticRun: auto ? { id, plan } : null }
    const { status, completedAt } = resultAt(after, id, now) ?? {}
    return status === (failure === null ? 'completed' : 'failed') && completedAt === now && sameBefore(now, before, after)
  }))
  t.pass('whenever it is')
})
