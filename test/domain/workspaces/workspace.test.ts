import t, { type Test } from 'tap'
import fc from 'fast-check'
import { DomainError } from '../../../src/domain/domain-error.ts'
import {
  assertMember, INVITE_LIFETIME, inviteStatusAt, openInvite, roleOf, ROLES, roleSuffices, withAcceptedInvite, withInvite, withMember,
  withoutInvite, withoutMember, withResentInvite, withRole, type Invite, type Member, type Role, type Workspace
} from '../../../src/domain/workspaces/workspace.ts'

const ADMIN = 1
const USER = 2
const READER = 3
const STRANGER = 9

const pending: Invite = {
  id: 1,
  email: 'new@example.com',
  role: 'user',
  token: 'token-1',
  createdAt: 1_000,
  validUntil: 1_000 + INVITE_LIFETIME,
  acceptedAt: null
}
const accepted: Invite = { ...pending, id: 2, email: 'member@example.com', token: 'token-2', acceptedAt: 2_000 }
const expired: Invite = { ...pending, id: 3, email: 'late@example.com', token: 'token-3', createdAt: 0, validUntil: 500 }

const workspace: Workspace = {
  id: 7,
  name: 'Accounts payable',
  icon: null,
  settings: {},
  createdAt: 0,
  updatedAt: 0,
  members: [{ userId: ADMIN, role: 'admin' }, { userId: USER, role: 'user' }, { userId: READER, role: 'readonly' }],
  invites: [pending, accepted, expired]
}

type Decision = [title: string, decide: () => Workspace, expected: Partial<Workspace> | DomainError]

/** Compares decisions with a table: each returns the workspace with those changes, or throws. None mutates the workspace. */
function checkDecisions (t: Test, table: Decision[]): void {
  const before = structuredClone(workspace)
  for (const [title, decide, expected] of table) {
    if (expected instanceof DomainError) {
      t.throws(decide, { constructor: DomainError, reason: expected.reason, message: expected.message }, title)
    } else t.same(decide(), { ...workspace, ...expected }, title)
  }
  t.same(workspace, before)
}

const NOT_A_MEMBER = new DomainError('missing', 'User not found.')
const LAST_ADMIN = new DomainError('forbidden', 'The workspace needs an admin: make another member an admin first.')
const ALREADY_MEMBER = new DomainError(
  { field: 'email' }, 'The email belongs to a member of the workspace already: change the role of that member instead.'
)
const NO_INVITE = new DomainError('missing', 'Invite not found.')

t.test('each role includes the roles before it', async t => {
  t.same(ROLES.map(role => ROLES.map(needed => roleSuffices(role, needed))), [
    [true, false, false],
    [true, true, false],
    [true, true, true]
  ])
})

t.test('only members have a role', async t => {
  t.same([ADMIN, USER, READER, STRANGER].map(id => roleOf(workspace, id)), ['admin', 'user', 'readonly', undefined])
  t.throws(() => { assertMember(workspace, STRANGER) }, NOT_A_MEMBER)
  t.doesNotThrow(() => { assertMember(workspace, READER) })
})

t.test('adds a member after the others, once', async t => {
  checkDecisions(t, [
    ['a stranger', () => withMember(workspace, STRANGER, 'readonly'), {
      members: [...workspace.members, { userId: STRANGER, role: 'readonly' }]
    }],
    ['a member', () => withMember(workspace, USER, 'readonly'), ALREADY_MEMBER],
    ['a member, in the same role', () => withMember(workspace, USER, 'user'), ALREADY_MEMBER]
  ])
})

const [admin, user, reader] = workspace.members as [Member, Member, Member]
const second = withRole(workspace, USER, 'admin')

