import type { Fixture, OutcomeRule } from '../domain/lifecycle/outcome.ts'
import type { Template } from '../domain/lifecycle/records.ts'
import { nameOfAttempts } from '../domain/lifecycle/outcomes.ts'
import { fixtureIssues } from '../domain/templates/fixture.ts'
import { unprocessable } from '../http/errors.ts'

/** Throws a 422 with the path of every value that does not fit the template; `at` is where the data stand. */
export function assertFixtureFits (template: Template, fixtures: ReadonlyArray<{ readonly at: string, readonly data: Fixture['data'] }>): void {
  const errors = fixtures.flatMap(({ at, data = {} }) => fixtureIssues(template, data).map(([path, fault]): [string, string[]] => {
    const field = `${at}.${path}`
    return [field, [`The ${field} field ${fault}`]]
  }))
  if (errors.length > 0) throw unprocessable(Object.fromEntries(errors))
}

/** Throws a 422 where a rule's data do not fit the template that it is for; undefined for none. */
export function assertRuleFits ({ script }: OutcomeRule, template: Template | undefined): void {
  const fixtures = script.map(({ outcome: { fixture }, ...attempts }) => ({ at: `attempts.${nameOfAttempts(attempts)}.data`, data: fixture?.data })).filter(({ data }) => data !== undefined)
  if (fixtures.length === 0) return
  if (template === undefined) throw unprocessable({ 'match.template': ['The match.template field must name a template where attempts have data.'] })
  assertFixtureFits(template, fixtures)
}
