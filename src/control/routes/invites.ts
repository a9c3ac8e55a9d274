import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { readNumericId } from '../../http/load-resources.ts'
import { namespaceParams, problems } from '../schema.ts'

export const AcceptedBody = Type.Object({
  user: Type.Object({ id: Type.Integer(), name: Type.String(), email: Type.String() }),
  workspace_id: Type.Integer()
}, { description: 'Who has become a member of which workspace.' })

/** What happens outside of the API: somebody follows the link of an invite. */
export const inviteRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.post('/_mock/namespaces/:namespace/invites/:invite/accept', {
    schema: {
      operationId: 'acceptInvite',
      summary: 'Accept an invite to a workspace, as whoever was invited',
      description: 'An account is made if there is none; a token of that user can be made next.',
      tags: ['Tokens'],
      params: Type.Object({ ...namespaceParams.properties, invite: Type.String({ description: 'The id of an invite.' }) }),
      response: { 200: AcceptedBody, ...problems(404, 413, 415, 422) }
    }
  }, async ({ params: { namespace, invite } }) => await acceptInviteIn(control, namespace, readNumericId(invite)))
}

/** Accepts an invite. */
export async function acceptInviteIn (control: Control, namespace: string, id: number): Promise<Static<typeof AcceptedBody>> {
  const { user, workspace } = await control.acceptInvite(namespace, id)
  return { user, workspace_id: workspace.id }
}
