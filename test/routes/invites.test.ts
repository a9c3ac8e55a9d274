import t, { type Test } from 'tap'
import { as, build, FULL, NOON, READ, type Rig } from '../helper.ts'
import { findsNone, NO_NUMBERS } from './bad-input.ts'

const DAY = 24 * 3600 * 1000
const ANA = { id: 1, email: 'ana@example.org', role: 'user', status: 'pending', created_at: '2024-01-15T10:30:00Z', valid_until: '2024-01-22T10:30:00Z' }
const NOT_FOUND = [404, { message: 'Invite not found.' }]

/** A rig with an invite for Ana. */
async function invited (t: Test): Promise<Rig> {
  const rig = await build(t)
  await rig.call('POST', '/workspaces/1/users/add', { email: 'Ana@Example.ORG', role: 'user' })
  return rig
}

async function list ({ call }: Rig): Promise<unknown> {
  return (await call('GET', '/workspaces/1/invites')).json()
}

async function ask ({ call }: Rig, method: 'GET' | 'POST' | 'DELETE', path: string): Promise<unknown> {
  const reply = await call(method, `/workspaces/1/invites/${path}`)
  return [reply.statusCode, reply.body === '' ? '' : reply.json()]
}

t.test('list invites: is a bare array, oldest first, open to every member', async t => {
  const rig = await build(t)
  t.strictSame(await list(rig), [])
  await rig.call('POST', '/workspaces/1/users/add', { email: 'ana@example.org', role: 'user' })
  await rig.clock.advanceTo(NOON + DAY)
  await rig.call('POST', '/workspaces/1/users/add', { email: 'bo@example.org', role: 'admin' })
  const both = [ANA, { id: 2, email: 'bo@example.org', role: 'admin', status: 'pending', created_at: '2024-01-16T10:30:00Z', valid_until: '2024-01-23T10:30:00Z' }]
  t.strictSame(await list(rig), both)
  for (const headers of [as('viewer'), as('worker'), READ]) t.strictSame((await rig.app.inject({ url: '/workspaces/1/invites', headers })).json(), both)
  t.strictSame((await rig.app.inject({ url: '/workspaces/2/invites', headers: as('stranger') })).json(), [])
})

t.test('list invites: an invite expires after seven days, to the millisecond', async t => {
  const rig = await invited(t)
  await rig.clock.advanceTo(NOON + 7 * DAY - 1)
  t.strictSame(await list(rig), [ANA])
  await rig.clock.advanceTo(NOON + 7 * DAY)
  t.strictSame(await list(rig), [{ ...ANA, status: 'expired' }])
})

t.test('list invites: contains accepted invites', async t => {
  const rig = await invited(t)
  await rig.control('POST', '/namespaces/default/invites/1/accept')
  t.strictSame(await list(rig), [{ ...ANA, status: 'accepted' }])
  await rig.clock.advanceTo(NOON + 8 * DAY)
  t.strictSame(await list(rig), [{ ...ANA, status: 'accepted' }], 'an accepted invite does not expire')
})

t.test('resend: renews an invite for seven days, even an expired one', async t => {
  const rig = await invited(t)
  await rig.call('POST', '/workspaces/1/users/add', { email: 'bo@example.org', role: 'user' })
  const link = await ask(rig, 'GET', '1/link')
  for (const [days, until] of [[1, '2024-01-23T10:30:00Z'], [20, '2024-02-11T10:30:00Z']] as const) {
    await rig.clock.advanceTo(NOON + days * DAY)
    t.strictSame(await ask(rig, 'POST', '1/resend'), [200, { message: 'Invitation resent successfully' }])
    t.strictSame(await list(rig), [{ ...ANA, valid_until: until }, { ...ANA, id: 2, email: 'bo@example.org', status: days < 7 ? 'pending' : 'expired' }])
  }
  t.strictSame(await ask(rig, 'GET', '1/link'), link, 'the link does not change')
})

t.test('resend: ignores a body, whatever it is', async t => {
  const rig = await invited(t)
  const statuses = []
  for (const [type, payload] of [['application/json', ''], ['application/json', '{"role":"admin"}'], ['application/json', '{'], ['text/plain', 'x']]) {
    statuses.push((await rig.app.inject({ method: 'POST', url: '/workspaces/1/invites/1/resend', headers: { ...FULL, 'content-type': type }, payload: String(payload) })).statusCode)
  }
  t.strictSame(statuses, [200, 200, 200, 200])
  t.strictSame(await list(rig), [ANA])
})

