import t from 'tap'
import { build, NOON, otherTemplate, TEMPLATE } from '../helper.ts'
import { BAD_NAMES, findsNone, MISSING, NO_UUIDS, notOf, refusesBadBodies } from './bad-input.ts'
import { ask, get, idle, newSession, NO_ABILITY, NO_ROLE, notFound, refusal, run, SESSIONS_URL, sessionOf, UNKNOWN } from './files.ts'

t.test('create session: answers 201 and a session without documents or results', async t => {
  const rig = await build(t)
  const [status, session] = await ask(rig, 'POST', SESSIONS_URL, { extraction_template_id: TEMPLATE, name: 'March batch' })
  t.strictSame([status, session], [201, {
    id: session.id,
    name: 'March batch',
    extraction_template_id: TEMPLATE,
    settings: {},
    status: 'pending',
    created_at: '2024-01-15T10:30:00Z',
    updated_at: '2024-01-15T10:30:00Z',
    documents: [],
    results: []
  }])
  t.strictSame(await ask(rig, 'GET', `${SESSIONS_URL}/${session.id.toUpperCase()}`), [200, session])
  t.strictSame(await get(rig, `${SESSIONS_URL}/${session.id}/results`), { data: [] })
})

t.test('create session: accepts no name, another template, an id in upper case; each call creates a session', async t => {
  const rig = await build(t)
  const created = [
    await ask(rig, 'POST', SESSIONS_URL, { extraction_template_id: otherTemplate.id.toUpperCase() }, 'worker'),
    await ask(rig, 'POST', SESSIONS_URL, { extraction_template_id: otherTemplate.id }),
    await ask(rig, 'POST', SESSIONS_URL, { extraction_template_id: otherTemplate.id, name: 'New session', settings: { auto_extract: true } })
  ]
  t.strictSame(created.map(([status, { name, extraction_template_id: template, settings }]) => [status, name, template, settings]), Array(3).fill([201, 'New session', otherTemplate.id, {}]))
  t.equal(new Set(created.map(([, { id }]) => id)).size, 3)
})

t.test('create session: returns the same ids for the same operations, others under another seed', async t => {
  const ids = async (seed: string): Promise<string[]> => {
    const rig = await build(t, { seed })
    return [await newSession(rig), await newSession(rig), await newSession(rig, { name: 'x' })]
  }
  t.strictSame(await ids('1'), await ids('1'))
  t.equal(new Set([...await ids('1'), ...await ids('2')]).size, 6)
})

t.test('create session: rejects invalid bodies', async t => {
  await refusesBadBodies(t, await build(t), {
    method: 'POST',
    url: SESSIONS_URL,
    valid: { extraction_template_id: TEMPLATE, name: 'x' },
    bad: {
      extraction_template_id: [...MISSING, ...notOf(['string'], 'must be a string.', 'missing'), ...['x', '0', TEMPLATE.slice(1), `${TEMPLATE}x`, 'x'.repeat(10_000)].map(id => [id, 'must be a valid UUID.'] as const)],
      name: BAD_NAMES
    }
  })
})

t.test('create session: requires a template of the caller\'s workspaces and a role that can write', async t => {
  const rig = await build(t)
  const invalid = refusal({ extraction_template_id: 'The selected extraction_template_id is invalid: send the id of a template in one of your workspaces.' })
  const body = { extraction_template_id: TEMPLATE }
  t.strictSame(await ask(rig, 'POST', SESSIONS_URL, { extraction_template_id: UNKNOWN }), invalid)
  t.strictSame(await ask(rig, 'POST', SESSIONS_URL, body, 'stranger'), invalid)
  t.strictSame(await ask(rig, 'POST', SESSIONS_URL, body, 'viewer'), NO_ROLE)
  t.strictSame(await ask(rig, 'POST', SESSIONS_URL, {}, 'read'), NO_ABILITY)
  t.strictSame((await rig.app.inject({ method: 'POST', url: SESSIONS_URL })).statusCode, 401)
  await rig.call('DELETE', `/extractions/templates/${TEMPLATE}`)
  t.strictSame(await ask(rig, 'POST', SESSIONS_URL, body), invalid)
})

