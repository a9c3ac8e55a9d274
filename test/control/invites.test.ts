import t, { type Test } from 'tap'
import { startRaydocsMock } from '../../src/index.ts'
import { as, build, NOON, refused, TEMPLATE, type Rig } from '../helper.ts'
import { NO_NUMBERS } from '../routes/bad-input.ts'

const NS = '/namespaces/default'
const WEEK = 7 * 24 * 3600 * 1000

async function invite ({ app }: Rig, email: string, role = 'user', workspace = 1): Promise<number> {
  const reply = await app.inject({ method: 'POST', url: `/workspaces/${workspace}/users/add`, headers: as(workspace === 1 ? 'full' : 'stranger'), payload: { email, role } })
  return reply.json().invite_id
}

async function accept ({ control }: Rig, id: number | string): Promise<[number, unknown]> {
  const reply = await control('POST', `${NS}/invites/${id}/accept`)
  return [reply.statusCode, reply.json()]
}

function problem (status: number, title: string, detail: string, errors?: object): [number, object] {
  return [status, { type: 'about:blank', title, status, detail, ...errors === undefined ? {} : { errors } }]
}

/** Calls as a user, with a token minted for the call. */
async function being (t: Test, { app, control }: Rig, user: string): Promise<(method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) => Promise<[number, any]>> {
  const minted = await control('POST', '/tokens', { user })
  t.strictSame([minted.statusCode, minted.json().user], [201, user.toLowerCase()])
  const headers = { authorization: `Bearer ${minted.json().token}` }
  return async (method, url, payload) => {
    const reply = await app.inject({ method, url, headers, ...payload === undefined ? {} : { payload } })
    return [reply.statusCode, reply.json()]
  }
}

t.test('accepting an invite gives the user an account and the offered role', async t => {
  const rig = await build(t)
  const id = await invite(rig, 'Ana.Maria_Ruiz@Example.org', 'readonly')
  await rig.clock.advanceTo(NOON + WEEK - 1)
  const ana = { id: 5, name: 'Ana Maria Ruiz', email: 'ana.maria_ruiz@example.org' }
  t.strictSame(await accept(rig, id), [200, { user: ana, workspace_id: 1 }])
  const members = (await rig.call('GET', '/workspaces/1/users')).json()
  t.match(members.at(-1), { ...ana, role: 'readonly' })
  t.equal(members.length, 4)
  const call = await being(t, rig, 'ANA.maria_ruiz@example.org')
  t.match(await call('GET', '/workspaces'), [200, { data: [{ id: 1 }] }])
  t.equal((await call('GET', `/extractions/templates/${TEMPLATE}`))[0], 200)
  t.strictSame(await call('PUT', `/extractions/templates/${TEMPLATE}`, { name: 'x' }), [403, { message: 'This action is unauthorized.' }])
  t.strictSame(await accept(rig, id), problem(404, 'Not Found', 'Invite not found.'), 'once')
})

t.test('accepting an invite reuses an existing account', async t => {
  const rig = await build(t)
  const [here, there] = [await invite(rig, 'ana@example.org'), await invite(rig, 'ana@example.org', 'admin', 2)]
  const user = { id: 5, name: 'Ana', email: 'ana@example.org' }
  t.strictSame(await accept(rig, there), [200, { user, workspace_id: 2 }])
  t.strictSame(await accept(rig, here), [200, { user, workspace_id: 1 }])
})

t.test('an address without a readable name becomes the name', async t => {
  const rig = await build(t)
  const id = await invite(rig, '_@example.org')
  t.match(await accept(rig, id), [200, { user: { name: '_@example.org' } }])
})

t.test('an expired invite must be resent first', async t => {
  const rig = await build(t)
  const id = await invite(rig, 'ana@example.org')
  await rig.clock.advanceTo(NOON + WEEK)
  t.strictSame(await accept(rig, id), problem(404, 'Not Found', 'The invite has expired: resend it first.'))
  t.equal((await rig.call('GET', '/workspaces/1/users')).json().length, 3)
  await rig.call('POST', `/workspaces/1/invites/${id}/resend`)
  t.equal((await accept(rig, id))[0], 200)
})

