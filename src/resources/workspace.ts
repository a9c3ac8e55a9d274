import { Type, type Static } from '@sinclair/typebox'
import { hash } from 'node:crypto'
import { INVITE_STATUSES, inviteStatusAt, ROLES } from '../domain/workspaces/workspace.ts'
import type { Invite, Member, User, Workspace } from '../domain/workspaces/workspace.ts'
import { annotated, Enum, Instant, isoOf, Name, Nullable } from '../http/schema.ts'

export const Icon = Nullable(Type.String({ maxLength: 255, title: 'a string of at most 255 characters', examples: ['🧾'] }), 'An emoji.')
export const Role = Enum(
  ROLES,
  '`readonly` can read, `user` can also write, `admin` can also manage the workspace and its members.',
  'user'
)
export const Email = Type.String({ format: 'email', maxLength: 255, examples: ['ana@example.org'] })

export const WorkspaceBody = Type.Object({
  id: Type.Integer({ examples: [1] }),
  name: annotated(Name, { examples: ['Accounts payable'] }),
  icon: Icon,
  settings: Type.Object({}),
  created_at: Instant,
  updated_at: Instant
}, { $id: 'Workspace', description: 'A workspace: it owns templates, sessions, documents and members.' })

export const UserBody = Type.Object({
  id: Type.Integer({ examples: [4] }),
  name: Type.String({ examples: ['Ana Ruiz'] }),
  email: Email,
  role: Role,
  photo_url: Type.String({ format: 'uri', examples: ['https://www.gravatar.com/avatar/0?d=mp'] })
}, { $id: 'User', description: 'A member of a workspace.' })

export const InviteBody = Type.Object({
  id: Type.Integer({ examples: [4] }),
  email: Email,
  role: Role,
  status: Enum(INVITE_STATUSES, 'Status of the invite.', 'pending'),
  created_at: Instant,
  valid_until: annotated(Instant, { examples: ['2024-01-22T10:30:00Z'] })
}, { $id: 'Invite', description: 'An invitation to become a member of a workspace.' })

export function presentWorkspace ({ id, name, icon, settings, createdAt, updatedAt }: Workspace): Static<typeof WorkspaceBody> {
  return { id, name, icon, settings, created_at: isoOf(createdAt), updated_at: isoOf(updatedAt) }
}

export function presentUser ({ id, name, email }: User, { role }: Member): Static<typeof UserBody> {
  return { id, name, email, role, photo_url: `https://www.gravatar.com/avatar/${hash('sha256', email, 'hex')}?d=mp` }
}

export function presentInvite (invite: Invite, now: number): Static<typeof InviteBody> {
  const { id, email, role, createdAt, validUntil } = invite
  return { id, email, role, status: inviteStatusAt(invite, now), created_at: isoOf(createdAt), valid_until: isoOf(validUntil) }
}