t.test('update session: changes the name and nothing else', async t => {
  const rig = await build(t)
  const { session: id } = await sessionOf(rig, ['tmp/a.pdf'])
  const before = await get(rig, `${SESSIONS_URL}/${id}`)
  await rig.clock.advanceTo(NOON + 5_000)
  const named = { ...before, name: 'April', updated_at: '2024-01-15T10:30:05Z' }
  t.strictSame(await ask(rig, 'PUT', `${SESSIONS_URL}/${id.toUpperCase()}`, { name: 'April', settings: { auto_extract: true }, status: 'failed' }), [200, named])
  await rig.clock.advanceTo(NOON + 9_000)
  for (const body of [{}, { nmae: 'x' }]) t.strictSame(await ask(rig, 'PUT', `${SESSIONS_URL}/${id}`, body, 'worker'), [200, named], 'an empty body changes nothing')
  t.strictSame(await get(rig, `${SESSIONS_URL}/${id}`), named)
})

t.test('update session: a session of a batch keeps its settings and the new name', async t => {
  const rig = await build(t)
  for (const autoExtract of [false, true]) {
    const [id = ''] = await rig.create(['tmp/a.pdf'], { auto_extract: autoExtract })
    t.match(await ask(rig, 'PUT', `${SESSIONS_URL}/${id}`, { name: 'Mine' }), [200, { name: 'Mine', settings: { auto_extract: autoExtract }, status: 'pending' }])
    await idle(rig)
    t.match(await get(rig, `${SESSIONS_URL}/${id}`), { name: 'Mine', settings: { auto_extract: autoExtract }, status: autoExtract ? 'completed' : 'pending' })
  }
})

t.test('update session: rejects invalid bodies and callers without permission', async t => {
  const rig = await build(t)
  const id = await newSession(rig)
  const url = `${SESSIONS_URL}/${id}`
  await refusesBadBodies(t, rig, { method: 'PUT', url, valid: { name: 'x' }, bad: { name: BAD_NAMES }, unchanged: [url] })
  t.strictSame(await ask(rig, 'PUT', url, { name: 5 }, 'read'), NO_ABILITY)
  t.strictSame(await ask(rig, 'PUT', url, { name: 5 }, 'viewer'), NO_ROLE)
  t.strictSame(await ask(rig, 'PUT', url, { name: 5 }, 'stranger'), notFound('Session'))
})

t.test('get, update and delete session: answer 404 for unknown, malformed and foreign ids', async t => {
  const rig = await build(t)
  const id = await newSession(rig)
  for (const method of ['GET', 'PUT', 'DELETE'] as const) {
    await findsNone(t, rig, method, `${SESSIONS_URL}/*`, 'Session', [...NO_UUIDS, TEMPLATE])
    t.strictSame(await ask(rig, method, `${SESSIONS_URL}/${id}`, undefined, 'stranger'), notFound('Session'))
    t.strictSame(await ask(rig, method, `${SESSIONS_URL}/${id}`, undefined, 'other'), notFound('Session'))
  }
  for (const method of ['GET', 'DELETE'] as const) t.strictSame(await ask(rig, method, `${SESSIONS_URL}/${UNKNOWN}`, undefined, method === 'GET' ? 'writer' : 'read'), NO_ABILITY)
  t.strictSame(await ask(rig, 'DELETE', `${SESSIONS_URL}/${id}`, undefined, 'viewer'), NO_ROLE)
  t.match(await ask(rig, 'GET', `${SESSIONS_URL}/${id}`, undefined, 'viewer'), [200, { id }])
})

t.test('get session: shows whole bodies while a standalone session completes', async t => {
  const rig = await build(t)
  const { session, documents: [document = ''] } = await sessionOf(rig, ['tmp/a.pdf'])
  const result = await run(rig, session)
  const statuses = async (): Promise<string[]> => {
    const { status, documents: [document], results: [result] } = await get(rig, `${SESSIONS_URL}/${session}`)
    return [status, document.status, document.parsings[0].status, result.status]
  }
  const seen = [await statuses()]
  for (const seconds of [1, 11, 12, 112]) {
    await rig.clock.advanceTo(NOON + seconds * 1_000)
    seen.push(await statuses())
  }
  t.strictSame(seen, [
    ['processing', 'queued', 'queued', 'parsing_pending'],
    ['processing', 'parsing', 'parsing', 'parsing_pending'],
    ['processing', 'parsed', 'ready', 'created'],
    ['processing', 'parsed', 'ready', 'processing'],
    ['completed', 'processed', 'ready', 'completed']
  ])
  t.strictSame(await get(rig, `${SESSIONS_URL}/${session}`), {
    id: session,
    name: 'New session',
    extraction_template_id: TEMPLATE,
    settings: {},
    status: 'completed',
    created_at: '2024-01-15T10:30:00Z',
    updated_at: '2024-01-15T10:31:52Z',
    documents: [await get(rig, `/extractions/documents/${document}`)],
    results: [await get(rig, `/extractions/results/${result}`)]
  })
})
