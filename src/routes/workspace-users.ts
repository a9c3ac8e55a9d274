import { Type, type TObject, type TString } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { uuidOf } from '../domain/ids.ts'
import {
  INVITE_LIFETIME, assertMember, withInvite, withMember, withoutMember, withRole, type User
} from '../domain/workspaces/workspace.ts'
import { userOf } from '../http/roles.ts'
import { readNumericId } from '../http/load-resources.ts'
import { HttpError } from '../http/errors.ts'
import { BODY_ERRORS, errorResponses, NoContentBody, Ref, TOKEN_ERRORS, UNREAD_BODY_ERRORS } from '../http/schema.ts'
import { userParams, workspaceParams } from '../resources/path-params.ts'
import { Email, presentUser, Role, UserBody } from '../resources/workspace.ts'

function Message (description: string, example: string): TObject<{ message: TString }> {
  return Type.Object({ message: Type.String({ examples: [example] }) }, { description })
}

/** The members of a workspace. */
export const workspaceUserRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/workspaces/:workspaceId/users', {
    config: { ability: 'workspace-users-read' },
    schema: {
      operationId: 'listUsers',
      summary: 'List the members of a workspace',
      tags: ['Workspace Users'],
      params: workspaceParams,
      response: {
        200: Type.Array(Ref(UserBody), { description: 'The members, in the order in which they joined.' }),
        ...errorResponses(...TOKEN_ERRORS, 404)
      }
    }
  }, async ({ workspace: { members }, namespace: { records } }) => {
    const users = new Map((await records.users.list()).map(user => [user.id, user]))
    return members.map(member => presentUser(users.get(member.userId) as User, member))
  })

  app.post('/workspaces/:workspaceId/users/add', {
    config: { ability: 'workspace-users-write', role: 'admin' },
    schema: {
      operationId: 'addUser',
      summary: 'Add or invite a user',
      description: 'Adds the user as a member; an e-mail address without an account receives an invitation.',
      tags: ['Workspace Users'],
      params: workspaceParams,
      body: Type.Object({ email: Email, role: Role }),
      response: {
        200: Type.Object({
          message: Type.String({ examples: ['User added successfully'] }),
          invite_id: Type.Optional(Type.Integer({ description: 'Present only if an invitation was sent.' }))
        }, { description: 'The user was added or invited.' }),
        ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS)
      }
    }
  }, async ({ workspace: { id }, namespace: { name, seed, records }, now, body: { email: written, role } }) => {
    const email = written.toLowerCase()
    const user = (await records.users.list()).find(user => user.email === email)
    if (user !== undefined) {
      await records.workspaces.change(id, workspace => withMember(workspace, user.id, role))
      return { message: 'User added successfully' }
    }
    const inviteId = 1 + await records.countOccurrence('invite')
    const token = uuidOf(seed, name, 'invite', inviteId).replaceAll('-', '')
    const invite = { id: inviteId, email, role, token, createdAt: now, validUntil: now + INVITE_LIFETIME, acceptedAt: null }
    await records.workspaces.change(id, workspace => withInvite(workspace, invite))
    return { message: 'Invitation sent', invite_id: inviteId }
  })

  app.delete('/workspaces/:workspaceId/users/:userId/remove', {
    config: { ability: 'workspace-users-write', role: 'admin' },
    schema: {
      operationId: 'removeUser',
      summary: 'Remove a member from a workspace',
      description: 'Removes another member; to remove yourself, leave the workspace.',
      tags: ['Workspace Users'],
      params: userParams,
      response: { 204: NoContentBody, ...errorResponses(...TOKEN_ERRORS, 404, ...UNREAD_BODY_ERRORS) }
    }
  }, async (request, reply) => {
    const { workspace: { id }, namespace: { records }, params } = request
    const userId = readNumericId(params.userId)
    if ((await userOf(request)).id === userId) throw new HttpError(403, 'You cannot remove yourself: leave the workspace instead.')
    await records.workspaces.change(id, workspace => withoutMember(workspace, userId))
    return await reply.code(204).send(undefined)
  })

  app.put('/workspaces/:workspaceId/users/:userId/update-role', {
    config: { ability: 'workspace-users-write', role: 'admin' },
    schema: {
      operationId: 'updateUserRole',
      summary: 'Change the role of a member',
      tags: ['Workspace Users'],
      params: userParams,
      body: Type.Object({ role: Role }),
      response: {
        200: Message('The member has the new role.', 'Role updated successfully'),
        ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS)
      }
    },
    // Who is no member is not found, whatever the body says.
    onRequest: async ({ workspace, params: { userId } }) => { assertMember(workspace, readNumericId(userId)) }
  }, async ({ workspace: { id }, namespace: { records }, params: { userId }, body: { role } }) => {
    await records.workspaces.change(id, workspace => withRole(workspace, readNumericId(userId), role))
    return { message: 'Role updated successfully' }
  })

  app.post('/workspaces/:workspaceId/leave', {
    config: { ability: 'workspace-users-write', role: 'readonly' },
    schema: {
      operationId: 'leaveWorkspace',
      summary: 'Leave a workspace',
      description: 'Removes the caller from the workspace; its last admin cannot leave.',
      tags: ['Workspace Users'],
      params: workspaceParams,
      response: {
        200: Message('The caller is no longer a member.', 'You have left the workspace'),
        ...errorResponses(...TOKEN_ERRORS, 404, ...UNREAD_BODY_ERRORS)
      }
    }
  }, async request => {
    const { workspace: { id }, namespace: { records } } = request
    const { id: userId } = await userOf(request)
    await records.workspaces.change(id, workspace => withoutMember(workspace, userId))
    return { message: 'You have left the workspace' }
  })
}