t.test('removes members, but not the last admin', async t => {
  checkDecisions(t, [
    ['a user', () => withoutMember(workspace, USER), { members: [admin, reader] }],
    ['a reader', () => withoutMember(workspace, READER), { members: [admin, user] }],
    ['the only admin', () => withoutMember(workspace, ADMIN), LAST_ADMIN],
    ['one of two admins', () => withoutMember(second, ADMIN), { members: [{ userId: USER, role: 'admin' }, reader] }],
    ['the other admin afterwards', () => withoutMember(withoutMember(second, ADMIN), USER), LAST_ADMIN],
    ['a stranger', () => withoutMember(workspace, STRANGER), NOT_A_MEMBER],
    ['a member who was removed', () => withoutMember(withoutMember(workspace, USER), USER), NOT_A_MEMBER]
  ])
})

t.test('changes roles as long as there is an admin, and keeps the order of members', async t => {
  checkDecisions(t, [
    ['to a higher role', () => withRole(workspace, READER, 'user'), { members: [admin, user, { userId: READER, role: 'user' }] }],
    ['to a lower role', () => withRole(workspace, USER, 'readonly'), { members: [admin, { userId: USER, role: 'readonly' }, reader] }],
    ['to the same role', () => withRole(workspace, USER, 'user'), {}],
    ['the only admin to one', () => withRole(workspace, ADMIN, 'admin'), {}],
    ['the only admin to a user', () => withRole(workspace, ADMIN, 'user'), LAST_ADMIN],
    ['one of two admins to a user', () => withRole(second, ADMIN, 'user'), {
      members: [{ userId: ADMIN, role: 'user' }, { userId: USER, role: 'admin' }, reader]
    }],
    ['a stranger', () => withRole(workspace, STRANGER, 'admin'), NOT_A_MEMBER]
  ])
})

t.test('an invite is pending until it is accepted or expires', async t => {
  t.equal(INVITE_LIFETIME, 7 * 24 * 60 * 60 * 1000)
  const table: Array<[invite: Invite, now: number, status: string]> = [
    [pending, 1_000, 'pending'],
    [pending, pending.validUntil - 1, 'pending'],
    [pending, pending.validUntil, 'expired'],
    [accepted, 2_000, 'accepted'],
    [accepted, 1e15, 'accepted'],
    [expired, 1_000, 'expired']
  ]
  for (const [invite, now, status] of table) t.equal(inviteStatusAt(invite, now), status, `invite ${invite.id} at ${now}`)
})

t.test('an address has one open invite at a time', async t => {
  const next = { ...pending, id: 4, token: 'token-4' }
  const refused = (id: number): DomainError => {
    return new DomainError({ field: 'email' }, `The email was invited already: resend or cancel invite ${id}.`)
  }
  const another = { ...next, email: 'another@example.com' }
  const former = { ...next, email: accepted.email }
  checkDecisions(t, [
    ['a new address', () => withInvite(workspace, another), { invites: [...workspace.invites, another] }],
    ['an address with an open invite', () => withInvite(workspace, next), refused(1)],
    ['an address with an expired invite', () => withInvite(workspace, { ...next, email: expired.email }), refused(3)],
    ['an address with an accepted invite', () => withInvite(workspace, former), { invites: [...workspace.invites, former] }],
    ['an address with a cancelled invite', () => withInvite(withoutInvite(workspace, 1), next), { invites: [accepted, expired, next] }]
  ])
})

t.test('resends an open invite with its full lifetime', async t => {
  const resent = (invite: Invite, now: number): Invite => ({ ...invite, validUntil: now + INVITE_LIFETIME })
  checkDecisions(t, [
    ['a pending one', () => withResentInvite(workspace, 1, 5_000), { invites: [resent(pending, 5_000), accepted, expired] }],
    ['an expired one', () => withResentInvite(workspace, 3, 5_000), { invites: [pending, accepted, resent(expired, 5_000)] }],
    ['an accepted one', () => withResentInvite(workspace, 2, 5_000), NO_INVITE],
    ['an unknown one', () => withResentInvite(workspace, 9, 5_000), NO_INVITE]
  ])
})

