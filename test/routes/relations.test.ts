import t, { type Test } from 'tap'
import { BATCH_URL, build, NOON, TEMPLATE, type Rig } from '../helper.ts'
import { ask, form, get, idle, newDocument, newSession, notFound, run, SESSIONS_URL, sessionOf, upload, type Answer } from './files.ts'

/** A session with two documents and two completed results. */
async function busySession (rig: Rig): Promise<{ session: string, documents: string[], results: string[] }> {
  const made = await sessionOf(rig, ['tmp/a.pdf', 'tmp/b.pdf'])
  const results = [await run(rig, made.session), await run(rig, made.session)]
  await idle(rig)
  return { ...made, results }
}

async function statusesOf (rig: Rig, paths: readonly string[]): Promise<number[]> {
  return await Promise.all(paths.map(async path => (await ask(rig, 'GET', `/extractions/${path}`))[0]))
}

t.test('deleting a session deletes its results and keeps its documents in the workspace', async t => {
  const rig = await build(t)
  const { session, documents: [a = '', b = ''], results: [first = '', second = ''] } = await busySession(rig)
  const before = await get(rig, `/extractions/documents/${a}`)
  t.equal(before.status, 'processed')
  t.strictSame(await ask(rig, 'DELETE', `${SESSIONS_URL}/${session}`), [204, ''])
  const paths = [`sessions/${session}`, `sessions/${session}/documents`, `sessions/${session}/results`, `results/${first}`, `results/${second}`, `results/${first}/export/excel`, `documents/${a}`, `documents/${b}/chunks`]
  t.strictSame(await statusesOf(rig, paths), [404, 404, 404, 404, 404, 404, 200, 200])
  t.strictSame(await ask(rig, 'DELETE', `/extractions/results/${first}`), notFound('Result'))
  const { status, ...after } = await get(rig, `/extractions/documents/${a}`)
  t.strictSame([status, after], ['parsed', (({ status: _, ...rest }) => rest)(before)], 'no run over the document is left')
  const other = await newSession(rig)
  t.equal((await ask(rig, 'POST', `${SESSIONS_URL}/${other}/documents/attach`, { document_ids: [b, a] }))[0], 200)
})

t.test('batch delete: keeps the documents in the workspace', async t => {
  const rig = await build(t)
  const ids = await rig.create(['tmp/a.pdf', 'tmp/b.pdf'], { auto_extract: true })
  const documents = await Promise.all(ids.map(async id => (await get(rig, `${SESSIONS_URL}/${id}`)).documents[0].id))
  await ask(rig, 'POST', `${BATCH_URL}/delete`, { session_ids: ids })
  t.strictSame(await statusesOf(rig, [...ids.map(id => `sessions/${id}`), ...documents.map(id => `documents/${id}`)]), [404, 404, 200, 200])
  await idle(rig)
  t.match(await get(rig, `/extractions/documents/${documents[0]}`), { status: 'parsed' })
})

t.test('detach: results keep their documents, and so does a run in progress', async t => {
  const rig = await build(t)
  const { session, documents: [a = '', b = ''], results: [first = ''] } = await busySession(rig)
  const before = await get(rig, `/extractions/results/${first}`)
  const underWay = await run(rig, session)
  await ask(rig, 'DELETE', `${SESSIONS_URL}/${session}/documents/${a}`)
  t.strictSame(await get(rig, `/extractions/results/${first}`), before)
  const later = await run(rig, session)
  await idle(rig)
  const refsOf = async (id: string): Promise<string[]> => (await get(rig, `/extractions/results/${id}`)).document_refs.map(({ documentId }: { documentId: string }) => documentId)
  t.strictSame([await refsOf(first), await refsOf(underWay), await refsOf(later)], [[a, b], [a, b], [b]])
  t.match(await get(rig, `/extractions/documents/${a}`), { status: 'processed' }, 'a processed document stays processed')
})

