import { hash } from 'node:crypto'
import t, { type Test } from 'tap'
import fc from 'fast-check'
import { ROLES, type Role } from '../../src/domain/workspaces/workspace.ts'
import { as, build, FULL, type Rig } from '../helper.ts'
import { findsNone, MISSING, NO_NUMBERS, notOf, refusesBadBodies, type BadValue } from './bad-input.ts'

const BAD_ROLES: readonly BadValue[] = [
  ...MISSING,
  ...['owner', 'Admin', 'user,admin', '__proto__', 'x'.repeat(10_000)].map(role => [role, 'must be one of readonly, user, admin.'] as const),
  ...notOf([], 'must be one of readonly, user, admin.', 'missing')
]

const BAD_EMAILS: readonly BadValue[] = [
  ...MISSING,
  ...notOf(['string'], 'must be a string.', 'missing'),
  ...['ana', 'ana@', '@example.org', 'ana@@example.org', 'ana ruiz@example.org', 'Ana <ana@example.org>', 'a@example.org,b@example.org', 'a@b;c'].map(email => [email, 'must be a valid email address.'] as const),
  [`${'x'.repeat(244)}@example.org`, 'must not be greater than 255 characters.']
]

function user (id: number, name: string, email: string, role: Role): object {
  return { id, name, email, role, photo_url: `https://www.gravatar.com/avatar/${hash('sha256', email, 'hex')}?d=mp` }
}

const OLIVIA = user(1, 'Olivia Owner', 'owner@example.com', 'admin')
const WILL = user(2, 'Will Worker', 'worker@example.com', 'user')
const VERA = user(3, 'Vera Viewer', 'viewer@example.com', 'readonly')
const SAM = user(4, 'Sam Stranger', 'stranger@example.com', 'admin')

async function members ({ app }: Rig, headers: Record<string, string> = FULL, workspace = 1): Promise<any> {
  return (await app.inject({ url: `/workspaces/${workspace}/users`, headers })).json()
}

type Method = 'POST' | 'PUT' | 'DELETE'

/** Calls and expects the status and the body. */
async function expects (t: Test, { app }: Rig, [method, url, payload]: [Method, string, (object | undefined)?], [status, body]: [number, object | ''], headers: Record<string, string> = FULL): Promise<void> {
  const reply = await app.inject({ method, url, headers, ...payload === undefined ? {} : { payload } })
  t.strictSame([reply.statusCode, reply.body], [status, body === '' ? '' : JSON.stringify(body)], `${method} ${url}`)
}

t.test('list users: is a bare array in the order of joining', async t => {
  const rig = await build(t)
  for (const headers of [FULL, as('worker'), as('viewer')]) t.strictSame(await members(rig, headers), [OLIVIA, WILL, VERA])
  t.strictSame(await members(rig, as('stranger'), 2), [SAM])
})

t.test('add user: a user with an account becomes a member at once', async t => {
  const rig = await build(t)
  await expects(t, rig, ['POST', '/workspaces/1/users/add', { email: 'Stranger@EXAMPLE.com', role: 'user' }], [200, { message: 'User added successfully' }])
  t.strictSame(await members(rig, as('stranger')), [OLIVIA, WILL, VERA, { ...SAM, role: 'user' }])
  t.strictSame((await rig.call('GET', '/workspaces/1/invites')).json(), [])
  t.strictSame(await members(rig, as('stranger'), 2), [SAM], 'other memberships do not change')
})

t.test('add user: an address without an account receives an invite and is not yet a member', async t => {
  const rig = await build(t)
  await expects(t, rig, ['POST', '/workspaces/1/users/add', { email: 'Ana@Example.org', role: 'readonly' }], [200, { message: 'Invitation sent', invite_id: 1 }])
  await expects(t, rig, ['POST', '/workspaces/1/users/add', { email: 'bo@example.org', role: 'admin' }], [200, { message: 'Invitation sent', invite_id: 2 }])
  t.strictSame(await members(rig), [OLIVIA, WILL, VERA])
})

t.test('add user: rejects members and invited addresses', async t => {
  const rig = await build(t)
  const refused = (message: string): [number, object] => [422, { message, errors: { email: [message] } }]
  const member = refused('The email belongs to a member of the workspace already: change the role of that member instead.')
  for (const email of ['worker@example.com', 'WORKER@example.com', 'owner@example.com']) await expects(t, rig, ['POST', '/workspaces/1/users/add', { email, role: 'admin' }], member)
  await expects(t, rig, ['POST', '/workspaces/1/users/add', { email: 'ana@example.org', role: 'user' }], [200, { message: 'Invitation sent', invite_id: 1 }])
  await expects(t, rig, ['POST', '/workspaces/1/users/add', { email: 'ANA@example.org', role: 'user' }], refused('The email was invited already: resend or cancel invite 1.'))
  t.equal((await rig.call('GET', '/workspaces/1/invites')).json().length, 1)
  t.strictSame(await members(rig), [OLIVIA, WILL, VERA])
  const elsewhere = await rig.app.inject({ method: 'POST', url: '/workspaces/2/users/add', headers: as('stranger'), payload: { email: 'ana@example.org', role: 'user' } })
  t.match(elsewhere.json(), { message: 'Invitation sent', invite_id: Number }, 'another workspace can invite the same address')
})

