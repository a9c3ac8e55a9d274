import { Type, type Static } from '@sinclair/typebox'
import type { Fixture, Outcome, OutcomeRule } from '../domain/lifecycle/outcome.ts'
import { readDuration } from '../domain/lifecycle/durations.ts'
import { nameOfAttempts, type OutcomeRules } from '../domain/lifecycle/outcomes.ts'
import { unprocessable } from '../http/errors.ts'
import { withoutUndefined } from './schema.ts'

const DurationOrNever = Type.String({
  format: 'duration-or-never',
  description: 'A duration such as PT30S or 500ms, or never.',
  examples: ['PT30S']
})
const Fields = Type.Record(Type.String(), Type.Unknown(), { title: 'an object' })
const FieldsOrList = Type.Union([Fields, Type.Array(Fields, { title: 'a list of objects' })])
const Values = Type.Unsafe<NonNullable<Fixture['data']>>(Type.Record(Type.String(), FieldsOrList, {
  description: 'By group and field; an iterated group has a list of such objects.'
}))
export const Reason = Type.String({ minLength: 1, maxLength: 1_000 })

/** Exact values for a result. */
export const FixtureBody = Type.Object({
  data: Type.Optional(Values),
  audit_data: Type.Optional(Values),
  title: Type.Optional(Type.String({ maxLength: 1_000 }))
}, { additionalProperties: false })

const OutcomeBody = Type.Object({
  queue: Type.Optional(DurationOrNever),
  parse: Type.Optional(DurationOrNever),
  extract: Type.Optional(DurationOrNever),
  parse_failure: Type.Optional(Reason),
  extract_failure: Type.Optional(Reason),
  pages: Type.Optional(Type.Integer({ minimum: 1, maximum: 9_999 })),
  late_name: Type.Optional(Type.Boolean()),
  ...FixtureBody.properties
}, {
  additionalProperties: false,
  description: 'Properties that are left out keep their usual value. `data`, `audit_data` and `title` are exact; ' +
    '`data` needs `match.template` and must fit it.'
})

/** A scripted ending of parsings and runs. The same in the control API, in config files and in process. */
export const RuleBody = Type.Object({
  match: Type.Object({
    file: Type.Optional(Type.String({
      minLength: 1,
      maxLength: 1_024,
      description: 'A file key or a filename; * stands for any text.',
      examples: ['*invoice*.pdf']
    })),
    template: Type.Optional(Type.String({ format: 'uuid' })),
    sha256: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$', description: 'The digest of an uploaded file.' }))
  }, { additionalProperties: false, description: 'Every condition must hold; without conditions the rule matches every file.' }),
  attempts: Type.Record(Type.String(), OutcomeBody, {
    description: 'By attempt: a number, a range, or * for all others. ' +
      'The first run of a session, automatic or not, is attempt 1; parsing is part of attempt 1.',
    examples: [{ 1: { extract_failure: 'The model gave up.' }, '*': {} }]
  })
}, { additionalProperties: false })

export type RuleBody = Static<typeof RuleBody>

export type FixtureBody = Static<typeof FixtureBody>

export const NamedRuleBody = Type.Object({ name: Type.String(), match: RuleBody.properties.match, attempts: RuleBody.properties.attempts })

export type NamedRuleBody = Static<typeof NamedRuleBody>

/** Reads a rule as it is kept. */
export function readRule ({ match, attempts }: RuleBody): OutcomeRule {
  const script = Object.entries(attempts).map(([key, outcome]) => ({ ...readAttempts(key), outcome: readOutcome(outcome) }))
  // What is said of fewer attempts goes first, so that * is for all others.
  const lower = match.template === undefined ? match : { ...match, template: match.template.toLowerCase() }
  return { match: lower, script: script.sort((a, b) => (a.to - a.from) - (b.to - b.from)) }
}

function readAttempts (key: string): { from: number, to: number } {
  const [, first, last = first] = /^([1-9]\d{0,5})(?:-([1-9]\d{0,5}))?$/.exec(key) ?? []
  if (key === '*') return { from: 1, to: Infinity }
  if (first === undefined || Number(last) < Number(first)) {
    throw unprocessable({ [`attempts.${key}`]: [`The attempts.${key} field must be called by a number, a range or *: "1", "2-3", "*".`] })
  }
  return { from: Number(first), to: Number(last) }
}

function readOutcome (body: Static<typeof OutcomeBody>): Outcome {
  const { queue, parse, extract, parse_failure: parseFailure, extract_failure: extractFailure, pages, late_name: lateName } = body
  return withoutUndefined({
    queueMs: readSpan(queue),
    parseMs: readSpan(parse),
    extractMs: readSpan(extract),
    parseFailure,
    extractFailure,
    pages,
    lateName,
    fixture: readFixture(body)
  })
}

/** Exact values as they are kept; undefined for none. */
export function readFixture ({ data, audit_data: auditData, title }: Static<typeof FixtureBody>): Fixture | undefined {
  const fixture: Fixture = withoutUndefined({ data, auditData, title })
  return Object.keys(fixture).length === 0 ? undefined : fixture
}

/** Returns rules as they are written, in the order in which they are tried. */
export function presentRules (rules: OutcomeRules): NamedRuleBody[] {
  return [...rules].map(([name, rule]) => ({ name, ...presentRule(rule) }))
}

/** A rule as it is written. */
function presentRule ({ match, script }: OutcomeRule): RuleBody {
  const attempts = script.map(({ outcome, ...attempts }) => [nameOfAttempts(attempts), presentOutcome(outcome)])
  return { match, attempts: Object.fromEntries(attempts) }
}

function presentOutcome (outcome: Outcome): Static<typeof OutcomeBody> {
  const { queueMs, parseMs, extractMs, parseFailure, extractFailure, pages, lateName, fixture } = outcome
  return withoutUndefined({
    queue: presentSpan(queueMs),
    parse: presentSpan(parseMs),
    extract: presentSpan(extractMs),
    parse_failure: parseFailure,
    extract_failure: extractFailure,
    pages,
    late_name: lateName,
    data: fixture?.data,
    audit_data: fixture?.auditData,
    title: fixture?.title
  })
}

function readSpan (text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return text === 'never' ? Infinity : readDuration(text)
}

function presentSpan (ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined
  return ms === Infinity ? 'never' : `PT${ms / 1000}S`
}
