import { Type, type Static } from '@sinclair/typebox'
import type { NamespaceState } from '../namespaces/namespace.ts'
import type { NamespaceAccess } from './access.ts'
import { DomainError } from '../domain/domain-error.ts'
import { openInvite, withAcceptedInvite } from '../domain/workspaces/workspace.ts'
import { httpErrorOf, notFound } from '../http/errors.ts'
import { accountOf } from '../http/roles.ts'

export const AcceptedBody = Type.Object({
  user: Type.Object({ id: Type.Integer(), name: Type.String(), email: Type.String() }),
  workspace_id: Type.Integer()
}, { description: 'The new member, and the workspace.' })

export type AcceptedBody = Static<typeof AcceptedBody>

/** The invites of a namespace. */
export interface InviteControl {
  /**
   * Accepts an invite for the user who was invited; an unknown user gets an account. Throws a 404 for an invite that is unknown,
   * accepted or expired, and a 422 for a user who is a member already.
   */
  accept (id: number): Promise<AcceptedBody>
}

export function createInviteControl ({ find }: NamespaceAccess): InviteControl {
  return {
    async accept (id) {
      return await acceptInvite(await find(), id).catch((error: unknown) => {
        throw error instanceof DomainError ? httpErrorOf(error) : error
      })
    }
  }
}

async function acceptInvite (namespace: NamespaceState, id: number): Promise<AcceptedBody> {
  const { records } = namespace
  const inviting = (await records.workspaces.list()).find(({ invites }) => invites.some(invite => invite.id === id))
  if (inviting === undefined) throw notFound('Invite')
  const user = await accountOf(namespace, openInvite(inviting, id).email)
  const { now } = await namespace.clock()
  await records.workspaces.change(inviting.id, workspace => withAcceptedInvite(workspace, id, user.id, now))
  return { user, workspace_id: inviting.id }
}