t.test('add user: rejects invalid bodies', async t => {
  const rig = await build(t)
  await refusesBadBodies(t, rig, {
    method: 'POST',
    url: '/workspaces/1/users/add',
    valid: { email: 'ana@example.org', role: 'user' },
    bad: { email: BAD_EMAILS, role: BAD_ROLES },
    unchanged: ['/workspaces/1/users', '/workspaces/1/invites']
  })
})

t.test('remove user: ends the membership and keeps the sessions', async t => {
  const rig = await build(t)
  const [id] = await rig.create(['tmp/a.pdf'])
  await expects(t, rig, ['DELETE', '/workspaces/1/users/2/remove'], [204, ''])
  t.strictSame(await members(rig), [OLIVIA, VERA])
  const gone = await rig.app.inject({ url: `/extractions/sessions/${id}`, headers: as('worker') })
  t.strictSame([gone.statusCode, gone.json()], [404, { message: 'Session not found.' }])
  t.equal((await rig.call('GET', `/extractions/sessions/${id}`)).statusCode, 200)
  await expects(t, rig, ['DELETE', '/workspaces/1/users/2/remove'], [404, { message: 'User not found.' }])
  await expects(t, rig, ['POST', '/workspaces/1/users/add', { email: 'worker@example.com', role: 'readonly' }], [200, { message: 'User added successfully' }])
  t.strictSame(await members(rig), [OLIVIA, VERA, { ...WILL, role: 'readonly' }], 'a removed member can be added again')
})

t.test('remove user: callers cannot remove themselves', async t => {
  const rig = await build(t)
  const yourself: [number, object] = [403, { message: 'You cannot remove yourself: leave the workspace instead.' }]
  await expects(t, rig, ['DELETE', '/workspaces/1/users/1/remove'], yourself)
  await expects(t, rig, ['PUT', '/workspaces/1/users/2/update-role', { role: 'admin' }], [200, { message: 'Role updated successfully' }])
  await expects(t, rig, ['DELETE', '/workspaces/1/users/1/remove'], yourself)
  await expects(t, rig, ['DELETE', '/workspaces/1/users/1/remove'], [204, ''], as('worker'))
  t.strictSame(await members(rig, as('worker')), [{ ...WILL, role: 'admin' }, VERA])
})

t.test('update role: changes the permissions of a member', async t => {
  const rig = await build(t)
  const rename = async (): Promise<number> => (await rig.app.inject({ method: 'PUT', url: '/workspaces/1', headers: as('viewer'), payload: { name: 'Mine' } })).statusCode
  t.equal(await rename(), 403)
  await expects(t, rig, ['PUT', '/workspaces/1/users/3/update-role', { role: 'admin' }], [200, { message: 'Role updated successfully' }])
  t.equal(await rename(), 200)
  t.strictSame(await members(rig), [OLIVIA, WILL, { ...VERA, role: 'admin' }])
  await expects(t, rig, ['PUT', '/workspaces/1/users/3/update-role', { role: 'user' }], [200, { message: 'Role updated successfully' }])
  t.equal(await rename(), 403)
  await expects(t, rig, ['PUT', '/workspaces/1/users/3/update-role', { role: 'user' }], [200, { message: 'Role updated successfully' }])
  t.strictSame(await members(rig), [OLIVIA, WILL, { ...VERA, role: 'user' }])
})

t.test('update role: rejects invalid bodies', async t => {
  const rig = await build(t)
  await refusesBadBodies(t, rig, { method: 'PUT', url: '/workspaces/1/users/2/update-role', valid: { role: 'admin' }, bad: { role: BAD_ROLES }, unchanged: ['/workspaces/1/users'] })
})

t.test('leave: the workspace answers 404 afterwards', async t => {
  const rig = await build(t)
  for (const [name, body] of [['worker', undefined], ['viewer', { anything: 1 }]] as const) {
    await expects(t, rig, ['POST', '/workspaces/1/leave', body], [200, { message: 'You have left the workspace' }], as(name))
    await expects(t, rig, ['POST', '/workspaces/1/leave', body], [404, { message: 'Workspace not found.' }], as(name))
  }
  t.strictSame(await members(rig), [OLIVIA])
})

t.test('leave, update role: a workspace keeps its last admin', async t => {
  const rig = await build(t)
  const needed: [number, object] = [403, { message: 'The workspace needs an admin: make another member an admin first.' }]
  await expects(t, rig, ['POST', '/workspaces/1/leave'], needed)
  for (const role of ['user', 'readonly']) await expects(t, rig, ['PUT', '/workspaces/1/users/1/update-role', { role }], needed)
  await expects(t, rig, ['PUT', '/workspaces/1/users/1/update-role', { role: 'admin' }], [200, { message: 'Role updated successfully' }])
  await expects(t, rig, ['POST', '/workspaces/2/leave'], needed, as('stranger'))
  t.strictSame(await members(rig), [OLIVIA, WILL, VERA])

  await expects(t, rig, ['PUT', '/workspaces/1/users/2/update-role', { role: 'admin' }], [200, { message: 'Role updated successfully' }])
  await expects(t, rig, ['PUT', '/workspaces/1/users/1/update-role', { role: 'readonly' }], [200, { message: 'Role updated successfully' }])
  await expects(t, rig, ['POST', '/workspaces/1/leave'], [200, { message: 'You have left the workspace' }])
  await expects(t, rig, ['POST', '/workspaces/1/leave'], needed, as('worker'))
  t.strictSame(await members(rig, as('worker')), [{ ...WILL, role: 'admin' }, VERA])
})

