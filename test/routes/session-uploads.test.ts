import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { json } from 'node:stream/consumers'
import t from 'tap'
import { as, build, buildWithoutDisk, FULL, type Rig } from '../helper.ts'
import { until } from '../until.ts'
import { findsNone, MISSING, NO_UUIDS, notOf, refusesBadBodies } from './bad-input.ts'
import { ask, form, get, newSession, NO_ABILITY, NO_ROLE, notFound, refusal, SESSIONS_URL, sha256, upload, type Answer, type Part } from './files.ts'

const FORMAT = 'format is invalid: send a file key such as tmp/abc123-invoice.pdf, at most 1024 characters, without .. or control characters.'
const FILENAME = 'send a name such as invoice.pdf, at most 255 characters, without a path or control characters.'
const UNSUPPORTED = 'format is not supported: send a pdf, docx, doc, pptx, png, jpg, jpeg, tiff or txt file.'
const NO_FILE = refusal({ file: 'The file field is required: send the file in a form field called file.' })

function broken (reason: string): Answer {
  return [400, { message: `The form cannot be read (${reason}): send it as multipart/form-data, with the file in a field called file.` }]
}

function urlOf (session: string): string {
  return `${SESSIONS_URL}/${session}/documents`
}

/** Sends a form to a session. */
async function send (rig: Rig, session: string, { headers, payload }: { headers: object, payload: Buffer | string }): Promise<Answer> {
  const reply = await rig.app.inject({ method: 'POST', url: urlOf(session), headers: { ...FULL, ...headers }, payload })
  return [reply.statusCode, reply.json()]
}

const NOTE: Part = { name: 'file', filename: 'note.txt', type: 'text/plain', data: 'Total: 5' }

