import { hash } from 'node:crypto'
import { Type, type Static } from '@sinclair/typebox'
import stringify from 'safe-stable-stringify'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import type { Namespace, NamespaceSettings } from '../../namespaces/namespace.ts'
import { resumeClock } from '../../domain/lifecycle/clock.ts'
import { unprocessable } from '../../http/errors.ts'
import { checked } from '../../http/validation.ts'
import { Nullable } from '../../http/schema.ts'
import { readInstant } from '../../http/formats.ts'
import { FaultRule } from '../../traffic/fault-rule.ts'
import { ClockBody, clockModeOf, presentClock } from './clock.ts'
import { NamespaceBody, presentNamespace } from './namespaces.ts'
import { NamedRuleBody, presentRule, readRule } from '../outcome-rule.ts'
import { NamespaceName, namespaceParams, NoContent, problems } from '../schema.ts'

/** A namespace, saved: everything but its tokens, its journal and the bytes of its uploads. */
export const StateBody = Type.Object({
  version: Type.Literal(1),
  seed: Type.String(),
  clock: Type.Object({ ...ClockBody.properties, now: Type.String({ format: 'instant' }) }),
  outcomes: Type.Array(NamedRuleBody, { description: 'In the order in which they are tried.' }),
  faults: Type.Array(Type.Object({ id: Type.String(), rule: FaultRule, seen: Type.Integer(), fired: Type.Integer() }), { description: 'With how many requests have matched, and to how many of them it has happened.' }),
  max_rate: Nullable(Type.Integer({ minimum: 0 }), 'How many requests an IP address may make in a minute; null for any number.'),
  records: Type.String({ description: 'Everything that clients have made; only for being read back.' }),
  digest: Type.String({ description: 'SHA-256 of the rest, by which a state that was cut short or altered is known.' })
}, { additionalProperties: false })

export type StateBody = Static<typeof StateBody>

/** States grow with what is in them. */
const MAX_STATE = 256 * 1024 * 1024

/** Saving, restoring and forking namespaces. */
export const stateRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.get('/_mock/namespaces/:namespace/state', {
    schema: {
      operationId: 'getState',
      summary: 'Save a namespace',
      description: 'Everything but its tokens, its journal and the bytes of its uploads.',
      tags: ['State'],
      params: namespaceParams,
      response: { 200: StateBody, ...problems(404) }
    }
  }, async ({ params: { namespace } }) => await control.state(namespace))

  app.put('/_mock/namespaces/:namespace/state', {
    bodyLimit: MAX_STATE,
    schema: {
      operationId: 'putState',
      summary: 'Restore a namespace',
      description: 'What there is goes, but for its tokens. What cannot be restored is refused whole, and nothing changes.',
      tags: ['State'],
      params: namespaceParams,
      body: StateBody,
      response: { 204: NoContent('It is as it was saved.'), ...problems(413, 415, 422, 429) }
    }
  }, async ({ params: { namespace }, body }, reply) => {
    await control.restore(namespace, body)
    return await reply.code(204).send(undefined)
  })

  app.post('/_mock/namespaces/:namespace/fork', {
    schema: {
      operationId: 'forkNamespace',
      summary: 'Make a namespace that is as another one is now',
      description: 'At a cost that does not grow with it; from there each goes its own way. Tokens are not copied.',
      tags: ['State'],
      params: namespaceParams,
      body: Type.Object({ as: NamespaceName }),
      response: { 201: NamespaceBody, ...problems(404, 409, 415, 422, 429) }
    }
  }, async ({ params: { namespace }, body: { as } }, reply) => {
    return await reply.code(201).send(presentNamespace(await control.fork(namespace, as)))
  })
}

/** A namespace as it is saved. */
export async function saveState ({ seed, clock, outcomes, faults, rateLimit, store }: Namespace): Promise<StateBody> {
  const state = {
    version: 1 as const,
    seed,
    clock: presentClock(clock),
    outcomes: [...outcomes.rules].map(([name, rule]) => ({ name, ...presentRule(rule) })),
    faults: faults.list().map(fault => ({ ...fault })),
    max_rate: rateLimit.max,
    records: await store.dump()
  }
  return { ...state, digest: digestOf(state) }
}

/** What was saved, checked. Throws a 422 for what was not saved here, or not all of it. */
export function readState (value: unknown): { readonly records: string, readonly settings: NamespaceSettings } {
  const { digest, ...state } = checked(StateBody, value)
  if (digest !== digestOf(state)) throw unprocessable({ digest: ['The digest field does not go with the rest: the state was cut short or altered.'] })
  const { seed, clock: { mode, now, scale }, outcomes, faults, max_rate: maxRate, records } = state
  const settings = {
    seed,
    clock: resumeClock(clockModeOf(mode, mode === 'scaled' ? scale : undefined), readInstant(now) as number),
    outcomes: new Map(outcomes.map(({ name, ...rule }) => [name, readRule(rule)])),
    faults,
    maxRate
  }
  return { records, settings }
}

function digestOf (state: object): string {
  return hash('sha256', String(stringify(state)), 'hex')
}
