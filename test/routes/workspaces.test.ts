import t from 'tap'
import { as, BATCH_URL, build, FULL, NOON, otherTemplate, READ, TEMPLATE, type Rig } from '../helper.ts'
import { BAD_NAMES, BAD_REQUIRED_NAMES, findsNone, NO_NUMBERS, notOf, refusesBadBodies } from './bad-input.ts'

const NS = '/namespaces/default'
const AT_NOON = { created_at: '2024-01-15T10:30:00Z', updated_at: '2024-01-15T10:30:00Z' }
const ACCOUNTS = { id: 1, name: 'Accounts payable', icon: '🧾', settings: {}, ...AT_NOON }
const ELSEWHERE = { ...ACCOUNTS, id: 2, name: 'Elsewhere', icon: null }

const ICON_RULE = 'must be a string of at most 255 characters or null.'
const BAD_ICON = [...notOf(['string'], ICON_RULE), ['x'.repeat(256), ICON_RULE]] as const

async function listed ({ app }: Rig, headers: Record<string, string>): Promise<unknown> {
  const reply = await app.inject({ url: '/workspaces', headers })
  return reply.json()
}

t.test('list: returns the caller\'s workspaces in any role, oldest first', async t => {
  const rig = await build(t)
  for (const headers of [FULL, READ, as('worker'), as('viewer')]) t.strictSame(await listed(rig, headers), { data: [ACCOUNTS] })
  t.strictSame(await listed(rig, as('stranger')), { data: [ELSEWHERE] })
  await rig.app.inject({ method: 'POST', url: '/workspaces/2/users/add', headers: as('stranger'), payload: { email: 'owner@example.com', role: 'readonly' } })
  t.strictSame(await listed(rig, FULL), { data: [ACCOUNTS, ELSEWHERE] })
  t.strictSame((await rig.call('GET', '/workspaces?page=2&per_page=1')).json(), { data: [ACCOUNTS, ELSEWHERE] }, 'the list is not paged')
})

t.test('list: a workspace is visible only in its namespace', async t => {
  const rig = await build(t)
  await rig.call('POST', '/workspaces/create', { name: 'Mine' })
  t.strictSame(await listed(rig, as('other')), { data: [ACCOUNTS] })
})

t.test('create: the caller becomes the admin of the workspace', async t => {
  const rig = await build(t)
  await rig.clock.advanceTo(NOON + 60_500)
  const reply = await rig.app.inject({ method: 'POST', url: '/workspaces/create', headers: as('viewer'), payload: { name: 'Receipts', icon: '📊', id: 77, settings: { x: 1 } } })
  const workspace = { id: 3, name: 'Receipts', icon: '📊', settings: {}, created_at: '2024-01-15T10:31:00Z', updated_at: '2024-01-15T10:31:00Z' }
  t.strictSame([reply.statusCode, reply.json()], [201, workspace])
  t.strictSame(await listed(rig, as('viewer')), { data: [ACCOUNTS, workspace] })
  t.strictSame(await listed(rig, FULL), { data: [ACCOUNTS] }, 'the workspace has no other member')
  const members = (await rig.app.inject({ url: '/workspaces/3/users', headers: as('viewer') })).json()
  t.match(members, [{ id: 3, name: 'Vera Viewer', email: 'viewer@example.com', role: 'admin' }])
  t.equal(members.length, 1)
})

t.test('create: accepts no icon, and a name that exists', async t => {
  const rig = await build(t)
  for (const [id, body] of [{}, { icon: null }].entries()) {
    const reply = await rig.call('POST', '/workspaces/create', { name: 'Accounts payable', ...body })
    t.strictSame([reply.statusCode, reply.json()], [201, { ...ACCOUNTS, id: id + 3, icon: null }])
  }
  for (const name of ['x', 'x'.repeat(255), '<b>"\\\u0000名前 🧾']) t.strictSame((await rig.call('POST', '/workspaces/create', { name, icon: '' })).json().name, name)
})

t.test('create: rejects invalid bodies', async t => {
  const rig = await build(t)
  await refusesBadBodies(t, rig, {
    method: 'POST',
    url: '/workspaces/create',
    valid: { name: 'Receipts', icon: '📊' },
    bad: { name: BAD_REQUIRED_NAMES, icon: BAD_ICON },
    unchanged: ['/workspaces']
  })
})

t.test('update: keeps omitted fields', async t => {
  const rig = await build(t)
  let expected: object = ACCOUNTS
  const cases: Array<[change: object, seconds: number]> = [
    [{ name: 'Payables' }, 1],
    [{ icon: '💶' }, 2],
    [{ name: 'Accounts', icon: null }, 3],
    [{ icon: '🧾' }, 4],
    [{}, 5]
  ]
  for (const [change, seconds] of cases) {
    await rig.clock.advanceTo(NOON + seconds * 1000)
    const reply = await rig.call('PUT', '/workspaces/1', { ...change, id: 5, created_at: '2000-01-01T00:00:00Z' })
    expected = { ...expected, ...change, updated_at: `2024-01-15T10:30:0${seconds}Z` }
    t.strictSame([reply.statusCode, reply.json()], [200, expected])
    t.strictSame(await listed(rig, FULL), { data: [expected] })
  }
  t.strictSame(await listed(rig, as('stranger')), { data: [ELSEWHERE] }, 'other workspaces do not change')
})

