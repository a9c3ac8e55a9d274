import t from 'tap'
import { ABILITIES, type Ability } from '../../src/domain/workspaces/abilities.ts'
import { build, NOON, type Rig } from '../helper.ts'
import { findsNone, MISSING, NO_NUMBERS, NO_UUIDS, notOf, refusesBadBodies } from './bad-input.ts'
import { ask, get, idle, newDocument, NO_ABILITY, NO_ROLE, notFound, refusal, run, sessionOf, sha256, UNKNOWN, upload } from './files.ts'

const URL = '/workspaces/1/documents'

t.test('create or reuse: answers 201 and the whole document for new bytes', async t => {
  const rig = await build(t)
  const key = await upload(rig, 'Total: 5', { filename: 'note.txt' })
  const [status, body] = await ask(rig, 'POST', URL, { key })
  const { document: { id } } = body
  t.strictSame([status, body], [201, {
    document: {
      id,
      workspace_id: 1,
      filename: 'note.txt',
      mime: 'text/plain',
      size: 8,
      sha256: sha256('Total: 5'),
      status: 'uploaded',
      source_type: 'upload',
      source_url: null,
      parsings: [],
      meta: { page_count: null, file_size: 8 },
      created_at: '2024-01-15T10:30:00Z'
    },
    dedup: { reused: false, matched_by: null },
    document_ref: {
      kind: 'documentRef',
      documentId: id,
      workspaceId: 1,
      filename: 'note.txt',
      mime: 'text/plain',
      size: 8,
      sha256: sha256('Total: 5'),
      source: { type: 'upload', url: null },
      createdAt: '2024-01-15T10:30:00Z'
    }
  }])
  for (const url of [`${URL}/${id}`, `${URL}/${id.toUpperCase()}`, `/extractions/documents/${id}`]) t.strictSame(await ask(rig, 'GET', url, undefined, 'viewer'), [200, body.document])
})

t.test('create or reuse: answers 200 for known bytes under any name', async t => {
  const rig = await build(t)
  const [, first] = await ask(rig, 'POST', URL, { key: await upload(rig, 'same', { filename: 'one.txt' }) })
  await rig.clock.advanceTo(NOON + 60_000)
  const reused = [200, { ...first, dedup: { reused: true, matched_by: 'sha256' } }]
  t.strictSame(await ask(rig, 'POST', URL, { key: await upload(rig, 'same', { type: 'image/png' }), filename: 'two.pdf', mime: 'application/pdf' }, 'worker'), reused)
  const [, other] = await ask(rig, 'POST', '/workspaces/2/documents', { key: await upload(rig, 'same', { who: 'stranger' }) }, 'stranger')
  t.match(other, { document: { workspace_id: 2 }, dedup: { reused: false } }, 'another workspace has its own document')
  t.not(other.document.id, first.document.id)
})

t.test('create or reuse: the name in the body overrides that of the upload', async t => {
  const rig = await build(t)
  const key = await upload(rig, 'a,b', { filename: 'one.txt' })
  const [, { document, document_ref: ref }] = await ask(rig, 'POST', URL, { key, filename: 'two.pdf', mime: 'text/csv; charset=utf-8' })
  for (const { filename, mime } of [document, ref]) t.strictSame([filename, mime], ['two.pdf', 'text/csv; charset=utf-8'])
  const { url } = await get(rig, `${URL}/${document.id}/url`)
  t.equal((await rig.app.inject(url)).headers['content-type'], 'text/csv; charset=utf-8')
})

t.test('create or reuse: accepts a key without an upload, unless uploads are strict', async t => {
  const [rig, strict] = [await build(t), await build(t, { uploads: 'strict' })]
  t.match(await ask(rig, 'POST', URL, { key: 'tmp/abc123-a.pdf' }), [201, { document: { filename: 'a.pdf', mime: 'application/pdf' } }])
  t.match(await ask(rig, 'POST', URL, { key: 'tmp/abc123-a.pdf', filename: 'b.png', mime: 'x/y' }), [201, { document: { filename: 'b.png', mime: 'image/png' } }])
  t.strictSame(await ask(strict, 'POST', URL, { key: 'tmp/a.pdf' }), refusal({ key: 'The selected key was not uploaded: PUT it to a signed URL first, and send the key that came with it.' }))
})

