import fc from 'fast-check'
import type { Document, RunInput, Parsing, Run, Session } from '../../src/domain/lifecycle/records.ts'
import { known } from '../../src/domain/known.ts'
import { UPLOADED } from '../../src/domain/lifecycle/new-document.ts'
import { demoTemplate } from '../../src/config/demo-data.ts'

/** The documents and sessions of one workspace, after their last recorded fact. */
export interface RandomRecords {
  readonly documents: readonly Document[]
  readonly sessions: readonly Session[]
  /** The instant of the last fact: later changes happen by themselves only. */
  readonly settledAt: number
}

const milliseconds = fc.nat({ max: 10_000 })
/** Infinity: some work never ends. */
const lengths = fc.oneof({ weight: 9, arbitrary: milliseconds }, { weight: 1, arbitrary: fc.constant(Infinity) })
const failures = fc.option(fc.constantFrom('a reason', 'another'), { nil: null })

const parsings = fc.record({
  after: milliseconds,
  plan: fc.record({ queueMs: milliseconds, parseMs: lengths, failure: failures, pages: fc.constant(null), lateName: fc.boolean() })
})

const documents = fc.record({ createdAt: milliseconds, parsings: fc.array(parsings, { maxLength: 3 }) })

const extractPlans = fc.record({ queueMs: milliseconds, extractMs: lengths, failure: failures, fixture: fc.constant(null) })

/** A subset of the documents, as a bit mask; and for each document a number that selects one of its parsings. */
const choices = fc.record({ mask: fc.nat({ max: 7 }), parsings: fc.array(fc.nat({ max: 2 }), { minLength: 3, maxLength: 3 }) })

const sessions = fc.record({
  createdAt: milliseconds,
  attached: fc.nat({ max: 7 }),
  named: fc.boolean(),
  automatic: fc.option(fc.record({ plan: extractPlans, inputs: choices }), { nil: null }),
  runs: fc.array(fc.record({ requestedAt: milliseconds, plan: extractPlans, inputs: choices }), { maxLength: 3 })
})

/** Up to three documents, each parsed up to three times, and up to three sessions with runs over any of them. */
export const randomRecords: fc.Arbitrary<RandomRecords> = fc.record({
  documents: fc.array(documents, { minLength: 1, maxLength: 3 }),
  sessions: fc.array(sessions, { minLength: 1, maxLength: 3 })
}).map(drawn => {
  const documents = drawn.documents.map(({ createdAt, parsings }, index): Document => ({
    id: `document-${index}`,
    workspaceId: 1,
    key: `tmp/${index}.pdf`,
    filename: null,
    upload: null,
    source: UPLOADED,
    createdAt,
    parsings: parsings.map(({ plan }, index): Parsing => ({
      index,
      configHash: `hash-${index}`,
      parserVersion: 'v1',
      requestedAt: parsings.slice(0, index + 1).reduce((sum, { after }) => sum + after, createdAt),
      plan
    }))
  }))

  function subset (mask: number): Document[] {
    return documents.filter((_, index) => (mask & 2 ** index) !== 0)
  }

  function inputsOf ({ mask, parsings }: { mask: number, parsings: number[] }): RunInput[] {
    return subset(mask).flatMap((document, index) => {
      const parsing = document.parsings[known(parsings[index], 'there is a number for each document') % document.parsings.length]
      return parsing === undefined ? [] : [{ document, parsing }]
    })
  }

  const sessions = drawn.sessions.map(({ createdAt, attached, named, automatic, runs }, index): Session => {
    const [first] = inputsOf({ mask: attached, parsings: [0, 0, 0] })
    return {
      id: `session-${index}`,
      template: demoTemplate,
      name: named || first === undefined ? 'March' : first,
      autoExtract: automatic !== null,
      createdAt,
      renamedAt: null,
      documents: subset(attached),
      runs: runs
        .map(({ inputs, ...run }, runIndex): Run => ({
          ...run, id: `run-${index}-${runIndex}`, template: demoTemplate, inputs: inputsOf(inputs)
        }))
        .sort((a, b) => a.requestedAt - b.requestedAt),
      automaticRun: automatic && {
        id: `automatic-${index}`, template: demoTemplate, plan: automatic.plan, inputs: inputsOf(automatic.inputs)
      }
    }
  })

  const facts = [
    ...documents.flatMap(({ createdAt, parsings }) => [createdAt, ...parsings.map(({ requestedAt }) => requestedAt)]),
    ...sessions.flatMap(({ createdAt, runs }) => [createdAt, ...runs.map(({ requestedAt }) => requestedAt)])
  ]
  return { documents, sessions, settledAt: Math.max(...facts) }
})
