import type { Fixture, OutcomeRule } from '../domain/lifecycle/outcome.ts'
import type { Template } from '../domain/lifecycle/records.ts'
import { nameOfAttempts } from '../domain/lifecycle/outcomes.ts'
import { fixtureIssues } from '../domain/templates/fixture.ts'
import { unprocessable } from '../http/errors.ts'

/** Throws a 422 with the path of every value that does not fit the template; `at` is the path of the data. */
export function assertFixtureFits (
  template: Template,
  fixtures: ReadonlyArray<{ readonly at: string, readonly data: Fixture['data'] }>
): void {
  const errors = fixtures.flatMap(({ at, data = {} }) => fixtureIssues(template, data).map(([path, issue]): [string, string[]] => {
    const field = `${at}.${path}`
    return [field, [`The ${field} field ${issue}`]]
  }))
  if (errors.length > 0) throw unprocessable(Object.fromEntries(errors))
}

/** Throws a 422 where the data of a rule do not fit its template, or where it has data and no template. */
export function assertRuleFits ({ script }: OutcomeRule, template: Template | undefined): void {
  const fixtures = script
    .map(({ outcome: { fixture }, ...attempts }) => ({ at: `attempts.${nameOfAttempts(attempts)}.data`, data: fixture?.data }))
    .filter(({ data }) => data !== undefined)
  if (fixtures.length === 0) return
  if (template === undefined) {
    throw unprocessable({ 'match.template': ['The match.template field must name a template where attempts have data.'] })
  }
  assertFixtureFits(template, fixtures)
}