t.test('create or reuse: returns a document that is deleted at the same moment', async t => {
  const rig = await build(t)
  t.capture((await rig.namespaces.open('default')).records, 'findDocuments', async () => [undefined])
  t.match(await ask(rig, 'POST', URL, { key: 'tmp/a.pdf' }), [201, { document: { filename: 'a.pdf', status: 'uploaded' }, dedup: { reused: false } }])
})

t.test('create or reuse: rejects invalid bodies', async t => {
  const rig = await build(t)
  const notText = notOf(['string'], 'must be a string.')
  const FORMAT = 'format is invalid: send a file key such as tmp/abc123-invoice.pdf, at most 1024 characters, without .. or control characters.'
  const FILENAME = 'format is invalid: send a name such as invoice.pdf, at most 255 characters, without a path or control characters.'
  await refusesBadBodies(t, rig, {
    method: 'POST',
    url: URL,
    valid: { key: 'tmp/a.pdf', filename: 'a.pdf', mime: 'application/pdf' },
    bad: {
      key: [...MISSING, ...notOf(['string'], 'must be a string.', 'missing'), ...['a.pdf', 'tmp/', 'tmp/../x'].map(key => [key, FORMAT] as const), [`tmp/${'x'.repeat(2_000)}`, 'must not be greater than 1024 characters.']],
      filename: [...notText, ...['..', '../a.pdf', 'a\0'].map(name => [name, FILENAME] as const), [`${'x'.repeat(252)}.pdf`, 'must not be greater than 255 characters.']],
      mime: [...notText, ...['pdf', '/', 'application/', 'application/pdf\r\nset-cookie: x=1', 'text/ポ', 'a b/c'].map(mime => [mime, 'must be a media type such as application/pdf.'] as const), [`text/${'x'.repeat(300)}`, 'must not be greater than 255 characters.']]
    }
  })
  t.strictSame(await ask(rig, 'POST', URL, { key: 'tmp/setup.exe' }), refusal({ key: 'The selected key format is not supported: send a pdf, docx, doc, pptx, png, jpg, jpeg, tiff or txt file.' }))
})

t.test('get: returns a document with its parsings', async t => {
  const rig = await build(t)
  const id = await newDocument(rig, 'tmp/a.pdf')
  await ask(rig, 'POST', `${URL}/${id}/reparse`, { config_hash: 'a'.repeat(64) })
  await idle(rig)
  const { parsings: [parsing], ...document } = await get(rig, `${URL}/${id}`)
  t.match(document, { id, status: 'parsed', meta: { page_count: Number } })
  t.strictSame(parsing, { id: parsing.id, config_hash: 'a'.repeat(64), status: 'ready', parser_version: 'v1', updated_at: '2024-01-15T10:30:11Z' })
})

t.test('get: a client that polls an auto clock sees every status in order', async t => {
  for (const url of [URL, '/extractions/documents']) {
    const rig = await build(t, { clock: { mode: 'auto', at: NOON } })
    const { session, documents: [id] } = await sessionOf(rig, ['tmp/a.pdf'])
    const seen: string[] = [(await get(rig, `${url}/${id}`)).status, (await get(rig, `${url}/${id}`)).status]
    await run(rig, session)
    while (seen.at(-1) !== 'processed' && seen.length < 20) seen.push((await get(rig, `${url}/${id}`)).status)
    t.strictSame(seen, ['uploaded', 'uploaded', 'parsing', 'parsed', 'processed'], 'the first poll after the run leaves queued')
  }
})

/** Mints a token with certain abilities. */
async function tokenWith ({ app }: Rig, abilities: Ability[]): Promise<Record<string, string>> {
  return { authorization: `Bearer ${(await app.control.tokens.mint({ abilities })).token}` }
}

