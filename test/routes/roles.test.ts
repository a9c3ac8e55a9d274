import t, { type Test } from 'tap'
import { ABILITIES, type Ability } from '../../src/domain/workspaces/abilities.ts'
import { roleSuffices, type Role } from '../../src/domain/workspaces/workspace.ts'
import { readContract } from '../../src/package.ts'
import { as, build, otherTemplate, TEMPLATE, type Rig } from '../helper.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

interface Endpoint {
  readonly row: string
  readonly method: Method
  readonly url: string
  readonly ability: Ability
  /** The lowest sufficient role in workspace 1; null if none is needed. */
  readonly role: Role | null
  readonly body?: object
  readonly status?: number
}

const SCHEMA = otherTemplate.schema

/** Every endpoint of workspaces, their users and templates. */
const ENDPOINTS: readonly Endpoint[] = [
  { row: '3.1 List', method: 'GET', url: '/workspaces', ability: 'workspaces-read', role: null },
  { row: '3.1 Create', method: 'POST', url: '/workspaces/create', ability: 'workspaces-write', role: null, body: { name: 'Receipts' }, status: 201 },
  { row: '3.1 Update', method: 'PUT', url: '/workspaces/1', ability: 'workspaces-write', role: 'admin', body: { name: 'Receipts' } },
  { row: '3.1 Delete', method: 'DELETE', url: '/workspaces/1', ability: 'workspaces-write', role: 'admin', status: 204 },
  { row: '3.2 List users', method: 'GET', url: '/workspaces/1/users', ability: 'workspace-users-read', role: 'readonly' },
  { row: '3.2 Add user', method: 'POST', url: '/workspaces/1/users/add', ability: 'workspace-users-write', role: 'admin', body: { email: 'bo@example.org', role: 'user' } },
  { row: '3.2 Remove user', method: 'DELETE', url: '/workspaces/1/users/3/remove', ability: 'workspace-users-write', role: 'admin', status: 204 },
  { row: '3.2 Update role', method: 'PUT', url: '/workspaces/1/users/3/update-role', ability: 'workspace-users-write', role: 'admin', body: { role: 'user' } },
  { row: '3.2 Leave', method: 'POST', url: '/workspaces/1/leave', ability: 'workspace-users-write', role: 'readonly' },
  { row: '3.2 List invites', method: 'GET', url: '/workspaces/1/invites', ability: 'workspace-users-read', role: 'readonly' },
  { row: '3.2 Resend', method: 'POST', url: '/workspaces/1/invites/1/resend', ability: 'workspace-users-write', role: 'admin' },
  { row: '3.2 Get link', method: 'GET', url: '/workspaces/1/invites/1/link', ability: 'workspace-users-read', role: 'readonly' },
  { row: '3.2 Cancel', method: 'DELETE', url: '/workspaces/1/invites/1/cancel', ability: 'workspace-users-write', role: 'admin', status: 204 },
  { row: '3.2 Cancel, the other form', method: 'DELETE', url: '/workspaces/1/invites/1', ability: 'workspace-users-write', role: 'admin', status: 204 },
  { row: '3.3 List', method: 'GET', url: '/workspaces/1/extractions/templates', ability: 'templates-read', role: 'readonly' },
  { row: '3.3 Create', method: 'POST', url: '/extractions/templates', ability: 'templates-write', role: 'user', body: { name: 'Receipts', workspace_id: 1, schema_json: SCHEMA }, status: 201 },
  { row: '3.3 Get', method: 'GET', url: `/extractions/templates/${TEMPLATE}`, ability: 'templates-read', role: 'readonly' },
  { row: '3.3 Update', method: 'PUT', url: `/extractions/templates/${TEMPLATE}`, ability: 'templates-write', role: 'user', body: { name: 'Receipts' } },
  { row: '3.3 Delete', method: 'DELETE', url: `/extractions/templates/${TEMPLATE}`, ability: 'templates-write', role: 'user', status: 204 },
  { row: '3.3 Duplicate', method: 'POST', url: `/extractions/templates/${TEMPLATE}/duplicate`, ability: 'templates-write', role: 'user', body: {}, status: 201 }
]

