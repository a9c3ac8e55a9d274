import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { openInvite, withoutInvite, withResentInvite } from '../domain/workspaces/workspace.ts'
import { readNumericId } from '../http/load-resources.ts'
import { errorResponses, NoContentBody, Ref, TOKEN_ERRORS, UNREAD_BODY_ERRORS } from '../http/schema.ts'
import { inviteParams, workspaceParams } from '../resources/path-params.ts'
import { InviteBody, presentInvite } from '../resources/workspace.ts'

/** Invitations to a workspace. */
export const inviteRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/workspaces/:workspaceId/invites', {
    config: { ability: 'workspace-users-read' },
    schema: {
      operationId: 'listInvites',
      summary: 'List the invites of a workspace',
      tags: ['Workspace Users'],
      params: workspaceParams,
      response: { 200: Type.Array(Ref(InviteBody), { description: 'The invites, oldest first.' }), ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async ({ workspace: { invites }, now }) => {
    return invites.map(invite => presentInvite(invite, now))
  })

  app.post('/workspaces/:workspaceId/invites/:inviteId/resend', {
    config: { ability: 'workspace-users-write', role: 'admin' },
    schema: {
      operationId: 'resendInvite',
      summary: 'Resend an invite',
      description: 'Renews the invite for seven days, even if it has expired.',
      tags: ['Workspace Users'],
      params: inviteParams,
      response: {
        200: Type.Object(
          { message: Type.String({ examples: ['Invitation resent successfully'] }) },
          { description: 'The invite was sent.' }
        ),
        ...errorResponses(...TOKEN_ERRORS, 404, ...UNREAD_BODY_ERRORS)
      }
    }
  }, async ({ workspace: { id }, namespace: { records }, now, params: { inviteId } }) => {
    await records.workspaces.change(id, workspace => withResentInvite(workspace, readNumericId(inviteId), now))
    return { message: 'Invitation resent successfully' }
  })

  app.get('/workspaces/:workspaceId/invites/:inviteId/link', {
    config: { ability: 'workspace-users-read' },
    schema: {
      operationId: 'getInviteLink',
      summary: 'Get the link of an invite',
      description: 'Returns the link by which the recipient accepts the invite.',
      tags: ['Workspace Users'],
      params: inviteParams,
      response: {
        200: Type.Object({
          link: Type.String({ format: 'uri', examples: ['https://raydocs.com/invite/5f0c7c1e8d0b4e579d533f1f2a6a0b1c'] })
        }, { description: 'The link.' }),
        ...errorResponses(...TOKEN_ERRORS, 404)
      }
    }
  }, async ({ workspace, params: { inviteId } }) => ({
    link: `https://raydocs.com/invite/${openInvite(workspace, readNumericId(inviteId)).token}`
  }))

  // Documented in two forms; both are accepted.
  for (const [suffix, operationId] of [['/cancel', 'cancelInvite'], ['', 'deleteInvite']] as const) {
    app.delete(`/workspaces/:workspaceId/invites/:inviteId${suffix}`, {
      config: { ability: 'workspace-users-write', role: 'admin' },
      schema: {
        operationId,
        summary: 'Cancel an invite',
        tags: ['Workspace Users'],
        params: inviteParams,
        response: { 204: NoContentBody, ...errorResponses(...TOKEN_ERRORS, 404, ...UNREAD_BODY_ERRORS) }
      }
    }, async ({ workspace: { id }, namespace: { records }, params: { inviteId } }, reply) => {
      await records.workspaces.change(id, workspace => withoutInvite(workspace, readNumericId(inviteId)))
      return await reply.code(204).send(undefined)
    })
  }
}
