import type { OutcomeRule } from '../domain/lifecycle/outcome.ts'
import type { Template } from '../domain/lifecycle/records.ts'
import type { FaultRule } from '../domain/traffic/faults.ts'
import type { ConfigFile } from './config-file.ts'
import { readRule } from '../control/outcome-rule.ts'
import { assertRuleFits } from '../control/check-fixture.ts'
import { contradictionsIn } from '../traffic/fault-rule.ts'
import { UsageError } from './usage-error.ts'

/** The initial outcomes and faults of every namespace. */
export interface Rules {
  /** By name, in the order in which they are tried. */
  readonly outcomes: ReadonlyMap<string, OutcomeRule>
  readonly faults: readonly FaultRule[]
}

/** Reads the rules of the config file. Throws UsageError for a rule that the control API would reject. */
export function readRules ({ outcomes = {}, faults = [] }: ConfigFile, templates: readonly Template[]): Rules {
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