/** The members of workspace 1, lowest role first. */
const MEMBERS = [['viewer', 'readonly'], ['worker', 'user'], ['full', 'admin']] as const

/** Resets workspace 1 and adds an invite. */
async function anew (rig: Rig): Promise<void> {
  await rig.control('POST', '/namespaces/default/reset')
  await rig.call('POST', '/workspaces/1/users/add', { email: 'ana@example.org', role: 'user' })
}

async function tokenFor ({ control }: Rig, user: string, abilities: readonly Ability[]): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${(await control('POST', '/tokens', { user, abilities })).json().token}` }
}

/** Calls with a body that is not JSON (GET: without one) and expects a rejection, which must come before the body is read, if it is. */
async function turnedAway (t: Test, { app }: Rig, { method }: Endpoint, url: string, headers: Record<string, string>, status: number, message: string): Promise<void> {
  const reply = await app.inject({ method, url, headers: { ...headers, ...method === 'GET' ? {} : { 'content-type': 'application/json' } }, ...method === 'GET' ? {} : { payload: '{' } })
  t.strictSame([reply.statusCode, reply.json()], [status, { message }], `${method} ${url}`)
}

t.test('covers every endpoint of these tags', async t => {
  const { paths } = JSON.parse(readContract()) as { paths: Record<string, Record<string, { tags?: string[] }>> }
  const documented = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).filter(([, { tags = [] }]) => ['Workspaces', 'Workspace Users', 'Extraction Templates'].some(tag => tags.includes(tag))).map(([method]) => `${method.toUpperCase()} ${path}`))
  const tried = ENDPOINTS.map(({ method, url }) => `${method} ${url.replace('/workspaces/1', '/workspaces/{workspaceId}').replace('/users/3', '/users/{userId}').replace('/invites/1', '/invites/{inviteId}').replace(TEMPLATE, '{templateId}')}`)
  t.strictSame([...tried].sort(), documented.sort())
})

t.test('checks the token, the ability, the membership and the role, in this order', async t => {
  const rig = await build(t)
  for (const endpoint of ENDPOINTS) {
    const { row, method, url, ability, role, body, status = 200 } = endpoint
    await t.test(`${row}: ${method} ${url} needs ${ability}${role === null ? '' : `, and to be ${role}`}`, async t => {
      await anew(rig)
      const nowhere = url.replace(/\/1\b|550e8400-/, match => match === '/1' ? '/999' : '650e8400-')

      for (const somewhere of [url, nowhere]) {
        await turnedAway(t, rig, endpoint, somewhere, {}, 401, 'Unauthenticated.')
        await turnedAway(t, rig, endpoint, somewhere, { authorization: 'Bearer rd_test_unknown' }, 401, 'Unauthenticated.')
        const lacking = await tokenFor(rig, 'owner@example.com', ABILITIES.filter(one => one !== ability))
        await turnedAway(t, rig, endpoint, somewhere, lacking, 403, 'Invalid ability provided.')
      }

      const inPath = /\/1\b|550e8400/.test(url)
      if (inPath) {
        const kind = url.startsWith('/workspaces') ? 'Workspace' : 'Template'
        await turnedAway(t, rig, endpoint, nowhere, as('full'), 404, `${kind} not found.`)
        await turnedAway(t, rig, endpoint, url, as('stranger'), 404, `${kind} not found.`)
        for (const [name, is] of MEMBERS) {
          if (role !== null && !roleSuffices(is, role)) await turnedAway(t, rig, endpoint, url, as(name), 403, 'This action is unauthorized.')
        }
      }

      const [least = 'viewer'] = MEMBERS.find(([, is]) => role === null || roleSuffices(is, role)) ?? []
      const email = { viewer: 'viewer@example.com', worker: 'worker@example.com', full: 'owner@example.com' }[least]
      const headers = await tokenFor(rig, email, [ability])
      if (body !== undefined) await turnedAway(t, rig, endpoint, url, headers, 400, 'The request body is not valid JSON.')
      const reply = await rig.app.inject({ method, url, headers, ...body === undefined ? {} : { payload: body } })
      t.equal(reply.statusCode, status, `the role and the ability are sufficient: ${reply.body}`)
    })
  }
})

t.test('create template: checks the workspace in the body after the body is valid', async t => {
  const { app } = await build(t)
  const create = async (name: 'viewer' | 'stranger', body: object): Promise<[number, object]> => {
    const reply = await app.inject({ method: 'POST', url: '/extractions/templates', headers: as(name), payload: body })
    return [reply.statusCode, reply.json()]
  }
  const body = { name: 'Receipts', workspace_id: 1, schema_json: SCHEMA }
  t.strictSame(await create('viewer', body), [403, { message: 'This action is unauthorized.' }])
  const message = 'The selected workspace_id is invalid: send the id of one of your workspaces.'
  t.strictSame(await create('stranger', body), [422, { message, errors: { workspace_id: [message] } }])
  t.equal((await create('viewer', { ...body, name: 5 }))[0], 422)
})

t.test('a user can write and a readonly member can read everything in the workspace', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'], { auto_extract: true })
  await rig.control('POST', '/namespaces/default/clock/advance', { to: 'idle' })
  const [document, result] = [id.replace(/0(...)$/, '1$1'), id.replace(/0(...)$/, '2$1')]
  const reads = [`/extractions/sessions/${id}`, `/extractions/sessions/${id}/results`, `/extractions/documents/${document}`, `/workspaces/1/documents/${document}`, `/extractions/results/${result}`]
  const statusOf = async (method: Method, url: string, name: 'worker' | 'viewer' | 'stranger'): Promise<number> => (await rig.app.inject({ method, url, headers: as(name) })).statusCode
  for (const url of reads) t.strictSame(await Promise.all((['worker', 'viewer', 'stranger'] as const).map(async name => await statusOf('GET', url, name))), [200, 200, 404], url)
  for (const url of [`/extractions/results/${result}`, `/extractions/sessions/${id}`]) {
    t.strictSame([await statusOf('DELETE', url, 'stranger'), await statusOf('DELETE', url, 'viewer'), await statusOf('DELETE', url, 'worker')], [404, 403, 204], url)
  }
})

t.test('a document answers 404 through another workspace, even to a member of both', async t => {
  const rig = await build(t)
  await rig.app.inject({ method: 'POST', url: '/workspaces/2/users/add', headers: as('stranger'), payload: { email: 'owner@example.com', role: 'admin' } })
  const [id = ''] = await rig.create(['tmp/a.pdf'])
  const document = id.replace(/0(...)$/, '1$1')
  t.equal((await rig.call('GET', `/workspaces/1/documents/${document}`)).statusCode, 200)
  const reply = await rig.call('GET', `/workspaces/2/documents/${document}`)
  t.strictSame([reply.statusCode, reply.json()], [404, { message: 'Document not found.' }])
})

t.test('checks the role on every request', async t => {
  const rig = await build(t)
  const rename = async (): Promise<number> => (await rig.app.inject({ method: 'PUT', url: `/extractions/templates/${TEMPLATE}`, headers: as('worker'), payload: { name: 'x' } })).statusCode
  const statuses = [await rename()]
  await rig.call('PUT', '/workspaces/1/users/2/update-role', { role: 'readonly' })
  statuses.push(await rename())
  await rig.call('DELETE', '/workspaces/1/users/2/remove')
  statuses.push(await rename())
  await rig.call('POST', '/workspaces/1/users/add', { email: 'worker@example.com', role: 'admin' })
  statuses.push(await rename())
  t.strictSame(statuses, [200, 403, 404, 200])
})
