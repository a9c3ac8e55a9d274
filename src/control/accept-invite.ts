import type { User, Workspace } from '../domain/workspaces/workspace.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import { DomainError } from '../domain/domain-error.ts'
import { openInvite, withAcceptedInvite } from '../domain/workspaces/workspace.ts'
import { accountOf } from '../http/roles.ts'
import { httpErrorOf, notFound } from '../http/errors.ts'

/** Who has become a member of what. */
export interface Accepted {
  readonly user: User
  readonly workspace: Workspace
}

/**
 * Does what somebody does who follows the link of an invite; an account is made if there is none. HttpErrors: 404 for an invite that
 * is unknown, accepted or expired, 422 for who is a member already.
 */
export async function acceptInvite (namespace: Namespace, id: number): Promise<Accepted> {
  return await accept(namespace, id).catch((error: unknown) => { throw error instanceof DomainError ? httpErrorOf(error) : error })
}

async function accept (namespace: Namespace, id: number): Promise<Accepted> {
  const { store, clock } = namespace
  const invited = (await store.workspaces.list()).find(({ invites }) => invites.some(invite => invite.id === id))
  if (invited === undefined) throw notFound('Invite')
  const user = await accountOf(namespace, openInvite(invited, id).email)
  return { user, workspace: await store.workspaces.change(invited.id, workspace => withAcceptedInvite(workspace, id, user.id, clock.now())) }
}
