import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { FaultRule } from '../../traffic/fault-rule.ts'
import { remainingOf, type Fault } from '../../traffic/faults.ts'
import { Nullable } from '../../http/schema.ts'
import { List, namespaceParams, NoContent, problems } from '../schema.ts'

export const FaultBody = Type.Object({
  id: Type.String({ examples: ['fault-1'] }),
  ...FaultRule.properties,
  remaining: Nullable(Type.Integer({ minimum: 0 }), 'How often it is still going to happen; null for every time.'),
  fired: Type.Integer({ minimum: 0, description: 'How often it has happened.' })
})

const faultParams = Type.Object({ ...namespaceParams.properties, fault: Type.String({ description: 'The id of the fault.' }) })

/** What is to go wrong on the way. */
export const faultRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.post('/_mock/namespaces/:namespace/faults', {
    schema: {
      operationId: 'addFault',
      summary: 'Let something go wrong',
      description: 'Of the faults that match a request the first whose turn it is happens. Requests that are not let in, or that no route exists for, meet with none.',
      tags: ['Faults'],
      params: namespaceParams,
      body: FaultRule,
      response: { 201: FaultBody, ...problems(415, 422, 429) }
    }
  }, async ({ params: { namespace }, body }, reply) => {
    return await reply.code(201).send(presentFault(control.addFault(namespace, body)))
  })

  app.get('/_mock/namespaces/:namespace/faults', {
    schema: {
      operationId: 'listFaults',
      summary: 'What is to go wrong, and how often it has',
      tags: ['Faults'],
      params: namespaceParams,
      response: { 200: List(FaultBody, 'In the order in which they are tried.'), ...problems(404) }
    }
  }, async ({ params: { namespace } }) => {
    const data = control.find(namespace).faults.list().map(presentFault)
    return { data, total: data.length }
  })

  app.delete('/_mock/namespaces/:namespace/faults', {
    schema: {
      operationId: 'clearFaults',
      summary: 'Let nothing go wrong any more',
      tags: ['Faults'],
      params: namespaceParams,
      response: { 204: NoContent('There are none.'), ...problems(404) }
    }
  }, async ({ params: { namespace } }, reply) => {
    control.find(namespace).faults.clear()
    return await reply.code(204).send(undefined)
  })

  app.delete('/_mock/namespaces/:namespace/faults/:fault', {
    schema: {
      operationId: 'deleteFault',
      summary: 'Let one thing not go wrong any more',
      tags: ['Faults'],
      params: faultParams,
      response: { 204: NoContent('It happens no more.'), ...problems(404) }
    }
  }, async ({ params: { namespace, fault } }, reply) => {
    control.deleteFault(namespace, fault)
    return await reply.code(204).send(undefined)
  })
}

/** A fault with what is left of it. */
export function presentFault (fault: Fault): Static<typeof FaultBody> {
  return { id: fault.id, ...fault.rule, remaining: remainingOf(fault), fired: fault.fired }
}
