import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { FaultRuleBody } from '../../traffic/fault-rule.ts'
import { FaultBody } from '../faults.ts'
import { List, listOf, namespaceParams, NoContent, problems } from '../schema.ts'

const faultParams = Type.Object({ ...namespaceParams.properties, fault: Type.String({ description: 'The id of the fault.' }) })

export const faultRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.post('/_mock/namespaces/:namespace/faults', {
    schema: {
      operationId: 'addFault',
      summary: 'Add a fault',
      description: 'Of the faults that match a request, the first that is due applies. ' +
        'Requests that are refused, or match no route, are not affected.',
      tags: ['Faults'],
      params: namespaceParams,
      body: FaultRuleBody,
      response: { 201: FaultBody, ...problems(415, 422, 429) }
    }
  }, async ({ params: { namespace }, body }, reply) => {
    return await reply.code(201).send(await control.namespace(namespace).faults.add(body))
  })

  app.get('/_mock/namespaces/:namespace/faults', {
    schema: {
      operationId: 'listFaults',
      summary: 'List faults with their counters',
      tags: ['Faults'],
      params: namespaceParams,
      response: { 200: List(FaultBody, 'In the order in which they are tried.'), ...problems(404) }
    }
  }, async ({ params: { namespace } }) => listOf(await control.namespace(namespace).faults.list()))

  app.delete('/_mock/namespaces/:namespace/faults', {
    schema: {
      operationId: 'clearFaults',
      summary: 'Delete all faults',
      tags: ['Faults'],
      params: namespaceParams,
      response: { 204: NoContent('All faults are deleted.'), ...problems(404) }
    }
  }, async ({ params: { namespace } }, reply) => {
    await control.namespace(namespace).faults.clear()
    return await reply.code(204).send(undefined)
  })

  app.delete('/_mock/namespaces/:namespace/faults/:fault', {
    schema: {
      operationId: 'deleteFault',
      summary: 'Delete a fault',
      tags: ['Faults'],
      params: faultParams,
      response: { 204: NoContent('The fault is deleted.'), ...problems(404) }
    }
  }, async ({ params: { namespace, fault } }, reply) => {
    await control.namespace(namespace).faults.delete(fault)
    return await reply.code(204).send(undefined)
  })
}
