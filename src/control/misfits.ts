import type { Fixture } from '../domain/outcomes.ts'
import type { Template } from '../domain/records.ts'
import { faultsOfFixture } from '../domain/fixture.ts'
import { unprocessable } from '../http/errors.ts'

/** Throws a 422 with the path of every value that does not fit the template; `at` is where the data stand. */
export function refuseMisfits (template: Template, fixtures: ReadonlyArray<{ readonly at: string, readonly data: Fixture['data'] }>): void {
  const errors = fixtures.flatMap(({ at, data = {} }) => faultsOfFixture(template, data).map(([path, fault]): [string, string[]] => {
    const field = `${at}.${path}`
    return [field, [`The ${field} field ${fault}`]]
  }))
  if (errors.length > 0) throw unprocessable(Object.fromEntries(errors))
}