t.test('leave: ignores a body, whatever it is', async t => {
  for (const [type, encoding] of [['application/json', 'identity'], ['application/json', 'gzip'], ['text/plain', 'identity'], ['nonsense', 'identity']] as const) {
    const rig = await build(t)
    const reply = await rig.app.inject({ method: 'POST', url: '/workspaces/1/leave', headers: { ...as('viewer'), 'content-type': type, 'content-encoding': encoding }, payload: '{' })
    t.strictSame([reply.statusCode, reply.json()], [200, { message: 'You have left the workspace' }], type)
    t.strictSame(await members(rig), [OLIVIA, WILL])
  }
})

t.test('answers 404 for unknown and foreign workspaces, whatever the body', async t => {
  const rig = await build(t)
  const segments = [...NO_NUMBERS, '2']
  for (const [method, path] of [['GET', 'users'], ['POST', 'users/add'], ['POST', 'leave'], ['DELETE', 'users/4/remove'], ['PUT', 'users/4/update-role']] as const) {
    await findsNone(t, rig, method, `/workspaces/*/${path}`, 'Workspace', segments)
  }
})

t.test('remove user, update role: answer 404 for a user who is not a member, whatever the body', async t => {
  const rig = await build(t)
  for (const [method, path] of [['DELETE', 'remove'], ['PUT', 'update-role']] as const) await findsNone(t, rig, method, `/workspaces/1/users/*/${path}`, 'User', [...NO_NUMBERS, '4', '2.0', '0x2', '02'])
  t.strictSame(await members(rig), [OLIVIA, WILL, VERA])
})

t.test('a workspace always has an admin, whatever its members do', async t => {
  const people = ['full', 'worker', 'viewer', 'stranger'] as const
  const emails = ['owner@example.com', 'worker@example.com', 'viewer@example.com', 'stranger@example.com']
  const person = fc.nat({ max: 3 })
  const role = fc.constantFrom(...ROLES)
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), actor: person, target: person, role }),
    fc.record({ kind: fc.constant('role' as const), actor: person, target: person, role }),
    fc.record({ kind: fc.constant('remove' as const), actor: person, target: person, role }),
    fc.record({ kind: fc.constant('leave' as const), actor: person, target: person, role })
  )
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never
  const rig = await build(t)

  /** The expected status of a step and the roles after it. */
  const outcomeOf = (before: ReadonlyMap<number, Role>, { kind, actor, target, role }: Step): [number, ReadonlyMap<number, Role>] => {
    const after = new Map(before)
    if (!before.has(actor)) return [404, before]
    if (kind !== 'leave' && before.get(actor) !== 'admin') return [403, before]
    if (kind === 'add' && before.has(target)) return [422, before]
    if (kind === 'remove' && target === actor) return [403, before]
    if ((kind === 'remove' || kind === 'role') && !before.has(target)) return [404, before]
    if (kind === 'leave') after.delete(actor)
    else if (kind === 'remove') after.delete(target)
    else after.set(target, role)
    if (![...after.values()].includes('admin')) return [403, before]
    return [kind === 'remove' ? 204 : 200, after]
  }

  const take = async ({ kind, actor, target, role }: Step): Promise<number> => {
    const { method, path, payload } = {
      add: { method: 'POST', path: 'users/add', payload: { email: emails[target], role } },
      role: { method: 'PUT', path: `users/${target + 1}/update-role`, payload: { role } },
      remove: { method: 'DELETE', path: `users/${target + 1}/remove`, payload: {} },
      leave: { method: 'POST', path: 'leave', payload: {} }
    }[kind] as { method: Method, path: string, payload: object }
    return (await rig.app.inject({ method, url: `/workspaces/1/${path}`, headers: as(people[actor] ?? 'full'), payload })).statusCode
  }

  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
    await rig.control('POST', '/namespaces/default/reset')
    let roles: ReadonlyMap<number, Role> = new Map([[0, 'admin'], [1, 'user'], [2, 'readonly']])
    for (const one of steps) {
      const [status, after] = outcomeOf(roles, one)
      if (await take(one) !== status) return false
      roles = after
      const admin = [...roles].find(([, role]) => role === 'admin')?.[0]
      if (admin === undefined) return false
      const seen = await members(rig, as(people[admin] ?? 'full'))
      if (JSON.stringify(seen.map(({ id, role }: { id: number, role: Role }) => [id - 1, role])) !== JSON.stringify([...roles])) return false
    }
    return true
  }), { numRuns: 40 })
})
