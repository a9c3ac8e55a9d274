import t, { type Test } from 'tap'
import fc from 'fast-check'
import { DomainError } from '../../../src/domain/domain-error.ts'
import {
  INVITE_LIFETIME, inviteStatusAt, roleSuffices, openInvite, assertMember, roleOf, ROLES, withAcceptedInvite, withInvite, withMember, withoutInvite, withoutMember,
  withResentInvite, withRole, type Invite, type Role, type Workspace
} from '../../../src/domain/workspaces/workspace.ts'

const ADMIN = 1
const WORKER = 2
const VIEWER = 3
const NOBODY = 9

const pending: Invite = { id: 1, email: 'new@example.com', role: 'user', token: 'token-1', createdAt: 1_000, validUntil: 1_000 + INVITE_LIFETIME, acceptedAt: null }
const accepted: Invite = { ...pending, id: 2, email: 'worker@example.com', token: 'token-2', acceptedAt: 2_000 }
const expired: Invite = { ...pending, id: 3, email: 'late@example.com', token: 'token-3', createdAt: 0, validUntil: 500 }

const workspace: Workspace = {
  id: 7,
  name: 'Accounts payable',
  icon: null,
  settings: {},
  createdAt: 0,
  updatedAt: 0,
  members: [{ userId: ADMIN, role: 'admin' }, { userId: WORKER, role: 'user' }, { userId: VIEWER, role: 'readonly' }],
  invites: [pending, accepted, expired]
}

/** Holds decisions to a table: each gives the workspace with those parts, or is refused. Whatever is decided, the workspace at hand stays as it was. */
function decide (t: Test, table: Array<[what: string, decision: () => Workspace, outcome: Partial<Workspace> | DomainError]>): void {
  const before = structuredClone(workspace)
  for (const [what, decision, outcome] of table) {
    if (outcome instanceof DomainError) t.throws(decision, { constructor: DomainError, reason: outcome.reason, message: outcome.message }, what)
    else t.same(decision(), { ...workspace, ...outcome }, what)
  }
  t.same(workspace, before)
}

const STRANGER = new DomainError('missing', 'User not found.')
const LAST_ADMIN = new DomainError('forbidden', 'The workspace needs an admin: make another member one first.')
const MEMBER = new DomainError({ field: 'email' }, 'The email belongs to a member of the workspace already: change the role of that member instead.')
const NO_INVITE = new DomainError('missing', 'Invite not found.')

t.test('each role may do what those before it may', async t => {
  t.same(ROLES.map(role => ROLES.map(needed => roleSuffices(role, needed))), [[true, false, false], [true, true, false], [true, true, true]])
})

t.test('a member has a role, and nobody else', async t => {
  t.same([ADMIN, WORKER, VIEWER, NOBODY].map(id => roleOf(workspace, id)), ['admin', 'user', 'readonly', undefined])
  t.throws(() => { assertMember(workspace, NOBODY) }, STRANGER)
  t.doesNotThrow(() => { assertMember(workspace, VIEWER) })
})

t.test('members are added behind the others, each once', async t => {
  decide(t, [
    ['somebody new', () => withMember(workspace, NOBODY, 'readonly'), { members: [...workspace.members, { userId: NOBODY, role: 'readonly' }] }],
    ['a member', () => withMember(workspace, WORKER, 'readonly'), MEMBER],
    ['a member, in the same role', () => withMember(workspace, WORKER, 'user'), MEMBER]
  ])
})

const [admin, worker, viewer] = workspace.members as [Workspace['members'][number], Workspace['members'][number], Workspace['members'][number]]
const second = withRole(workspace, WORKER, 'admin')

t.test('members can be removed, but not the last admin', async t => {
  decide(t, [
    ['a user', () => withoutMember(workspace, WORKER), { members: [admin, viewer] }],
    ['somebody who only looks', () => withoutMember(workspace, VIEWER), { members: [admin, worker] }],
    ['the only admin', () => withoutMember(workspace, ADMIN), LAST_ADMIN],
    ['one of two admins', () => withoutMember(second, ADMIN), { members: [{ userId: WORKER, role: 'admin' }, viewer] }],
    ['the other one then', () => withoutMember(withoutMember(second, ADMIN), WORKER), LAST_ADMIN],
    ['a stranger', () => withoutMember(workspace, NOBODY), STRANGER],
    ['a member who was removed', () => withoutMember(withoutMember(workspace, WORKER), WORKER), STRANGER]
  ])
})

t.test('roles can be changed as long as there is an admin; the order of the members stays', async t => {
  decide(t, [
    ['up', () => withRole(workspace, VIEWER, 'user'), { members: [admin, worker, { userId: VIEWER, role: 'user' }] }],
    ['down', () => withRole(workspace, WORKER, 'readonly'), { members: [admin, { userId: WORKER, role: 'readonly' }, viewer] }],
    ['as it was', () => withRole(workspace, WORKER, 'user'), {}],
    ['the only admin to one', () => withRole(workspace, ADMIN, 'admin'), {}],
    ['the only admin to a user', () => withRole(workspace, ADMIN, 'user'), LAST_ADMIN],
    ['one of two admins to a user', () => withRole(second, ADMIN, 'user'), { members: [{ userId: ADMIN, role: 'user' }, { userId: WORKER, role: 'admin' }, viewer] }],
    ['a stranger', () => withRole(workspace, NOBODY, 'admin'), STRANGER]
  ])
})