t.test('get link: every invite has its own, stable link', async t => {
  const rig = await invited(t)
  await rig.call('POST', '/workspaces/1/users/add', { email: 'bo@example.org', role: 'admin' })
  const replies = await Promise.all([1, 2, 1].map(async id => await rig.call('GET', `/workspaces/1/invites/${id}/link`)))
  const [first, second, again] = replies.map(reply => reply.json())
  t.strictSame(Object.keys(first), ['link'])
  t.match(first.link, /^https:\/\/raydocs\.com\/invite\/[0-9a-f]{32}$/)
  t.strictSame(again, first)
  t.not(second.link, first.link)
  await rig.clock.advanceTo(NOON + 9 * DAY)
  t.strictSame(await ask(rig, 'GET', '1/link'), [200, first], 'an expired invite keeps its link')
})

t.test('get link: differs between workspaces and namespaces', async t => {
  const rig = await invited(t)
  for (const [headers, url] of [[as('stranger'), '/workspaces/2'], [as('other'), '/workspaces/1']] as const) {
    const { invite_id: id } = (await rig.app.inject({ method: 'POST', url: `${url}/users/add`, headers, payload: { email: 'ana@example.org', role: 'user' } })).json()
    const { link } = (await rig.app.inject({ url: `${url}/invites/${id}/link`, headers })).json()
    t.not(link, (await rig.call('GET', '/workspaces/1/invites/1/link')).json().link)
  }
})

for (const form of ['1/cancel', '1']) {
  t.test(`cancel (DELETE …/invites/${form}): deletes the invite, and the address can be invited again`, async t => {
    const rig = await invited(t)
    t.strictSame(await ask(rig, 'DELETE', form), [204, ''])
    t.strictSame(await list(rig), [])
    t.strictSame(await ask(rig, 'DELETE', form), NOT_FOUND)
    t.equal((await rig.control('POST', '/namespaces/default/invites/1/accept')).statusCode, 404)
    t.strictSame((await rig.call('POST', '/workspaces/1/users/add', { email: 'ana@example.org', role: 'readonly' })).json(), { message: 'Invitation sent', invite_id: 2 })
    t.strictSame(await list(rig), [{ ...ANA, id: 2, role: 'readonly' }])
  })

  t.test(`cancel (DELETE …/invites/${form}): deletes an expired invite`, async t => {
    const rig = await invited(t)
    await rig.clock.advanceTo(NOON + 8 * DAY)
    t.strictSame(await ask(rig, 'DELETE', form), [204, ''])
  })
}

t.test('an accepted invite cannot be resent, opened or cancelled', async t => {
  const rig = await invited(t)
  await rig.control('POST', '/namespaces/default/invites/1/accept')
  for (const [method, path] of [['POST', '1/resend'], ['GET', '1/link'], ['DELETE', '1/cancel'], ['DELETE', '1']] as const) t.strictSame(await ask(rig, method, path), NOT_FOUND, path)
  t.strictSame(await list(rig), [{ ...ANA, status: 'accepted' }])
})

t.test('answers 404 for unknown invites and invites of other workspaces', async t => {
  const rig = await invited(t)
  const { invite_id: foreign } = (await rig.app.inject({ method: 'POST', url: '/workspaces/2/users/add', headers: as('stranger'), payload: { email: 'bo@example.org', role: 'user' } })).json()
  for (const [method, suffix] of [['POST', '/resend'], ['GET', '/link'], ['DELETE', '/cancel'], ['DELETE', '']] as const) {
    await findsNone(t, rig, method, `/workspaces/1/invites/*${suffix}`, 'Invite', [...NO_NUMBERS, String(foreign)])
    await findsNone(t, rig, method, `/workspaces/*/invites/1${suffix}`, 'Workspace', [...NO_NUMBERS, '2'])
  }
  await findsNone(t, rig, 'GET', '/workspaces/*/invites', 'Workspace', [...NO_NUMBERS, '2'])
  t.strictSame(await list(rig), [ANA])
  t.equal((await rig.app.inject({ url: '/workspaces/2/invites', headers: as('stranger') })).json().length, 1)
})
