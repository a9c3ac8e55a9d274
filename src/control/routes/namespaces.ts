import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { NamespaceBody } from '../namespace-control.ts'
import { List, listOf, namespaceParams, NoContent, problems } from '../schema.ts'
import { TokenBody, TokenRequest } from '../tokens.ts'

/** Namespaces, and the tokens that select them. */
export const namespaceRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.post('/_mock/tokens', {
    schema: {
      operationId: 'mintToken',
      summary: 'Mint a token',
      description: 'The token is returned this once.',
      tags: ['Tokens'],
      body: TokenRequest,
      response: { 201: TokenBody, ...problems(415, 422, 429) }
    }
  }, async ({ body }, reply) => await reply.code(201).send(await control.tokens.mint(body)))

  app.delete('/_mock/tokens/:tokenId', {
    schema: {
      operationId: 'revokeToken',
      summary: 'Revoke a token',
      description: 'Tokens of the configuration cannot be revoked.',
      tags: ['Tokens'],
      params: Type.Object({ tokenId: Type.String() }),
      response: { 204: NoContent('The token is not accepted any more.'), ...problems(404) }
    }
  }, async ({ params: { tokenId } }, reply) => {
    await control.tokens.revoke(tokenId)
    return await reply.code(204).send(undefined)
  })

  app.get('/_mock/namespaces', {
    schema: {
      operationId: 'listNamespaces',
      summary: 'List namespaces',
      tags: ['Namespaces'],
      response: { 200: List(NamespaceBody, 'In the order in which they were created.'), ...problems() }
    }
  }, async () => listOf(await control.namespaces()))

  app.get('/_mock/namespaces/:namespace', {
    schema: {
      operationId: 'describeNamespace',
      summary: 'Get a namespace',
      tags: ['Namespaces'],
      params: namespaceParams,
      response: { 200: NamespaceBody, ...problems(404) }
    }
  }, async ({ params: { namespace } }) => await control.namespace(namespace).describe())

  app.delete('/_mock/namespaces/:namespace', {
    schema: {
      operationId: 'deleteNamespace',
      summary: 'Delete a namespace',
      description: 'Deletes everything in it, and revokes the tokens that were minted for it.',
      tags: ['Namespaces'],
      params: namespaceParams,
      response: { 204: NoContent('The namespace is deleted.'), ...problems(404, 422) }
    }
  }, async ({ params: { namespace } }, reply) => {
    await control.namespace(namespace).delete()
    return await reply.code(204).send(undefined)
  })

  app.post('/_mock/namespaces/:namespace/reset', {
    schema: {
      operationId: 'resetNamespace',
      summary: 'Reset a namespace',
      description: 'Deletes everything in it but its tokens, and starts its clock again. Requests under way finish in the old incarnation.',
      tags: ['Namespaces'],
      params: namespaceParams,
      response: { 204: NoContent('The namespace is as new.'), ...problems(422) }
    }
  }, async ({ params: { namespace } }, reply) => {
    await control.namespace(namespace).reset()
    return await reply.code(204).send(undefined)
  })

  app.post('/_mock/reset', {
    schema: {
      operationId: 'resetAll',
      summary: 'Reset every namespace',
      tags: ['Namespaces'],
      response: { 204: NoContent('Every namespace is as new.'), ...problems() }
    }
  }, async (_request, reply) => {
    await control.resetAll()
    return await reply.code(204).send(undefined)
  })
}