t.test('update: rejects invalid bodies', async t => {
  const rig = await build(t)
  await refusesBadBodies(t, rig, {
    method: 'PUT',
    url: '/workspaces/1',
    valid: { name: 'Receipts', icon: '📊' },
    bad: { name: BAD_NAMES, icon: BAD_ICON },
    unchanged: ['/workspaces']
  })
})

t.test('update, delete: answer 404 for unknown and foreign workspaces', async t => {
  const rig = await build(t)
  for (const method of ['PUT', 'DELETE'] as const) await findsNone(t, rig, method, '/workspaces/*', 'Workspace', [...NO_NUMBERS, '2', TEMPLATE])
  t.strictSame(await listed(rig, as('stranger')), { data: [ELSEWHERE] })
})

/** Everything visible of a completed session and its template, as [status, body] pairs. */
async function lookAt ({ app }: Rig, headers: Record<string, string>, sessionId: string, templateId: string): Promise<Array<[number, string]>> {
  const urls = [
    `/extractions/templates/${templateId}`, `/extractions/sessions/${sessionId}`, `/extractions/sessions/${sessionId}/results`,
    `/extractions/documents/${sessionId.replace(/0(...)$/, '1$1')}`, `/extractions/results/${sessionId.replace(/0(...)$/, '2$1')}`
  ]
  return await Promise.all(urls.map(async url => {
    const reply = await app.inject({ url, headers })
    return [reply.statusCode, reply.body]
  }))
}

t.test('delete: deletes everything in the workspace and nothing else', async t => {
  const rig = await build(t)
  const theirs = (await rig.app.inject({ method: 'POST', url: '/extractions/templates', headers: as('stranger'), payload: { name: 'Receipts', workspace_id: 2, schema_json: otherTemplate.schema } })).json().id
  const body = { files: ['tmp/a.pdf'], settings: { auto_extract: true } }
  const [{ id: foreign }] = (await rig.app.inject({ method: 'POST', url: BATCH_URL.replace(TEMPLATE, theirs), headers: as('stranger'), payload: body })).json()
  const [own = ''] = await rig.create(body.files, body.settings)
  await rig.call('POST', '/workspaces/1/users/add', { email: 'new@example.org', role: 'user' })
  await rig.control('POST', `${NS}/clock/advance`, { to: 'idle' })
  const foreignBefore = await lookAt(rig, as('stranger'), foreign, theirs)
  t.strictSame(foreignBefore.map(([status]) => status), [200, 200, 200, 200, 200])
  t.strictSame((await lookAt(rig, FULL, own, TEMPLATE)).map(([status]) => status), [200, 200, 200, 200, 200])

  const reply = await rig.call('DELETE', '/workspaces/1')
  t.strictSame([reply.statusCode, reply.body], [204, ''])
  t.strictSame(await lookAt(rig, FULL, own, TEMPLATE), ['Template', 'Session', 'Session', 'Document', 'Result'].map(kind => [404, JSON.stringify({ message: `${kind} not found.` })]))
  t.strictSame(await listed(rig, FULL), { data: [] })
  for (const url of ['/workspaces/1/users', '/workspaces/1/invites', '/workspaces/1/extractions/templates', `/workspaces/1/documents/${own.replace(/0(...)$/, '1$1')}`]) {
    const gone = await rig.call('GET', url)
    t.strictSame([gone.statusCode, gone.json()], [404, { message: 'Workspace not found.' }], url)
  }
  t.equal((await rig.call('POST', BATCH_URL, body)).statusCode, 404)
  t.equal((await rig.call('POST', '/extractions/sessions', { extraction_template_id: TEMPLATE })).statusCode, 422)
  t.equal((await rig.call('POST', '/extractions/templates', { name: 'x', workspace_id: 1, schema_json: { groups: {} } })).statusCode, 422)
  t.equal((await rig.control('POST', `${NS}/invites/1/accept`)).statusCode, 404)
  t.equal((await rig.call('DELETE', '/workspaces/1')).statusCode, 404)

  t.strictSame(await lookAt(rig, as('stranger'), foreign, theirs), foreignBefore)
  t.strictSame(await listed(rig, as('stranger')), { data: [ELSEWHERE] })
})

t.test('delete: the id of a deleted workspace is not reused, and a restored state does not bring its content back', async t => {
  const rig = await build(t)
  const { id } = (await rig.call('POST', '/workspaces/create', { name: 'Soon gone' })).json()
  await rig.call('DELETE', `/workspaces/${id}`)
  t.equal((await rig.call('POST', '/workspaces/create', { name: 'Next' })).json().id, id + 1)
  await rig.control('PUT', `${NS}/state`, (await rig.control('GET', `${NS}/state`)).json())
  t.strictSame(await listed(rig, FULL), { data: [ACCOUNTS, { ...ACCOUNTS, id: id + 1, name: 'Next', icon: null }] })
})
