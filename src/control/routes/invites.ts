import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { readNumericId } from '../../http/load-resources.ts'
import { AcceptedBody } from '../accept-invite.ts'
import { namespaceParams, problems } from '../schema.ts'

const inviteParams = Type.Object({ ...namespaceParams.properties, invite: Type.String({ description: 'The id of an invite.' }) })

export const inviteRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.post('/_mock/namespaces/:namespace/invites/:invite/accept', {
    schema: {
      operationId: 'acceptInvite',
      summary: 'Accept an invite for the invited user',
      description: 'An unknown user gets an account; a token for that user can be minted next.',
      tags: ['Tokens'],
      params: inviteParams,
      response: { 200: AcceptedBody, ...problems(404, 413, 422) }
    }
  }, async ({ params: { namespace, invite } }) => await control.namespace(namespace).invites.accept(readNumericId(invite)))
}
