import { Type, type Static } from '@sinclair/typebox'
import type { NamespaceAccess } from './access.ts'
import { MAX_FAULTS, remainingOf, type Fault, type FaultRule } from '../domain/traffic/faults.ts'
import { HttpError, notFound, unprocessable } from '../http/errors.ts'
import { Nullable } from '../http/schema.ts'
import { checked } from '../http/validation.ts'
import { contradictionsIn, FaultRuleBody } from '../traffic/fault-rule.ts'

export const FaultBody = Type.Object({
  id: Type.String({ examples: ['fault-1'] }),
  ...FaultRuleBody.properties,
  remaining: Nullable(Type.Integer({ minimum: 0 }), 'The number of requests that the fault will still apply to; null for no limit.'),
  fired: Type.Integer({ minimum: 0, description: 'The number of requests that the fault has applied to.' })
})

export type FaultBody = Static<typeof FaultBody>

/** The faults of a namespace. */
export interface FaultControl {
  /** Returns the faults with their counters, in the order in which they are tried. */
  list (): Promise<FaultBody[]>
  /** Adds a fault. Throws a 422 for a rule that contradicts itself, and a 429 if there are too many. */
  add (rule: FaultRule): Promise<FaultBody>
  /** Throws a 404 for an unknown fault. */
  delete (id: string): Promise<void>
  /** Deletes all faults. */
  clear (): Promise<void>
}

export function createFaultControl ({ find, open }: NamespaceAccess): FaultControl {
  return {
    list: async () => (await (await find()).faults.list()).map(presentFault),
    async add (rule) {
      const contradictions = contradictionsIn(checked(FaultRuleBody, rule))
      if (Object.keys(contradictions).length > 0) throw unprocessable(contradictions)
      const fault = await (await open()).faults.add(rule)
      if (fault === null) throw new HttpError(429, `There are already ${MAX_FAULTS} faults: delete some that are no longer needed.`)
      return presentFault(fault)
    },
    async delete (id) {
      if (!await (await find()).faults.delete(id)) throw notFound('Fault')
    },
    async clear () {
      await (await find()).faults.clear()
    }
  }
}

function presentFault (fault: Fault): FaultBody {
  return { id: fault.id, ...fault.rule as Static<typeof FaultRuleBody>, remaining: remainingOf(fault), fired: fault.fired }
}
