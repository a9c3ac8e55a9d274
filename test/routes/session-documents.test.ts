import t from 'tap'
import { build, NOON } from '../helper.ts'
import { findsNone, MISSING, NO_UUIDS, notOf, refusesBadBodies } from './bad-input.ts'
import { ask, get, idle, newDocument, newSession, NO_ABILITY, NO_ROLE, notFound, refusal, run, SESSIONS_URL, sessionOf, sha256, UNKNOWN, upload, type Answer } from './files.ts'

const FORMAT = 'format is invalid: send a file key such as tmp/abc123-invoice.pdf, at most 1024 characters, without .. or control characters.'
const UNSUPPORTED = 'format is not supported: send a pdf, docx, doc, pptx, png, jpg, jpeg, tiff or txt file.'

t.test('upload session documents: answers 200 and unparsed documents', async t => {
  const rig = await build(t)
  const [session, key] = [await newSession(rig), await upload(rig, 'Total: 5', { filename: 'a note.txt' })]
  const [status, { data: [first, second], ...more }] = await ask(rig, 'POST', `${SESSIONS_URL}/${session}/documents/upload`, { keys: [key, 'tmp/abc123-scan.pdf'] })
  t.strictSame([status, more], [200, {}])
  t.strictSame(first, {
    id: first.id,
    workspace_id: 1,
    filename: 'a note.txt',
    mime: 'text/plain',
    size: 8,
    sha256: sha256('Total: 5'),
    status: 'uploaded',
    source_type: 'upload',
    source_url: null,
    parsings: [],
    meta: { page_count: null, file_size: 8 },
    created_at: '2024-01-15T10:30:00Z'
  })
  t.match(second, { filename: 'scan.pdf', mime: 'application/pdf', status: 'uploaded' })
  await idle(rig)
  t.strictSame((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [first, second], 'the document is never parsed without a run')
})

t.test('upload session documents: attaches existing documents with the same bytes', async t => {
  const rig = await build(t)
  const [one, two, again] = [await upload(rig, 'same', { filename: 'one.txt' }), await upload(rig, 'same', { filename: 'two.txt' }), await upload(rig, 'same')]
  const first = await sessionOf(rig, [one, two, one])
  t.equal(first.documents.length, 1, 'each document is listed once')
  const second = await sessionOf(rig, [again])
  t.strictSame(second.documents, first.documents)
  t.match((await get(rig, `${SESSIONS_URL}/${second.session}`)).documents, [{ filename: 'one.txt' }], 'the document keeps its name')
  t.strictSame(await ask(rig, 'POST', `${SESSIONS_URL}/${second.session}/documents/upload`, { keys: [one] }), [200, { data: [await get(rig, `/extractions/documents/${first.documents[0]}`)] }])
  t.equal((await get(rig, `${SESSIONS_URL}/${second.session}`)).documents.length, 1, 'the document is attached once')
})

t.test('upload session documents: rejects all keys if one cannot be a document', async t => {
  const rig = await build(t)
  const session = await newSession(rig)
  const url = `${SESSIONS_URL}/${session}/documents/upload`
  const exe = await upload(rig, 'MZ', { type: 'application/octet-stream', filename: 'setup.exe' })
  const nameless = await upload(rig, 'MZ', { type: 'application/x-msdownload' })
  t.strictSame(await ask(rig, 'POST', url, { keys: ['tmp/a.pdf', exe, 'tmp/video.mp4', nameless] }), refusal(Object.fromEntries([1, 2, 3].map(n => [`keys.${n}`, `The selected keys.${n} ${UNSUPPORTED}`]))))
  t.strictSame((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [])
  const named = await upload(rig, 'hello', { type: 'application/octet-stream', filename: 'scan.TIFF' })
  t.match(await ask(rig, 'POST', url, { keys: [named] }), [200, { data: [{ filename: 'scan.TIFF', mime: 'image/tiff' }] }])
})

t.test('upload session documents: rejects keys without an upload when uploads are strict', async t => {
  const rig = await build(t, { uploads: 'strict' })
  const [session, key] = [await newSession(rig), await upload(rig, 'x')]
  const url = `${SESSIONS_URL}/${session}/documents/upload`
  const fault = 'was not uploaded: PUT it to a signed URL first, and send the key that came with it.'
  t.strictSame(await ask(rig, 'POST', url, { keys: ['tmp/a.pdf', key, 'tmp/b.exe'] }), refusal({ 'keys.0': `The selected keys.0 ${fault}`, 'keys.2': `The selected keys.2 ${fault}` }))
  t.strictSame((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [])
  t.match(await ask(rig, 'POST', url, { keys: [key] }), [200, { data: [{ size: 1 }] }])
})

t.test('attach existing: answers 200 and the documents, in the order of the request', async t => {
  const rig = await build(t)
  const [a, b, c] = [await newDocument(rig, 'tmp/a.pdf'), await newDocument(rig, 'tmp/b.pdf'), await newDocument(rig, 'tmp/c.pdf')]
  const session = await newSession(rig)
  const url = `${SESSIONS_URL}/${session}/documents/attach`
  const [first, second, third] = await Promise.all([a, b, c].map(async id => await get(rig, `/extractions/documents/${id}`)))
  t.strictSame(await ask(rig, 'POST', url, { document_ids: [b] }), [200, { data: [second] }])
  t.strictSame(await ask(rig, 'POST', url, { document_ids: [c, b.toUpperCase(), a, c] }, 'worker'), [200, { data: [third, second, first] }])
  t.strictSame((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [second, third, first], 'attached documents keep their position')
})

t.test('attach existing: names a document of another workspace and attaches none', async t => {
  const rig = await build(t)
  const [own, session] = [await newDocument(rig, 'tmp/a.pdf'), await newSession(rig)]
  const [, { document: { id: foreign } }] = await ask(rig, 'POST', '/workspaces/2/documents', { key: 'tmp/a.pdf' }, 'stranger')
  const gone = await newDocument(rig, 'tmp/gone.pdf')
  await rig.call('DELETE', `/extractions/documents/${gone}`)
  const fault = 'is invalid: send the id of a document in the workspace of the session.'
  t.strictSame(
    await ask(rig, 'POST', `${SESSIONS_URL}/${session}/documents/attach`, { document_ids: [own, UNKNOWN, foreign, session, gone] }),
    refusal(Object.fromEntries([1, 2, 3, 4].map(n => [`document_ids.${n}`, `The selected document_ids.${n} ${fault}`])))
  )
  t.strictSame((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [])
})

t.test('list session documents: is paged, in the order of attachment', async t => {
  const rig = await build(t)
  const { session, documents } = await sessionOf(rig, Array.from({ length: 17 }, (_, n) => `tmp/${n}.pdf`))
  const url = `${SESSIONS_URL}/${session}/documents`
  const list = async (query: string): Promise<[string[], object]> => {
    const { data, meta } = await get(rig, url + query)
    return [data.map(({ id }: { id: string }) => id), meta]
  }
  const meta = { current_page: 1, last_page: 2, per_page: 15, total: 17 }
  t.strictSame(await list(''), [documents.slice(0, 15), meta])
  t.strictSame(await list('?page=1&status=parsed'), [documents.slice(0, 15), meta])
  t.strictSame(await list('?page=2'), [documents.slice(15), { ...meta, current_page: 2 }])
  t.strictSame(await list('?page=3'), [[], { ...meta, current_page: 3 }])
  t.strictSame((await get(rig, url)).data[0], await get(rig, `/extractions/documents/${documents[0]}`))
  const empty = await newSession(rig)
  t.strictSame(await ask(rig, 'GET', `${SESSIONS_URL}/${empty}/documents`, undefined, 'viewer'), [200, { data: [], meta: { current_page: 1, last_page: 1, per_page: 15, total: 0 } }])
  for (const page of ['0', '-1', 'x', '1.5']) t.equal((await ask(rig, 'GET', `${url}?page=${page}`))[0], 422, `page ${page}`)
})

t.test('list session documents: a client that polls an auto clock sees every status in order', async t => {
  const rig = await build(t, { clock: { mode: 'auto', at: NOON } })
  const { session } = await sessionOf(rig, ['tmp/a.pdf'])
  await run(rig, session)
  const seen: string[] = []
  while (seen.at(-1) !== 'processed' && seen.length < 20) seen.push((await get(rig, `${SESSIONS_URL}/${session}/documents`)).data[0].status)
  t.strictSame(seen, ['queued', 'parsing', 'parsed', 'parsed', 'processed'])
})

t.test('detach: answers 204; the document stays in the workspace and can be attached again', async t => {
  const rig = await build(t)
  const { session, documents: [a = '', b = ''] } = await sessionOf(rig, ['tmp/a.pdf', 'tmp/b.pdf'])
  const [first, second] = [await get(rig, `/extractions/documents/${a}`), await get(rig, `/extractions/documents/${b}`)]
  t.strictSame(await ask(rig, 'DELETE', `${SESSIONS_URL}/${session}/documents/${a.toUpperCase()}`), [204, ''])
  t.strictSame((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [second])
  t.strictSame(await get(rig, `/workspaces/1/documents/${a}`), first)
  t.strictSame(await ask(rig, 'DELETE', `${SESSIONS_URL}/${session}/documents/${a}`), notFound('Document'))
  await ask(rig, 'POST', `${SESSIONS_URL}/${session}/documents/attach`, { document_ids: [a] })
  t.strictSame((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [second, first])
})

t.test('detach: answers 404 for a document of another session', async t => {
  const rig = await build(t)
  const { session, documents: [document = ''] } = await sessionOf(rig, ['tmp/a.pdf'])
  const other = await newSession(rig)
  t.strictSame(await ask(rig, 'DELETE', `${SESSIONS_URL}/${other}/documents/${document}`), notFound('Document'))
  t.equal((await get(rig, `${SESSIONS_URL}/${session}`)).documents.length, 1)
})

const KEYS = [...notOf(['array'], 'must be an array.', 'missing')]

t.test('session documents: reject invalid bodies', async t => {
  const rig = await build(t)
  const { session, documents: [document = ''] } = await sessionOf(rig, ['tmp/a.pdf'])
  const url = `${SESSIONS_URL}/${session}/documents`
  await refusesBadBodies(t, rig, {
    method: 'POST',
    url: `${url}/upload`,
    valid: { keys: ['tmp/a.pdf', 'tmp/b.pdf'] },
    bad: {
      keys: [...MISSING, ...KEYS, [Array(10_000).fill('tmp/a.pdf'), 'must not have more than 50 items.'], [Array(51).fill('tmp/a.pdf'), 'must not have more than 50 items.']],
      'keys.1': [...[null, ''].map(value => [value, 'is required.'] as const), ...[5, true, {}, ['tmp/a.pdf']].map(value => [value, 'must be a string.'] as const), ...['a.pdf', 'tmp/', 'tmp/../x', 'tmp/a\0.pdf'].map(key => [key, FORMAT] as const), [`tmp/${'x'.repeat(2_000)}`, 'must not be greater than 1024 characters.']]
    },
    unchanged: [url]
  })
  await refusesBadBodies(t, rig, {
    method: 'POST',
    url: `${url}/attach`,
    valid: { document_ids: [document, document] },
    bad: {
      document_ids: [...MISSING, ...KEYS, [Array(10_000).fill(document), 'must not have more than 50 items.'], [Array(51).fill(document), 'must not have more than 50 items.']],
      'document_ids.1': [...[null, ''].map(value => [value, 'is required.'] as const), ...[5, true, {}, [document]].map(value => [value, 'must be a string.'] as const), ...['x', '0', document.slice(1), `${document}x`].map(id => [id, 'must be a valid UUID.'] as const)]
    },
    unchanged: [url]
  })
})

t.test('session documents: check permissions before the body, and answer 404 for unknown resources', async t => {
  const rig = await build(t)
  const { session, documents: [document = ''] } = await sessionOf(rig, ['tmp/a.pdf'])
  for (const [method, path] of [['GET', ''], ['POST', '/upload'], ['POST', '/attach'], ['DELETE', `/${document}`]] as const) {
    const calls = async (session: string, who: Parameters<typeof ask>[4]): Promise<Answer> => await ask(rig, method, `${SESSIONS_URL}/${session}/documents${path}`, method === 'POST' ? {} : undefined, who)
    t.strictSame(await calls(UNKNOWN, method === 'GET' ? 'writer' : 'read'), NO_ABILITY)
    if (method !== 'GET') t.strictSame(await calls(session, 'viewer'), NO_ROLE)
    for (const who of ['stranger', 'other'] as const) t.strictSame(await calls(session, who), notFound('Session'))
    await findsNone(t, rig, method, `${SESSIONS_URL}/*/documents${path}`, 'Session', NO_UUIDS)
    t.equal((await rig.app.inject({ method, url: `${SESSIONS_URL}/${session}/documents${path}` })).statusCode, 401)
  }
  await findsNone(t, rig, 'DELETE', `${SESSIONS_URL}/${session}/documents/*`, 'Document', [...NO_UUIDS, session])
  t.equal((await get(rig, `${SESSIONS_URL}/${session}`)).documents.length, 1)
})
