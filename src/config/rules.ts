import type { Template } from '../domain/lifecycle/records.ts'
import type { Config } from './config.ts'
import type { ConfigFile } from './config-file.ts'
import { readRule } from '../control/outcome-rule.ts'
import { assertRuleFits } from '../control/check-fixture.ts'
import { contradictionsIn } from '../traffic/fault-rule.ts'
import { UsageError } from './usage-error.ts'

/** The outcomes and faults that every namespace is to begin with. Throws UsageError for what the control API would refuse. */
export function readRules ({ outcomes = {}, faults = [] }: ConfigFile, templates: readonly Template[]): Pick<Config, 'outcomes' | 'faults'> {
  for (const [index, fault] of faults.entries()) {
    const [contradiction] = Object.values(contradictionsIn(fault)).flat()
    if (contradiction !== undefined) throw new UsageError(`The configuration is not valid at /faults/${index}: ${contradiction}`)
  }
  const rules = Object.entries(outcomes).map(([name, body]) => {
    try {
      const rule = readRule(body)
      assertRuleFits(rule, templates.find(({ id }) => id === rule.match.template))
      return [name, rule] as const
    } catch (error) {
      throw new UsageError(`The configuration is not valid at /outcomes/${name}: ${(error as Error).message}`, { cause: error })
    }
  })
  return { outcomes: new Map(rules), faults }
}
