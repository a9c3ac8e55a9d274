import t from 'tap'
import { build, NOON } from '../helper.ts'
import { findsNone, NO_UUIDS } from './bad-input.ts'
import { ask, get, idle, newDocument, NO_ABILITY, NO_ROLE, notFound, run, SESSIONS_URL, sessionOf, upload } from './files.ts'

t.test('deleting a document removes it everywhere', async t => {
  const rig = await build(t)
  const { session, documents: [id = '', kept = ''] } = await sessionOf(rig, [await upload(rig, 'Total: 5'), 'tmp/b.pdf'])
  const { url } = await get(rig, `/extractions/documents/${id}/url`)
  t.strictSame(await ask(rig, 'DELETE', `/extractions/documents/${id.toUpperCase()}`, undefined, 'worker'), [204, ''])
  for (const path of [`/extractions/documents/${id}`, `/extractions/documents/${id}/url`, `/extractions/documents/${id}/chunks`, `/workspaces/1/documents/${id}`, `/workspaces/1/documents/${id}/url`]) {
    t.strictSame(await ask(rig, 'GET', path), notFound('Document'), path)
  }
  t.strictSame(await ask(rig, 'POST', `/workspaces/1/documents/${id}/reparse`, { config_hash: 'a'.repeat(64) }), notFound('Document'))
  t.strictSame(await ask(rig, 'DELETE', `/extractions/documents/${id}`), notFound('Document'))
  t.equal((await rig.app.inject(url)).statusCode, 404)
  t.strictSame((await get(rig, `${SESSIONS_URL}/${session}/documents`)).data.map(({ id }: { id: string }) => id), [kept])
})

t.test('deleting a document keeps its results, and runs in progress complete', async t => {
  const rig = await build(t)
  const { session, documents: [id = ''] } = await sessionOf(rig, ['tmp/a.pdf'])
  const first = await run(rig, session)
  await idle(rig)
  const before = await get(rig, `/extractions/results/${first}`)
  const second = await run(rig, session)
  await ask(rig, 'DELETE', `/extractions/documents/${id}`)
  t.strictSame(await get(rig, `/extractions/results/${first}`), before)
  await idle(rig)
  const { data, audit_data: audit, document_refs: refs, title } = before
  t.match(await get(rig, `/extractions/results/${second}`), { status: 'completed', data, audit_data: audit, document_refs: refs, title })
  t.match(await get(rig, `${SESSIONS_URL}/${session}`), { status: 'completed', documents: [], results: [{ id: first }, { id: second }] })
  t.equal((await ask(rig, 'POST', `${SESSIONS_URL}/${session}/results`))[0], 422, 'no document is left for another run')
})

t.test('deleting a document cancels an automatic run that has not started', async t => {
  const rig = await build(t)
  const [session = ''] = await rig.create(['tmp/a.pdf'], { auto_extract: true })
  const { documents: [{ id }] } = await get(rig, `${SESSIONS_URL}/${session}`)
  await rig.clock.advanceTo(NOON + 5_000)
  await ask(rig, 'DELETE', `/extractions/documents/${id}`)
  await idle(rig)
  t.match(await get(rig, `${SESSIONS_URL}/${session}`), { status: 'pending', name: 'a.pdf', documents: [], results: [] })
})

t.test('the bytes of a deleted document can be uploaded again as a new document', async t => {
  const rig = await build(t)
  const id = await newDocument(rig, await upload(rig, 'same', { filename: 'one.txt' }))
  await ask(rig, 'DELETE', `/extractions/documents/${id}`)
  const [status, { document, dedup }] = await ask(rig, 'POST', '/workspaces/1/documents', { key: await upload(rig, 'same', { filename: 'two.txt' }) })
  t.match([status, document, dedup], [201, { filename: 'two.txt', status: 'uploaded' }, { reused: false }])
  t.not(document.id, id)
})

t.test('a deleted document stays deleted in forks and restored states', async t => {
  const rig = await build(t)
  const { session, documents: [id = ''] } = await sessionOf(rig, [await upload(rig, 'x')])
  await ask(rig, 'DELETE', `/extractions/documents/${id}`)
  await rig.control('POST', '/namespaces/default/fork', { as: 'copy' })
  await rig.control('PUT', '/namespaces/default/state', (await rig.control('GET', '/namespaces/default/state')).json())
  for (const namespace of ['default', 'copy']) {
    const statuses = await Promise.all([`documents/${id}`, `sessions/${session}`].map(async path => (await rig.app.inject({ url: `/extractions/${path}`, headers: { authorization: 'Bearer rd_test_full', 'x-mock-namespace': namespace } })).statusCode))
    t.strictSame(statuses, [404, 200], namespace)
  }
})

t.test('document routes: answer 403 without permission and 404 for unknown, malformed and foreign ids', async t => {
  const rig = await build(t)
  const { session, documents: [id = ''] } = await sessionOf(rig, ['tmp/a.pdf'])
  for (const [method, path] of [['DELETE', ''], ['GET', ''], ['GET', '/url'], ['GET', '/chunks']] as const) {
    await findsNone(t, rig, method, `/extractions/documents/*${path}`, 'Document', [...NO_UUIDS, session])
    for (const who of ['stranger', 'other'] as const) t.strictSame(await ask(rig, method, `/extractions/documents/${id}${path}`, undefined, who), notFound('Document'))
    t.strictSame(await ask(rig, method, `/extractions/documents/x${path}`, undefined, method === 'GET' ? 'writer' : 'read'), NO_ABILITY)
    t.equal((await rig.app.inject({ method, url: `/extractions/documents/${id}${path}` })).statusCode, 401)
  }
  t.strictSame(await ask(rig, 'DELETE', `/extractions/documents/${id}`, undefined, 'viewer'), NO_ROLE)
  for (const path of ['', '/url', '/chunks']) t.equal((await ask(rig, 'GET', `/extractions/documents/${id}${path}`, undefined, 'viewer'))[0], 200)
})