t.test('an invite is pending until it is accepted, or its time is over', async t => {
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

t.test('an address is invited once at a time', async t => {
  const next = { ...pending, id: 4, token: 'token-4' }
  const refused = (id: number): DomainError => new DomainError({ field: 'email' }, `The email was invited already: resend or cancel invite ${id}.`)
  decide(t, [
    ['somebody new', () => withInvite(workspace, { ...next, email: 'another@example.com' }), { invites: [...workspace.invites, { ...next, email: 'another@example.com' }] }],
    ['who has an open invite', () => withInvite(workspace, next), refused(1)],
    ['who has one that has expired', () => withInvite(workspace, { ...next, email: expired.email }), refused(3)],
    ['who has accepted one and gone since', () => withInvite(workspace, { ...next, email: accepted.email }), { invites: [...workspace.invites, { ...next, email: accepted.email }] }],
    ['whose invite was cancelled', () => withInvite(withoutInvite(workspace, 1), next), { invites: [accepted, expired, next] }]
  ])
})

t.test('an open invite can be sent again, and is good for as long as a new one', async t => {
  const resent = (invite: Invite, now: number): Invite => ({ ...invite, validUntil: now + INVITE_LIFETIME })
  decide(t, [
    ['a pending one', () => withResentInvite(workspace, 1, 5_000), { invites: [resent(pending, 5_000), accepted, expired] }],
    ['an expired one', () => withResentInvite(workspace, 3, 5_000), { invites: [pending, accepted, resent(expired, 5_000)] }],
    ['an accepted one', () => withResentInvite(workspace, 2, 5_000), NO_INVITE],
    ['an unknown one', () => withResentInvite(workspace, 9, 5_000), NO_INVITE]
  ])
})

t.test('an open invite can be cancelled', async t => {
  decide(t, [
    ['a pending one', () => withoutInvite(workspace, 1), { invites: [accepted, expired] }],
    ['an expired one', () => withoutInvite(workspace, 3), { invites: [pending, accepted] }],
    ['an accepted one', () => withoutInvite(workspace, 2), NO_INVITE],
    ['an unknown one', () => withoutInvite(workspace, 9), NO_INVITE]
  ])
})

t.test('who accepts an invite becomes a member with its role', async t => {
  const members = [...workspace.members, { userId: NOBODY, role: 'user' as const }]
  const late = { ...expired, validUntil: 5_000 + INVITE_LIFETIME }
  decide(t, [
    ['a pending one', () => withAcceptedInvite(workspace, 1, NOBODY, 5_000), { members, invites: [{ ...pending, acceptedAt: 5_000 }, accepted, expired] }],
    ['an expired one', () => withAcceptedInvite(workspace, 3, NOBODY, 5_000), new DomainError('missing', 'The invite has expired: resend it first.')],
    ['one at the instant it expires', () => withAcceptedInvite(workspace, 1, NOBODY, pending.validUntil), new DomainError('missing', 'The invite has expired: resend it first.')],
    ['an expired one that was sent again', () => withAcceptedInvite(withResentInvite(workspace, 3, 5_000), 3, NOBODY, 6_000), { members, invites: [pending, accepted, { ...late, acceptedAt: 6_000 }] }],
    ['an accepted one', () => withAcceptedInvite(workspace, 2, NOBODY, 5_000), NO_INVITE],
    ['an unknown one', () => withAcceptedInvite(workspace, 9, NOBODY, 5_000), NO_INVITE],
    ['one twice', () => withAcceptedInvite(withAcceptedInvite(workspace, 1, NOBODY, 5_000), 1, NOBODY, 5_000), NO_INVITE],
    ['a pending one, by a member', () => withAcceptedInvite(workspace, 1, WORKER, 5_000), MEMBER]
  ])
})

t.test('an invite is open until it is accepted, expired or not', async t => {
  t.equal(openInvite(workspace, 1), pending)
  t.equal(openInvite(workspace, 3), expired)
  for (const id of [2, 9]) t.throws(() => openInvite(workspace, id), NO_INVITE)
})

t.test('whatever is decided, a workspace keeps an admin, no member twice, and no two open invites for one address', async () => {
  const users = fc.integer({ min: 1, max: 5 })
  const roles = fc.constantFrom<Role>(...ROLES)
  const instants = fc.nat({ max: 2 * INVITE_LIFETIME })
  const decisions = fc.oneof(
    fc.tuple(users, roles).map(([user, role]) => (workspace: Workspace) => withMember(workspace, user, role)),
    users.map(user => (workspace: Workspace) => withoutMember(workspace, user)),
    fc.tuple(users, roles).map(([user, role]) => (workspace: Workspace) => withRole(workspace, user, role)),
    fc.tuple(users, instants).map(([user, createdAt]) => (workspace: Workspace) => withInvite(workspace, { ...pending, id: 100 + workspace.invites.length, email: `${user}@example.com`, createdAt, validUntil: createdAt + INVITE_LIFETIME })),
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
