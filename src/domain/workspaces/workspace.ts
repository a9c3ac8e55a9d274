import { DomainError } from '../domain-error.ts'

/** What a member of a workspace may do, each more than the one before: look; work; rule over settings and members. */
export const ROLES = ['readonly', 'user', 'admin'] as const

export type Role = typeof ROLES[number]

export function roleSuffices (role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

/** Somebody with an account. */
export interface User {
  readonly id: number
  readonly name: string
  /** In lower case; nobody else has it. */
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
  /** What the link ends with. */
  readonly token: string
  readonly createdAt: number
  readonly validUntil: number
  /** Null as long as it was not accepted. */
  readonly acceptedAt: number | null
}

/** A workspace with its members and invites: what is decided about them is decided about all of it at once. */
export interface Workspace {
  readonly id: number
  readonly name: string
  readonly icon: string | null
  readonly settings: { readonly [key: string]: unknown }
  readonly createdAt: number
  readonly updatedAt: number
  /** In the order in which they came. */
  readonly members: readonly Member[]
  readonly invites: readonly Invite[]
}

/** How long an invite is good, in milliseconds: seven days. */
export const INVITE_LIFETIME = 7 * 24 * 3600 * 1000

export const INVITE_STATUSES = ['pending', 'accepted', 'expired'] as const

/** What has become of an invite. */
export function inviteStatusAt ({ acceptedAt, validUntil }: Invite, now: number): typeof INVITE_STATUSES[number] {
  if (acceptedAt !== null) return 'accepted'
  return now < validUntil ? 'pending' : 'expired'
}

export function roleOf ({ members }: Workspace, userId: number): Role | undefined {
  return members.find(member => member.userId === userId)?.role
}

/** The workspace with one more member. Refuses who is one already. */
export function withMember (workspace: Workspace, userId: number, role: Role): Workspace {
  if (roleOf(workspace, userId) !== undefined) throw new DomainError({ field: 'email' }, 'The email belongs to a member of the workspace already: change the role of that member instead.')
  return { ...workspace, members: [...workspace.members, { userId, role }] }
}

/** The workspace without one of its members. Refuses who is none, and the last admin. */
export function withoutMember (workspace: Workspace, userId: number): Workspace {
  assertMember(workspace, userId)
  return withAdmin({ ...workspace, members: workspace.members.filter(member => member.userId !== userId) })
}

/** The workspace with another role for one of its members. Refuses who is none, and to be left without an admin. */
export function withRole (workspace: Workspace, userId: number, role: Role): Workspace {
  assertMember(workspace, userId)
  return withAdmin({ ...workspace, members: workspace.members.map(member => member.userId === userId ? { userId, role } : member) })
}

/** The workspace with one more invite. Refuses an address that has an open one. */
export function withInvite (workspace: Workspace, invite: Invite): Workspace {
  const open = workspace.invites.find(({ email, acceptedAt }) => email === invite.email && acceptedAt === null)
  if (open !== undefined) throw new DomainError({ field: 'email' }, `The email was invited already: resend or cancel invite ${open.id}.`)
  return { ...workspace, invites: [...workspace.invites, invite] }
}

/** The workspace with an invite that is good from now on for as long as a new one. Refuses what is unknown, or accepted. */
export function withResentInvite (workspace: Workspace, id: number, now: number): Workspace {
  const invite = openInvite(workspace, id)
  return replaceInvite(workspace, { ...invite, validUntil: now + INVITE_LIFETIME })
}

/** The workspace without an invite. Refuses what is unknown, or accepted. */
export function withoutInvite (workspace: Workspace, id: number): Workspace {
  openInvite(workspace, id)
  return { ...workspace, invites: workspace.invites.filter(invite => invite.id !== id) }
}

/** The workspace in which somebody has accepted an invite. Refuses what is unknown, accepted, or expired. */
export function withAcceptedInvite (workspace: Workspace, id: number, userId: number, now: number): Workspace {
  const invite = openInvite(workspace, id)
  if (inviteStatusAt(invite, now) === 'expired') throw new DomainError('missing', 'The invite has expired: resend it first.')
  return withMember(replaceInvite(workspace, { ...invite, acceptedAt: now }), userId, invite.role)
}

/** An invite that was not accepted yet. */
export function openInvite ({ invites }: Workspace, id: number): Invite {
  const invite = invites.find(invite => invite.id === id)
  if (invite === undefined || invite.acceptedAt !== null) throw new DomainError('missing', 'Invite not found.')
  return invite
}

function replaceInvite (workspace: Workspace, invite: Invite): Workspace {
  return { ...workspace, invites: workspace.invites.map(other => other.id === invite.id ? invite : other) }
}

/** Refuses who is no member. */
export function assertMember (workspace: Workspace, userId: number): void {
  if (roleOf(workspace, userId) === undefined) throw new DomainError('missing', 'User not found.')
}

function withAdmin (workspace: Workspace): Workspace {
  if (workspace.members.some(({ role }) => role === 'admin')) return workspace
  throw new DomainError('forbidden', 'The workspace needs an admin: make another member one first.')
}