t.test('download URL: requires two abilities', async t => {
  const rig = await build(t)
  const id = await newDocument(rig, await upload(rig, 'Total: 5'))
  const status = async (abilities: Ability[]): Promise<number> => (await rig.app.inject({ url: `${URL}/${id}/url`, headers: await tokenWith(rig, abilities) })).statusCode
  t.equal(await status(['workspaces-read', 'documents-read']), 200)
  t.equal(await status(['workspaces-read']), 403)
  t.equal(await status(['documents-read']), 403)
  t.equal(await status(ABILITIES.filter(ability => ability !== 'documents-read')), 403)
  t.equal(await status(['workflows-read']), 403)
})

t.test('download URL: serves the bytes for ten minutes without a token', async t => {
  const rig = await build(t)
  const id = await newDocument(rig, await upload(rig, 'Total: 5', { filename: 'note.txt' }))
  const [status, { url, expires_at: expiresAt, ...more }] = await ask(rig, 'GET', `${URL}/${id.toUpperCase()}/url`, undefined, 'viewer')
  t.strictSame([status, expiresAt, more], [200, '2024-01-15T10:40:00Z', {}])
  const [from, to] = [await rig.app.inject(url), await rig.app.inject({ url, headers: { range: 'bytes=0-4' } })]
  t.strictSame([from.statusCode, from.body, from.headers['content-type'], from.headers['content-disposition']], [200, 'Total: 5', 'text/plain', 'inline; filename="note.txt"'])
  t.strictSame([to.statusCode, to.body], [206, 'Total'])
  await rig.clock.advanceTo(NOON + 600_000)
  t.equal((await rig.app.inject(url)).statusCode, 403)
  const fresh = await get(rig, `${URL}/${id}/url`)
  await rig.call('DELETE', `/extractions/documents/${id}`)
  t.equal((await rig.app.inject(fresh.url)).statusCode, 404, 'the URL of a deleted document answers 404')
})

t.test('a document is visible only in its workspace, to members', async t => {
  const rig = await build(t)
  const own = await newDocument(rig, 'tmp/a.pdf')
  const [, { document: { id: foreign } }] = await ask(rig, 'POST', '/workspaces/2/documents', { key: 'tmp/a.pdf' }, 'stranger')
  for (const [method, path] of [['GET', ''], ['GET', '/url'], ['POST', '/reparse']] as const) {
    const body = method === 'POST' ? {} : undefined
    await findsNone(t, rig, method, `/workspaces/*/documents/${own}${path}`, 'Workspace', [...NO_NUMBERS, '2'])
    await findsNone(t, rig, method, `${URL}/*${path}`, 'Document', [...NO_UUIDS, foreign])
    t.strictSame(await ask(rig, method, `/workspaces/2/documents/${own}${path}`, body, 'stranger'), notFound('Document'))
    t.strictSame(await ask(rig, method, `${URL}/${own}${path}`, body, 'stranger'), notFound('Workspace'))
    t.strictSame(await ask(rig, method, `${URL}/${own}${path}`, body, 'other'), notFound('Document'))
    t.strictSame(await ask(rig, method, `/workspaces/9/documents/${UNKNOWN}${path}`, body, 'writer'), NO_ABILITY)
    t.equal((await rig.app.inject({ method, url: `${URL}/${own}${path}` })).statusCode, 401)
  }
  for (const path of ['', ':importUrl']) {
    await findsNone(t, rig, 'POST', `/workspaces/*/documents${path}`, 'Workspace', [...NO_NUMBERS, '2'])
    t.strictSame(await ask(rig, 'POST', `${URL}${path}`, {}, 'stranger'), notFound('Workspace'))
    t.strictSame(await ask(rig, 'POST', `/workspaces/9/documents${path}`, {}, 'read'), NO_ABILITY)
    t.strictSame(await ask(rig, 'POST', `${URL}${path}`, {}, 'viewer'), NO_ROLE)
    t.equal((await rig.app.inject({ method: 'POST', url: `${URL}${path}` })).statusCode, 401)
  }
  t.strictSame(await ask(rig, 'POST', `${URL}/${own}/reparse`, {}, 'viewer'), NO_ROLE)
})
