import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { ForkBody, NamespaceBody } from '../namespace-control.ts'
import { namespaceParams, NoContent, problems } from '../schema.ts'
import { assertStateVersion, StateBody } from '../state.ts'

/** The maximum size of a state in bytes: states grow with their content. */
const MAX_STATE = 256 * 1024 * 1024

export const stateRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.get('/_mock/namespaces/:namespace/state', {
    schema: {
      operationId: 'getState',
      summary: 'Save a namespace',
      description: 'Returns everything but its tokens, its journal and the bytes of its uploads.',
      tags: ['State'],
      params: namespaceParams,
      response: { 200: StateBody, ...problems(404) }
    }
  }, async ({ params: { namespace } }) => await control.namespace(namespace).state())

  app.put('/_mock/namespaces/:namespace/state', {
    bodyLimit: MAX_STATE,
    schema: {
      operationId: 'putState',
      summary: 'Restore a namespace',
      description: 'Replaces everything but its tokens. A state that cannot be restored is refused as a whole, and nothing changes.',
      tags: ['State'],
      params: namespaceParams,
      body: StateBody,
      response: { 204: NoContent('The namespace is as it was saved.'), ...problems(413, 415, 422, 429) }
    },
    async preValidation ({ body }) { assertStateVersion(body) }
  }, async ({ params: { namespace }, body }, reply) => {
    await control.namespace(namespace).restore(body)
    return await reply.code(204).send(undefined)
  })

  app.post('/_mock/namespaces/:namespace/fork', {
    schema: {
      operationId: 'forkNamespace',
      summary: 'Fork a namespace',
      description: 'Creates a namespace with the same content, in constant time; each side continues on its own. Tokens are not copied.',
      tags: ['State'],
      params: namespaceParams,
      body: ForkBody,
      response: { 201: NamespaceBody, ...problems(404, 409, 415, 422, 429) }
    }
  }, async ({ params: { namespace }, body: { as } }, reply) => {
    const fork = await control.namespace(namespace).fork(as)
    return await reply.code(201).send(await fork.describe())
  })
}
