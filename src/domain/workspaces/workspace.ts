import { DomainError } from '../domain-error.ts'

/** The roles of members in ascending order: `readonly` can read, `user` can also write, `admin` also manages members. */
export const ROLES = ['readonly', 'user', 'admin'] as const

export type Role = typeof ROLES[number]

export function roleSuffices (role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

/** A user account. */
export interface User {
  readonly id: number
  readonly name: string
  /** Lower case; unique. */
  readonly email: string
}

export interface Member {
  readonly userId: number
  readonly role: Role
}

export interface Invite {
  readonly id: number
  readonly email: string
  readonly role: Role
  /** The end of the invitation link. */
  readonly token: string
  readonly createdAt: number
  readonly validUntil: number
  /** Null until the invite is accepted. */
  readonly acceptedAt: number | null
}

/** A workspace with its members and invites: one unit, so that every decision sees a consistent state. */
export interface Workspace {
  readonly id: number
  readonly name: string
  readonly icon: string | null
  readonly settings: { readonly [key: string]: unknown }
  readonly createdAt: number
  readonly updatedAt: number
  /** In the order in which they joined. */
  readonly members: readonly Member[]
  readonly invites: readonly Invite[]
}

/** The validity of an invite: seven days, in milliseconds. */
export const INVITE_LIFETIME = 7 * 24 * 3600 * 1000

export const INVITE_STATUSES = ['pending', 'accepted', 'expired'] as const

export function inviteStatusAt ({ acceptedAt, validUntil }: Invite, now: number): typeof INVITE_STATUSES[number] {
  if (acceptedAt !== null) return 'accepted'
  return now < validUntil ? 'pending' : 'expired'
}

export function roleOf ({ members }: Workspace, userId: number): Role | undefined {
  return members.find(member => member.userId === userId)?.role
}

/** Returns the workspace with a new member. Throws a DomainError if the user is a member already. */
export function withMember (workspace: Workspace, userId: number, role: Role): Workspace {
  if (roleOf(workspace, userId) !== undefined) throw new DomainError({ field: 'email' }, ALREADY_MEMBER)
  return { ...workspace, members: [...workspace.members, { userId, role }] }
}

const ALREADY_MEMBER = 'The email belongs to a member of the workspace already: change the role of that member instead.'

/** Returns the workspace without a member. Throws a DomainError if the user is not a member, or the last admin. */
export function withoutMember (workspace: Workspace, userId: number): Workspace {
  assertMember(workspace, userId)
  return withAdmin({ ...workspace, members: workspace.members.filter(member => member.userId !== userId) })
}

/** Returns the workspace with another role for a member. Throws a DomainError if the user is not a member, or no admin would be left. */
export function withRole (workspace: Workspace, userId: number, role: Role): Workspace {
  assertMember(workspace, userId)
  return withAdmin({ ...workspace, members: workspace.members.map(member => member.userId === userId ? { userId, role } : member) })
}

/** Returns the workspace with a new invite. Throws a DomainError if there is an open invite for the address. */
export function withInvite (workspace: Workspace, invite: Invite): Workspace {
  const open = workspace.invites.find(({ email, acceptedAt }) => email === invite.email && acceptedAt === null)
  if (open !== undefined) throw new DomainError({ field: 'email' }, `The email was invited already: resend or cancel invite ${open.id}.`)
  return { ...workspace, invites: [...workspace.invites, invite] }
}

/** Returns the workspace with the invite valid for its full lifetime from `now`. Throws a DomainError if it is unknown or accepted. */
export function withResentInvite (workspace: Workspace, id: number, now: number): Workspace {
  const invite = openInvite(workspace, id)
  return replaceInvite(workspace, { ...invite, validUntil: now + INVITE_LIFETIME })
}

/** Returns the workspace without an invite. Throws a DomainError if it is unknown or accepted. */
export function withoutInvite (workspace: Workspace, id: number): Workspace {
  openInvite(workspace, id)
  return { ...workspace, invites: workspace.invites.filter(invite => invite.id !== id) }
}

/**
 * Returns the workspace with the invite accepted and the user as a member. Throws a DomainError if the invite is unknown,
 * accepted or expired, or the user is a member already.
 */
export function withAcceptedInvite (workspace: Workspace, id: number, userId: number, now: number): Workspace {
  const invite = openInvite(workspace, id)
  if (inviteStatusAt(invite, now) === 'expired') throw new DomainError('missing', 'The invite has expired: resend it first.')
  return withMember(replaceInvite(workspace, { ...invite, acceptedAt: now }), userId, invite.role)
}

/** Returns an invite that has not been accepted, even if it has expired. Throws a DomainError for any other. */
export function openInvite ({ invites }: Workspace, id: number): Invite {
  const invite = invites.find(invite => invite.id === id)
  if (invite === undefined || invite.acceptedAt !== null) throw new DomainError('missing', 'Invite not found.')
  return invite
}

function replaceInvite (workspace: Workspace, invite: Invite): Workspace {
  return { ...workspace, invites: workspace.invites.map(other => other.id === invite.id ? invite : other) }
}

/** Throws a DomainError if the user is not a member. */
export function assertMember (workspace: Workspace, userId: number): void {
  if (roleOf(workspace, userId) === undefined) throw new DomainError('missing', 'User not found.')
}

function withAdmin (workspace: Workspace): Workspace {
  if (workspace.members.some(({ role }) => role === 'admin')) return workspace
  throw new DomainError('forbidden', 'The workspace needs an admin: make another member an admin first.')
}
