import type { NamespaceAccess } from './access.ts'
import { notFound } from '../http/errors.ts'
import { checked } from '../http/validation.ts'
import { assertRuleFits } from './check-fixture.ts'
import { presentRules, readRule, RuleBody, type NamedRuleBody } from './outcome-rule.ts'

/** The outcome rules of a namespace. */
export interface OutcomeControl {
  /** Returns the rules in the order in which they are tried. */
  list (): Promise<NamedRuleBody[]>
  /** Sets the rule of that name, for work that is requested from now on. Throws a 422 where a fixture does not fit its template. */
  put (name: string, rule: RuleBody): Promise<NamedRuleBody>
  /** Throws a 404 for an unknown rule. */
  delete (name: string): Promise<void>
}

export function createOutcomeControl ({ find, open }: NamespaceAccess): OutcomeControl {
  return {
    list: async () => presentRules(await (await find()).outcomeRules()),
    async put (name, body) {
      const rule = readRule(checked(RuleBody, body))
      const namespace = await open()
      const { template } = rule.match
      assertRuleFits(rule, template === undefined ? undefined : await namespace.records.templates.find(template))
      await namespace.putOutcome(name, rule)
      return { name, ...body }
    },
    async delete (name) {
      if (!await (await find()).deleteOutcome(name)) throw notFound('Rule')
    }
  }
}