t.test('cancels an open invite', async t => {
  checkDecisions(t, [
    ['a pending one', () => withoutInvite(workspace, 1), { invites: [accepted, expired] }],
    ['an expired one', () => withoutInvite(workspace, 3), { invites: [pending, accepted] }],
    ['an accepted one', () => withoutInvite(workspace, 2), NO_INVITE],
    ['an unknown one', () => withoutInvite(workspace, 9), NO_INVITE]
  ])
})

t.test('accepting an invite adds a member with its role', async t => {
  const members = [...workspace.members, { userId: STRANGER, role: 'user' as const }]
  const late = { ...expired, validUntil: 5_000 + INVITE_LIFETIME }
  const hasExpired = new DomainError('missing', 'The invite has expired: resend it first.')
  const accept = (to: Workspace, id: number, now = 5_000): Workspace => withAcceptedInvite(to, id, STRANGER, now)
  checkDecisions(t, [
    ['a pending one', () => accept(workspace, 1), { members, invites: [{ ...pending, acceptedAt: 5_000 }, accepted, expired] }],
    ['an expired one', () => accept(workspace, 3), hasExpired],
    ['one at the instant it expires', () => accept(workspace, 1, pending.validUntil), hasExpired],
    ['an expired one that was resent', () => accept(withResentInvite(workspace, 3, 5_000), 3, 6_000), {
      members, invites: [pending, accepted, { ...late, acceptedAt: 6_000 }]
    }],
    ['an accepted one', () => accept(workspace, 2), NO_INVITE],
    ['an unknown one', () => accept(workspace, 9), NO_INVITE],
    ['one twice', () => accept(accept(workspace, 1), 1), NO_INVITE],
    ['a pending one, by a member', () => withAcceptedInvite(workspace, 1, USER, 5_000), ALREADY_MEMBER]
  ])
})

t.test('an invite is open until it is accepted, even if it has expired', async t => {
  t.equal(openInvite(workspace, 1), pending)
  t.equal(openInvite(workspace, 3), expired)
  for (const id of [2, 9]) t.throws(() => openInvite(workspace, id), NO_INVITE)
})

t.test('after any decisions a workspace has an admin, distinct members, and at most one open invite for each address', async () => {
  const users = fc.integer({ min: 1, max: 5 })
  const roles = fc.constantFrom<Role>(...ROLES)
  const instants = fc.nat({ max: 2 * INVITE_LIFETIME })
  const decisions = fc.oneof(
    fc.tuple(users, roles).map(([user, role]) => (workspace: Workspace) => withMember(workspace, user, role)),
    users.map(user => (workspace: Workspace) => withoutMember(workspace, user)),
    fc.tuple(users, roles).map(([user, role]) => (workspace: Workspace) => withRole(workspace, user, role)),
    fc.tuple(users, instants).map(([user, createdAt]) => (workspace: Workspace) => {
      const dates = { createdAt, validUntil: createdAt + INVITE_LIFETIME }
      return withInvite(workspace, { ...pending, id: 100 + workspace.invites.length, email: `${user}@example.com`, ...dates })
    }),
    fc.tuple(users, instants).map(([id, now]) => (workspace: Workspace) => withResentInvite(workspace, id, now)),
    users.map(id => (workspace: Workspace) => withoutInvite(workspace, id)),
    fc.tuple(users, users, instants).map(([id, user, now]) => (workspace: Workspace) => withAcceptedInvite(workspace, id, user, now))
  )
  fc.assert(fc.property(fc.array(decisions), decisions => {
    let current = workspace
    for (const decision of decisions) {
      try {
        current = decision(current)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
      }
    }
    const open = current.invites.filter(({ acceptedAt }) => acceptedAt === null).map(({ email }) => email)
    return current.members.some(({ role }) => role === 'admin') &&
      new Set(current.members.map(({ userId }) => userId)).size === current.members.length &&
      new Set(open).size === open.length
  }))
})