t.test('detach: cancels an automatic run that has not started', async t => {
  const rig = await build(t)
  const [session = ''] = await rig.create(['tmp/a.pdf'], { auto_extract: true })
  const { documents: [{ id }] } = await get(rig, `${SESSIONS_URL}/${session}`)
  await ask(rig, 'DELETE', `${SESSIONS_URL}/${session}/documents/${id}`)
  await idle(rig)
  t.match(await get(rig, `${SESSIONS_URL}/${session}`), { status: 'pending', documents: [], results: [] })
  await ask(rig, 'POST', `${SESSIONS_URL}/${session}/documents/attach`, { document_ids: [id] })
  await idle(rig)
  t.match(await get(rig, `${SESSIONS_URL}/${session}`), { status: 'pending', documents: [{ status: 'parsed' }], results: [] }, 'the run does not start after a reattachment either')
})

t.test('deleting a template deletes its sessions, their results, and documents of no other session', async t => {
  const rig = await build(t)
  const { session, documents: [own = '', shared = ''], results: [result = ''] } = await busySession(rig)
  const loose = await newDocument(rig, 'tmp/loose.pdf')
  const other = (await ask(rig, 'POST', SESSIONS_URL, { extraction_template_id: '3c90c3cc-0d44-4b50-8888-8dd25736052a' }))[1].id
  await ask(rig, 'POST', `${SESSIONS_URL}/${other}/documents/attach`, { document_ids: [shared] })
  t.strictSame(await ask(rig, 'DELETE', `/extractions/templates/${TEMPLATE}`), [204, ''])
  t.strictSame(await statusesOf(rig, [`sessions/${session}`, `results/${result}`, `documents/${own}`, `documents/${shared}`, `documents/${loose}`, `sessions/${other}`]), [404, 404, 404, 200, 200, 200])
})

t.test('attach: a document of two sessions is parsed once and processed for both', async t => {
  const rig = await build(t)
  const { session: first, documents: [id = ''] } = await sessionOf(rig, ['tmp/a.pdf'])
  const second = await newSession(rig)
  await ask(rig, 'POST', `${SESSIONS_URL}/${second}/documents/attach`, { document_ids: [id] })
  const results = [await run(rig, first)]
  await rig.clock.advanceTo(NOON + 5_000)
  results.push(await run(rig, second))
  const seen = async (): Promise<string[]> => {
    const [a, b] = [await get(rig, `${SESSIONS_URL}/${first}`), await get(rig, `${SESSIONS_URL}/${second}`)]
    t.strictSame(a.documents, b.documents)
    t.strictSame(a.documents, [await get(rig, `/workspaces/1/documents/${id}`)])
    t.equal(a.documents[0].parsings.length, 1)
    return [a.status, a.results[0].status, b.status, b.results[0].status, a.documents[0].status]
  }
  t.strictSame(await seen(), ['processing', 'parsing_pending', 'processing', 'parsing_pending', 'parsing'])
  await rig.clock.advanceTo(NOON + 11_000)
  t.strictSame(await seen(), ['processing', 'created', 'processing', 'created', 'parsed'])
  await idle(rig)
  t.strictSame(await seen(), ['completed', 'completed', 'completed', 'completed', 'processed'])
  await ask(rig, 'DELETE', `${SESSIONS_URL}/${first}`)
  t.match(await get(rig, `/extractions/documents/${id}`), { status: 'processed' }, 'the run of the other session processed it too')
  const [one, two] = [await ask(rig, 'GET', `/extractions/results/${results[0]}`), await get(rig, `/extractions/results/${results[1]}`)]
  t.strictSame(one, notFound('Result'))
  t.strictSame(two.document_refs.map(({ documentId }: { documentId: string }) => documentId), [id])
})

t.test('attach: a failed parsing fails both sessions and all their runs', async t => {
  const rig = await build(t)
  const { session: first, documents: [id = ''] } = await sessionOf(rig, ['tmp/mock-parse-failed.pdf'])
  const { session: second } = await sessionOf(rig, ['tmp/good.pdf'])
  await ask(rig, 'POST', `${SESSIONS_URL}/${second}/documents/attach`, { document_ids: [id] })
  for (const session of [first, second]) await run(rig, session)
  await idle(rig)
  const error = 'Parsing failed, as the file name requests (mock-parse-failed).'
  for (const session of [first, second]) t.match(await get(rig, `${SESSIONS_URL}/${session}`), { status: 'failed', results: [{ status: 'failed', error }] })
  t.match((await get(rig, `${SESSIONS_URL}/${second}/documents`)).data, [{ status: 'parsed', error: undefined }, { status: 'failed', error }], 'the other document is parsed')
})