t.test('create by key: answers 201 and the document in the older form', async t => {
  const rig = await build(t)
  const [session, key] = [await newSession(rig), await upload(rig, 'Total: 5', { filename: 'other.txt' })]
  const [status, document] = await ask(rig, 'POST', urlOf(session), { key, filename: 'note.txt' })
  t.strictSame([status, document], [201, { id: document.id, filename: 'note.txt', status: 'uploaded', extraction_session_id: session, meta: {}, created_at: '2024-01-15T10:30:00Z' }])
  t.strictSame((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [{
    id: document.id,
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
  }])
})

t.test('create by key: accepts a key without an upload, unless uploads are strict', async t => {
  const [rig, strict] = [await build(t), await build(t, { uploads: 'strict' })]
  t.match(await ask(rig, 'POST', urlOf(await newSession(rig)), { key: 'tmp/x', filename: 'a.pdf' }, 'worker'), [201, { filename: 'a.pdf' }])
  t.strictSame(
    await ask(strict, 'POST', urlOf(await newSession(strict)), { key: 'tmp/x', filename: 'a.pdf' }),
    refusal({ key: 'The selected key was not uploaded: PUT it to a signed URL first, and send the key that came with it.' })
  )
})

t.test('create by key: attaches the document with the same bytes under its own name, and rejects unsupported files', async t => {
  const rig = await build(t)
  const [session, other] = [await newSession(rig), await newSession(rig)]
  const [, { id }] = await ask(rig, 'POST', urlOf(session), { key: await upload(rig, 'same'), filename: 'one.txt' })
  t.match(await ask(rig, 'POST', urlOf(other), { key: await upload(rig, 'same'), filename: 'two.txt' }), [201, { id, filename: 'one.txt', extraction_session_id: other }])
  t.strictSame(await ask(rig, 'POST', urlOf(session), { key: 'tmp/x', filename: 'a.mp4' }), refusal({ key: `The selected key ${UNSUPPORTED}` }))
})

t.test('create by key: rejects invalid bodies', async t => {
  const rig = await build(t)
  const url = urlOf(await newSession(rig))
  const notText = notOf(['string'], 'must be a string.', 'missing')
  await refusesBadBodies(t, rig, {
    method: 'POST',
    url,
    valid: { key: 'tmp/a.pdf', filename: 'a.pdf' },
    bad: {
      key: [...MISSING, ...notText, ...['a.pdf', 'tmp/', 'tmp/../x'].map(key => [key, FORMAT] as const), [`tmp/${'x'.repeat(2_000)}`, 'must not be greater than 1024 characters.']],
      filename: [...MISSING, ...notText, ...['.', '..', 'a/b.pdf', '../../etc/passwd', 'C:\\a.pdf', 'a\nb.pdf', '\0'].map(name => [name, `format is invalid: ${FILENAME}`] as const), [`${'x'.repeat(252)}.pdf`, 'must not be greater than 255 characters.']]
    },
    unchanged: [url]
  })
  const nothing = await rig.app.inject({ method: 'POST', url, headers: FULL })
  t.strictSame([nothing.statusCode, Object.keys(nothing.json().errors)], [422, ['key', 'filename']], 'no body')
})

t.test('create by form: a file in a form gives the same document', async t => {
  const rig = await build(t)
  const session = await newSession(rig)
  const [status, document] = await send(rig, session, form([{ name: 'comment', data: 'for you' }, NOTE, { name: 'more', data: '' }]))
  t.strictSame([status, document], [201, { id: document.id, filename: 'note.txt', status: 'uploaded', extraction_session_id: session, meta: {}, created_at: '2024-01-15T10:30:00Z' }])
  const { documents: [attached] } = await get(rig, `${SESSIONS_URL}/${session}`)
  t.match(attached, { id: document.id, filename: 'note.txt', mime: 'text/plain', size: 8, sha256: sha256('Total: 5'), status: 'uploaded', source_type: 'upload', source_url: null, parsings: [] })
  const { url } = await get(rig, `/extractions/documents/${document.id}/url`)
  t.equal((await rig.app.inject(url)).body, 'Total: 5')
})

t.test('create by form: equal bytes are one document, by form or by key', async t => {
  const rig = await build(t)
  const [session, other] = [await newSession(rig), await newSession(rig)]
  const [, { id }] = await send(rig, session, form([NOTE]))
  t.match(await send(rig, session, form([{ ...NOTE, filename: 'b.txt' }])), [201, { id, filename: 'note.txt' }])
  t.match(await send(rig, other, form([NOTE])), [201, { id, extraction_session_id: other }])
  t.match(await ask(rig, 'POST', `${urlOf(other)}/upload`, { keys: [await upload(rig, 'Total: 5')] }), [200, { data: [{ id }] }])
  t.equal((await get(rig, `${SESSIONS_URL}/${session}`)).documents.length, 1)
})

t.test('create by form: equal forms give equal ids, and a name may be in any script', async t => {
  const ids = async (): Promise<string[]> => {
    const rig = await build(t)
    const session = await newSession(rig)
    const answers = [await send(rig, session, form([NOTE])), await send(rig, session, form([{ ...NOTE, data: 'other', filename: '請求書.txt' }]))]
    t.equal(answers[1]?.[1].filename, '請求書.txt')
    return answers.map(([, { id }]) => id)
  }
  t.strictSame(await ids(), await ids())
})

t.test('create by form: uses the last part of a path as the name, and rejects an invalid name', async t => {
  const rig = await build(t)
  const session = await newSession(rig)
  for (const [n, filename] of ['../../etc/note.txt', '/etc/note.txt', 'C:\\temp\\note.txt'].entries()) {
    t.match(await send(rig, session, form([{ ...NOTE, filename, data: String(n) }])), [201, { filename: 'note.txt' }], filename)
  }
  for (const filename of ['', '..', 'a\u0007b.txt', `${'x'.repeat(252)}.txt`]) t.strictSame(await send(rig, session, form([{ ...NOTE, filename }])), refusal({ file: `The file name is invalid: ${FILENAME}` }), filename)
})

t.test('create by form: rejects a form without exactly one file, and stores nothing', async t => {
  const rig = await build(t)
  const session = await newSession(rig)
  const attempts: Array<[string, { headers: object, payload: Buffer | string }, Answer]> = [
    ['nothing', form([]), NO_FILE],
    ['no body', { ...form([]), payload: '' }, NO_FILE],
    ['another field', form([{ ...NOTE, name: 'upload' }]), NO_FILE],
    ['a text in its place', form([{ name: 'file', data: 'Total: 5' }]), NO_FILE],
    ['two files', form([NOTE, { ...NOTE, data: 'another' }]), refusal({ file: 'The file field must be one file: send each with a request of its own.' })],
    ['another kind of file', form([{ ...NOTE, filename: 'a.mp4', type: 'video/mp4' }]), refusal({ file: `The file ${UNSUPPORTED}` })],
    ['a type that is none', form([{ ...NOTE, type: 'text' }]), refusal({ file: `The file ${UNSUPPORTED}` })],
    ['no type', form([{ name: 'file', filename: 'a.mp4', type: 'application/octet-stream', data: 'x' }]), refusal({ file: `The file ${UNSUPPORTED}` })],
    ['bytes that tell nothing either', form([{ name: 'file', filename: 'scan', type: 'application/x-foo', data: 'x' }]), refusal({ file: `The file ${UNSUPPORTED}` })],
    ['broken off in the file', form([NOTE], ''), broken('Unexpected end of multipart data')],
    ['broken off before it', form([{ name: 'comment', data: 'x' }], ''), broken('Unexpected end of multipart data')],
    ['broken off behind it', form([NOTE], '--frontier\r\nContent-Disposition: form-da'), broken('Unexpected end of multipart data')],
    ['no form', { ...form([]), payload: 'nonsense' }, broken('Unexpected end of multipart data')],
    ['no boundary', { ...form([NOTE]), headers: { 'content-type': 'multipart/form-data' } }, broken('Multipart: Boundary not found')],
    ['another boundary', { ...form([NOTE]), headers: { 'content-type': 'multipart/form-data; boundary=other' } }, broken('Unexpected end of multipart data')],
    ['many fields', form([...Array.from({ length: 11 }, (_, n) => ({ name: `f${n}`, data: 'x' })), NOTE]), broken('reach fields limit')],
    ['a field that is no JSON', form([{ name: 'more', type: 'application/json', data: '{' }, NOTE]), broken('a request field is not a valid JSON as declared by its Content-Type')],
    ['a field of a dangerous name', form([{ name: '__proto__', data: 'x' }, NOTE]), broken('prototype property is not allowed as field name')]
  ]
  for (const [what, sent, answer] of attempts) t.strictSame(await send(rig, session, sent), answer, what)
  t.strictSame((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [])
})

t.test('create by form: accepts a file of the maximum size, and rejects a larger one', async t => {
  const rig = await build(t, { maxSize: 10, extractor: null })
  const session = await newSession(rig)
  t.match(await send(rig, session, form([{ ...NOTE, data: '0123456789' }])), [201, { filename: 'note.txt' }])
  t.strictSame(await send(rig, session, form([{ ...NOTE, data: '0123456789a' }])), refusal({ file: 'The file must not be larger than 10 bytes.' }))
  t.strictSame(await rig.storedFiles(), [sha256('0123456789')])
})

/** Serves the rig and sends a form to a session, in pieces. */
async function sendOverTheWire (rig: Rig, session: string, pieces: Iterable<Buffer>): Promise<IncomingMessage> {
  const origin = await rig.app.listen({ port: 0, host: '127.0.0.1' })
  const request = httpRequest(`${origin}${urlOf(session)}`, { method: 'POST', headers: { ...FULL, ...form([]).headers } })
  for (const piece of pieces) request.write(piece)
  request.end()
  const [reply] = await once(request, 'response') as [IncomingMessage]
  return reply
}

t.test('create by form: stores nothing of a far too large file, and the response arrives', async t => {
  const rig = await build(t)
  const session = await newSession(rig)
  const { payload } = form([{ ...NOTE, data: Buffer.alloc(5 * 1024 * 1024, 'x') }])
  const reply = await sendOverTheWire(rig, session, Array.from({ length: 80 }, (_, n) => payload.subarray(n * 65_536, (n + 1) * 65_536)).concat(payload.subarray(80 * 65_536)))
  t.strictSame([reply.statusCode, await json(reply)], refusal({ file: 'The file must not be larger than 1048576 bytes.' }))
  t.strictSame(await rig.storedFiles(), [])
})

t.test('create by form: rejects an unsupported type at once, and the response arrives', async t => {
  const rig = await build(t)
  const reply = await sendOverTheWire(rig, await newSession(rig), [form([{ ...NOTE, filename: 'a.mp4', type: 'video/mp4', data: Buffer.alloc(3 * 1024 * 1024) }]).payload])
  t.strictSame([reply.statusCode, await json(reply)], refusal({ file: `The file ${UNSUPPORTED}` }))
})

t.test('create by form: a client that disconnects leaves nothing, and the server goes on', async t => {
  const rig = await build(t)
  const session = await newSession(rig)
  const over = new Promise<void>(resolve => { rig.app.server.once('connection', socket => { socket.once('close', () => { resolve() }) }) })
  const { port, hostname } = new URL(await rig.app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), hostname)
  const { headers, payload } = form([NOTE], '')
  socket.write(`POST ${urlOf(session)} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${FULL.authorization}\r\nContent-Type: ${headers['content-type']}\r\nContent-Length: 10000\r\n\r\n`)
  socket.write(payload)
  await until('the upload begins', async () => (await rig.storedFiles()).length > 0)
  socket.destroy()
  await over
  await until('the file is removed', async () => (await rig.storedFiles()).length === 0)
  t.strictSame((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [])
})

t.test('create by form: hides the details of a disk failure', async t => {
  const rig = await buildWithoutDisk(t)
  t.strictSame(await send(rig, await newSession(rig), form([NOTE])), [500, { message: 'Server Error' }])
})

t.test('session uploads: check permissions before the body', async t => {
  const rig = await build(t)
  const session = await newSession(rig)
  const sendAs = async (headers: object, url = urlOf(session)): Promise<Answer> => {
    const { headers: more, payload } = form([], '')
    const reply = await rig.app.inject({ method: 'POST', url, headers: { ...headers, ...more }, payload })
    return [reply.statusCode, reply.json()]
  }
  t.strictSame(await sendAs({}), [401, { message: 'Unauthenticated.' }])
  t.strictSame(await sendAs(as('read')), NO_ABILITY)
  t.strictSame(await sendAs(as('viewer')), NO_ROLE)
  t.strictSame(await sendAs(as('stranger')), notFound('Session'))
  await findsNone(t, rig, 'POST', `${SESSIONS_URL}/*/documents`, 'Session', NO_UUIDS)
  const reply = await rig.app.inject({ method: 'POST', url: urlOf(session), headers: { ...FULL, 'content-type': 'text/plain' }, payload: 'x' })
  t.equal(reply.statusCode, 415)
})
