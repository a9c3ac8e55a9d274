import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { OWNER } from '../../demo.ts'
import { ABILITIES } from '../../domain/workspaces/abilities.ts'
import { Enum } from '../../http/schema.ts'
import { DEFAULT_NAMESPACE, type Namespace } from '../../namespaces/namespace.ts'
import { ClockBody, presentClock } from './clock.ts'
import { List, NamespaceName, namespaceParams, NoContent, problems } from '../schema.ts'

export const NamespaceBody = Type.Object({ name: NamespaceName, clock: ClockBody })

/** What a token is to be good for. */
export const TokenRequest = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'What logs call it.' })),
  abilities: Type.Optional(Type.Array(Enum(['*', ...ABILITIES], 'An ability, or * for every one.'), { minItems: 1, maxItems: 50, description: 'Every one unless given.' })),
  namespace: Type.Optional(NamespaceName),
  user: Type.Optional(Type.String({ format: 'email', maxLength: 255, description: 'The user that it belongs to: the owner unless given. Somebody new is a member of no workspace.', examples: ['ana@example.org'] }))
})

export const TokenBody = Type.Object({
  token: Type.String(),
  id: Type.String({ description: 'Names it when it is to be revoked.' }),
  name: Type.String(),
  abilities: Type.Array(Type.String()),
  namespace: NamespaceName,
  user: Type.String()
}, { description: 'The token.' })

/** Namespaces and the tokens that open them. */
export const namespaceRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.post('/_mock/tokens', {
    schema: {
      operationId: 'mintToken',
      summary: 'Make a token for a test',
      description: 'The token is shown this once.',
      tags: ['Tokens'],
      body: TokenRequest,
      response: {
        201: TokenBody,
        ...problems(415, 422, 429)
      }
    }
  }, async ({ body }, reply) => await reply.code(201).send(mintToken(control, body)))

  app.delete('/_mock/tokens/:tokenId', {
    schema: {
      operationId: 'revokeToken',
      summary: 'Revoke a token that was made here',
      tags: ['Tokens'],
      params: Type.Object({ tokenId: Type.String() }),
      response: { 204: NoContent('From now on it is not accepted.'), ...problems(404) }
    }
  }, async ({ params: { tokenId } }, reply) => {
    control.revokeToken(tokenId)
    return await reply.code(204).send(undefined)
  })

  app.get('/_mock/namespaces', {
    schema: {
      operationId: 'listNamespaces',
      summary: 'The namespaces that were used or named so far',
      tags: ['Namespaces'],
      response: { 200: List(NamespaceBody, 'In the order in which they were made.'), ...problems() }
    }
  }, async () => {
    const data = control.namespaces().map(presentNamespace)
    return { data, total: data.length }
  })

  app.delete('/_mock/namespaces/:namespace', {
    schema: {
      operationId: 'deleteNamespace',
      summary: 'Delete a namespace with all that is in it, and revoke the tokens that were made for it',
      tags: ['Namespaces'],
      params: namespaceParams,
      response: { 204: NoContent('It is gone.'), ...problems(404, 422) }
    }
  }, async ({ params: { namespace } }, reply) => {
    await control.deleteNamespace(namespace)
    return await reply.code(204).send(undefined)
  })

  app.post('/_mock/namespaces/:namespace/reset', {
    schema: {
      operationId: 'resetNamespace',
      summary: 'Make a namespace new again',
      description: 'Everything in it goes, its clock starts anew; its tokens stay. Requests under way finish in the old world.',
      tags: ['Namespaces'],
      params: namespaceParams,
      response: { 204: NoContent('It is as new.'), ...problems(422) }
    }
  }, async ({ params: { namespace } }, reply) => {
    await control.reset(namespace)
    return await reply.code(204).send(undefined)
  })

  app.post('/_mock/reset', {
    schema: {
      operationId: 'resetAll',
      summary: 'Make every namespace new again',
      tags: ['Namespaces'],
      response: { 204: NoContent('They are as new.'), ...problems() }
    }
  }, async (_request, reply) => {
    await control.resetAll()
    return await reply.code(204).send(undefined)
  })
}

export function presentNamespace ({ name, clock }: Namespace): Static<typeof NamespaceBody> {
  return { name, clock: presentClock(clock) }
}

/** Makes a token as a body asks. */
export function mintToken (control: Control, { name, abilities = ['*'], namespace = DEFAULT_NAMESPACE, user = OWNER.email }: Static<typeof TokenRequest>): Static<typeof TokenBody> {
  const granted = abilities.includes('*') ? ABILITIES : ABILITIES.filter(ability => abilities.includes(ability))
  const minted = control.mintToken({ name, abilities: granted, namespace, user: user.toLowerCase() })
  return { ...minted, abilities: [...minted.abilities] }
}
