import { Type, type Static } from '@sinclair/typebox'
import type { NamespaceAccess } from './access.ts'
import { checked } from '../http/validation.ts'
import { presentAdvanced, type AdvancedBody } from './clock.ts'
import { finishParsing, finishRun } from './finish-work.ts'
import { FixtureBody, readFixture, Reason } from './outcome-rule.ts'
import { withoutUndefined } from './schema.ts'

export const FailureBody = Type.Object({
  reason: Type.Optional(Reason)
}, { additionalProperties: false })

export type FailureBody = Static<typeof FailureBody>

/** Finishes the parsing of documents while it is under way. Throws a 404 for an unknown document, and a 409 if it is finished. */
export interface DocumentControl {
  complete (id: string): Promise<AdvancedBody>
  fail (id: string, reason?: string): Promise<AdvancedBody>
}

/** Finishes runs while they are under way. Throws a 404 for an unknown result, and a 409 if it is finished, or waits for its document. */
export interface ResultControl {
  /** Completes a run with exact values, or with those that it would have found. Throws a 422 for values that do not fit the template. */
  complete (id: string, values?: FixtureBody): Promise<AdvancedBody>
  fail (id: string, reason?: string): Promise<AdvancedBody>
}

export function createDocumentControl ({ find }: NamespaceAccess): DocumentControl {
  async function finish (id: string, failure: string | null): Promise<AdvancedBody> {
    return presentAdvanced(await finishParsing(await find(), id.toLowerCase(), failure))
  }

  return {
    complete: async id => await finish(id, null),
    fail: async (id, reason) => await finish(id, readReason(reason, 'Parsing was failed by the control API.'))
  }
}

export function createResultControl ({ find }: NamespaceAccess): ResultControl {
  return {
    async complete (id, values = {}) {
      return presentAdvanced(await finishRun(await find(), id.toLowerCase(), null, readFixture(checked(FixtureBody, values))))
    },
    async fail (id, reason) {
      const failure = readReason(reason, 'The extraction was failed by the control API.')
      return presentAdvanced(await finishRun(await find(), id.toLowerCase(), failure))
    }
  }
}

function readReason (reason: string | undefined, byDefault: string): string {
  return checked(FailureBody, withoutUndefined({ reason })).reason ?? byDefault
}