t.test('run: each document follows its own script, and the run follows the first script of its documents', async t => {
  const rig = await build(t)
  const { session } = await sessionOf(rig, ['tmp/plain.pdf', 'tmp/mock-pages-3-mock-extract-failed.pdf', 'tmp/mock-pages-5.pdf'])
  const result = await run(rig, session)
  await idle(rig)
  t.match(await get(rig, `/extractions/results/${result}`), { status: 'failed', error: 'The extraction failed, as the file name requests (mock-extract-failed).' })
  const pages = (await get(rig, `${SESSIONS_URL}/${session}`)).documents.map(({ meta }: { meta: { page_count: number } }) => meta.page_count)
  t.strictSame(pages.slice(1), [3, 5])
})

/** Every way to add bytes to workspace 1 (to 2 for the stranger); each resolves to the id of the document. */
async function waysIn (t: Test, rig: Rig, bytes: string): Promise<Array<[string, string]>> {
  const session = await newSession(rig)
  const idIn = (what: string, [status, body]: Answer): [string, string] => {
    t.ok(status < 300, `${what}: ${status}`)
    return [what, body.document?.id ?? body.data?.[0].id ?? body.id]
  }
  const { headers, payload } = form([{ name: 'file', filename: 'form.txt', type: 'text/plain', data: bytes }])
  const sent = await rig.app.inject({ method: 'POST', url: `${SESSIONS_URL}/${session}/documents`, headers: { authorization: 'Bearer rd_test_full', ...headers }, payload })
  return [
    idIn('session upload', await ask(rig, 'POST', `${SESSIONS_URL}/${session}/documents/upload`, { keys: [await upload(rig, bytes)] })),
    idIn('session create', await ask(rig, 'POST', `${SESSIONS_URL}/${session}/documents`, { key: await upload(rig, bytes), filename: 'other.txt' })),
    idIn('form', [sent.statusCode, sent.json()]),
    idIn('workspace create', await ask(rig, 'POST', '/workspaces/1/documents', { key: await upload(rig, bytes) }))
  ]
}

t.test('create or reuse: equal bytes are one document of a workspace, however they arrive', async t => {
  const rig = await build(t)
  const ways = await waysIn(t, rig, 'same')
  t.equal(new Set(ways.map(([, id]) => id)).size, 1, JSON.stringify(ways))
  const [, { document, dedup }] = await ask(rig, 'POST', '/workspaces/2/documents', { key: await upload(rig, 'same', { who: 'stranger' }) }, 'stranger')
  t.strictSame([dedup.reused, document.id === ways[0]?.[1]], [false, false], 'another workspace has its own document')
  const [, other] = await ask(rig, 'POST', '/workspaces/1/documents', { key: await upload(rig, 'other', { who: 'other' }) }, 'other')
  t.equal(other.dedup.reused, false, 'another namespace has its own document')
})

t.test('create or reuse: reuses the document of a batch; each file of a batch is a document of its own', async t => {
  const rig = await build(t)
  const [one, two] = [await upload(rig, 'same', { filename: 'one.txt' }), await upload(rig, 'same', { filename: 'two.txt' })]
  const ids = await rig.create([one, two])
  const documents = await Promise.all(ids.map(async id => (await get(rig, `${SESSIONS_URL}/${id}`)).documents[0].id))
  t.not(documents[0], documents[1])
  t.match(await ask(rig, 'POST', '/workspaces/1/documents', { key: await upload(rig, 'same') }), [200, { document: { id: documents[0], filename: 'one.txt' }, dedup: { reused: true, matched_by: 'sha256' } }])
})

t.test('create or reuse: a reused document keeps its parsing', async t => {
  const rig = await build(t)
  const [batch = ''] = await rig.create([await upload(rig, 'same')])
  await idle(rig)
  const { session, documents: [id = ''] } = await sessionOf(rig, [await upload(rig, 'same')])
  t.equal(id, (await get(rig, `${SESSIONS_URL}/${batch}`)).documents[0].id)
  t.match(await ask(rig, 'POST', `${SESSIONS_URL}/${session}/results`), [201, { status: 'created' }], 'the parsing is already finished')
})
