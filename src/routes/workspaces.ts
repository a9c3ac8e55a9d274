import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { userOf } from '../http/roles.ts'
import { BODY_ERRORS, errorResponses, NoContentBody, Name, Ref, TOKEN_ERRORS, UNREAD_BODY_ERRORS } from '../http/schema.ts'
import { workspaceParams } from '../resources/path-params.ts'
import { Icon, presentWorkspace, WorkspaceBody } from '../resources/workspace.ts'

export const workspaceRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/workspaces', {
    config: { ability: 'workspaces-read' },
    schema: {
      operationId: 'listWorkspaces',
      summary: 'List your workspaces',
      description: 'Lists the workspaces of which the caller is a member.',
      tags: ['Workspaces'],
      response: {
        200: Type.Object({ data: Type.Array(Ref(WorkspaceBody)) }, { description: 'The workspaces, oldest first.' }),
        ...errorResponses(...TOKEN_ERRORS)
      }
    }
  }, async ({ caller, namespace: { records } }) => {
    const roles = await records.rolesOf(caller.user)
    const all = await records.workspaces.list()
    return { data: all.filter(({ id }) => roles.has(id)).map(presentWorkspace) }
  })

  app.post('/workspaces/create', {
    config: { ability: 'workspaces-write' },
    schema: {
      operationId: 'createWorkspace',
      summary: 'Create a workspace',
      description: 'Creates a workspace; the caller becomes its admin.',
      tags: ['Workspaces'],
      body: Type.Object({ name: Name, icon: Type.Optional(Icon) }),
      response: { 201: Ref(WorkspaceBody), ...errorResponses(...TOKEN_ERRORS, ...BODY_ERRORS) }
    }
  }, async (request, reply) => {
    const { namespace: { records }, now, body: { name, icon = null } } = request
    const { id: userId } = await userOf(request)
    const members = [{ userId, role: 'admin' as const }]
    const workspace = await records.workspaces.insert(id => ({
      id,
      name,
      icon,
      settings: {},
      createdAt: now,
      updatedAt: now,
      members,
      invites: []
    }))
    reply.code(201)
    return presentWorkspace(workspace)
  })

  app.put('/workspaces/:workspaceId', {
    config: { ability: 'workspaces-write', role: 'admin' },
    schema: {
      operationId: 'updateWorkspace',
      summary: 'Update a workspace',
      tags: ['Workspaces'],
      params: workspaceParams,
      body: Type.Object({ name: Type.Optional(Name), icon: Type.Optional(Icon) }),
      response: { 200: Ref(WorkspaceBody), ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS) }
    }
  }, async ({ workspace, namespace: { records }, now, body: { name, icon } }) => {
    return presentWorkspace(await records.workspaces.change(workspace.id, current => ({
      ...current,
      name: name ?? current.name,
      icon: icon === undefined ? current.icon : icon,
      updatedAt: now
    })))
  })

  app.delete('/workspaces/:workspaceId', {
    config: { ability: 'workspaces-write', role: 'admin' },
    schema: {
      operationId: 'deleteWorkspace',
      summary: 'Delete a workspace',
      description: 'Deletes the workspace and everything in it.',
      tags: ['Workspaces'],
      params: workspaceParams,
      response: { 204: NoContentBody, ...errorResponses(...TOKEN_ERRORS, 404, ...UNREAD_BODY_ERRORS) }
    }
  }, async ({ workspace, namespace: { records } }, reply) => {
    await records.workspaces.remove(workspace.id)
    return await reply.code(204).send(undefined)
  })
}