t.test('a user who became a member otherwise cannot accept any more', async t => {
  const rig = await build(t)
  const id = await invite(rig, 'ana@example.org')
  const call = await being(t, rig, 'ana@example.org')
  await call('POST', '/workspaces/create', { name: 'Mine' })
  t.strictSame((await rig.call('POST', '/workspaces/1/users/add', { email: 'ana@example.org', role: 'user' })).json(), { message: 'User added successfully' }, 'the account exists')
  const message = 'The email belongs to a member of the workspace already: change the role of that member instead.'
  t.strictSame(await accept(rig, id), problem(422, 'Unprocessable Entity', message, { email: [message] }))
  t.match((await rig.call('GET', '/workspaces/1/invites')).json(), [{ id, status: 'pending' }])
})

t.test('answers 404 for an unknown invite', async t => {
  const rig = await build(t)
  await invite(rig, 'ana@example.org')
  for (const id of NO_NUMBERS) t.strictSame(await accept(rig, id), problem(404, 'Not Found', 'Invite not found.'), id.slice(0, 40))
  t.strictSame((await rig.control('POST', '/namespaces/nowhere/invites/1/accept')).json(), problem(404, 'Not Found', 'Namespace not found.')[1])
  await rig.control('POST', '/tokens', { namespace: 'elsewhere' })
  t.strictSame((await rig.control('POST', '/namespaces/elsewhere/invites/1/accept')).json(), problem(404, 'Not Found', 'Invite not found.')[1])
  t.equal((await rig.call('GET', '/workspaces/1/users')).json().length, 3)
})

t.test('a new user is a member of no workspace and can create one', async t => {
  const rig = await build(t)
  const call = await being(t, rig, 'new@example.org')
  t.strictSame(await call('GET', '/workspaces'), [200, { data: [] }])
  t.strictSame(await call('GET', '/workspaces/1/users'), [404, { message: 'Workspace not found.' }])
  t.strictSame(await call('GET', `/extractions/templates/${TEMPLATE}`), [404, { message: 'Template not found.' }])
  const message = 'The selected workspace_id is invalid: send the id of one of your workspaces.'
  t.strictSame(await call('POST', '/extractions/templates', { name: 'x', workspace_id: 1, schema_json: { groups: {} } }), [422, { message, errors: { workspace_id: [message] } }])
  t.match(await call('POST', '/workspaces/create', { name: 'Mine' }), [201, { id: 3 }])
  const again = await being(t, rig, 'NEW@example.org')
  t.match(await again('GET', '/workspaces/3/users'), [200, [{ id: 5, name: 'New', email: 'new@example.org', role: 'admin' }]], 'another token of the user belongs to the same account')
})

t.test('rejects a token for an invalid address', async t => {
  const { control } = await build(t)
  for (const user of ['', 'ana', 5, ['ana@example.org'], `${'x'.repeat(250)}@example.org`]) {
    const reply = await control('POST', '/tokens', { user })
    t.strictSame([reply.statusCode, Object.keys(reply.json().errors)], [422, ['user']], JSON.stringify(user))
  }
})

t.test('startRaydocsMock accepts invites too', async t => {
  await using mock = await startRaydocsMock({ clock: 'frozen', seed: 1 })
  const test = await mock.namespace()
  const ask = async (token: string, path: string, body?: object): Promise<any> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return await (await fetch(mock.url + path, { headers, ...body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) } })).json()
  }
  const { invite_id: id } = await ask(test.token, '/workspaces/1/users/add', { email: 'ana@example.org', role: 'user' })
  t.strictSame(await test.invites.accept(id), { user: { id: 2, name: 'Ana', email: 'ana@example.org' }, workspace_id: 1 })
  await t.rejects(test.invites.accept(id), refused({ statusCode: 404, message: 'Invite not found.' }))
  for (const none of [0, -1, 1.5, NaN, 77]) await t.rejects(test.invites.accept(none), refused({ statusCode: 404, message: 'Invite not found.' }), String(none))
  const { token, user } = await test.mintToken({ user: 'Ana@example.org' })
  t.equal(user, 'ana@example.org')
  t.match(await ask(token, '/workspaces'), { data: [{ id: 1 }] })
  t.strictSame(await ask((await test.mintToken({ user: 'bo@example.org' })).token, '/workspaces'), { data: [] })
  await t.rejects(test.mintToken({ user: 'nowhere' }), refused({ statusCode: 422 }))
})
