import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { BATCH_URL, build, buildWithoutDisk, FULL, NOON, READ, type Rig } from '../helper.ts'
import { until } from '../until.ts'

interface Grant { uuid: string, key: string, url: string, headers: Record<string, string> }

const MISMATCH = 'The request signature we calculated does not match the signature you provided. Send the URL unchanged, with the headers that were returned with it.'

/** A rig that stores uploads in a folder of the test. */
async function buildIn (t: Test, options: Parameters<typeof build>[1] = {}): Promise<Rig & { grant: (body?: object) => Promise<Grant> }> {
  const rig = await build(t, options)
  return {
    ...rig,
    grant: async body => (await rig.call('POST', '/vapor/signed-storage-url', body ?? {})).json<Grant>()
  }
}

async function put ({ app }: Rig, { url, headers }: Pick<Grant, 'url' | 'headers'>, payload: string | Buffer, more: Record<string, string> = {}): Promise<{ status: number, body: string, etag: unknown }> {
  const reply = await app.inject({ method: 'PUT', url, headers: { ...headers, ...more }, payload })
  return { status: reply.statusCode, body: reply.body.replace(String(reply.headers['x-request-id']), '<id>'), etag: reply.headers['etag'] }
}

function refusal (status: number, code: string, message: string): object {
  return { status, body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId><id></RequestId></Error>`, etag: undefined }
}

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')

t.test('returns a URL for one key', async t => {
  const { call } = await buildIn(t)
  const reply = await call('POST', '/vapor/signed-storage-url', { content_type: 'application/pdf', visibility: 'private' })
  t.equal(reply.statusCode, 200)
  const { uuid, url } = reply.json<Grant>()
  t.same(reply.json(), { uuid, key: `tmp/${uuid}`, url, headers: { 'Content-Type': 'application/pdf' } })
  t.match(url, new RegExp(`^http://localhost:80/storage/default/tmp/${uuid}\\?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20240115T103000Z&X-Amz-Expires=300&X-Amz-SignedHeaders=host&content_type=application%2Fpdf&X-Amz-Signature=[0-9a-f]{64}$`))
})

t.test('requires a token but no ability, and accepts an empty body', async t => {
  const { app } = await buildIn(t)
  t.equal((await app.inject({ method: 'POST', url: '/vapor/signed-storage-url' })).statusCode, 401)
  const reply = await app.inject({ method: 'POST', url: '/vapor/signed-storage-url', headers: READ })
  t.equal(reply.statusCode, 200)
  t.same(reply.json().headers, { 'Content-Type': 'application/octet-stream' })
})

t.test('returns the same URLs under the same seed, and never the same URL twice', async t => {
  const [first, second] = await Promise.all([buildIn(t), buildIn(t)])
  t.same(await first.grant(), await second.grant())
  t.not((await first.grant()).key, (await second.grant({ content_type: 'image/png' })).key)
  t.not((await first.grant()).key, (await first.grant()).key)
})

t.test('URLs begin with the public URL if one is configured', async t => {
  const { grant } = await buildIn(t, { publicUrl: 'https://mock.example.org/raydocs' })
  t.match((await grant()).url, /^https:\/\/mock\.example\.org\/raydocs\/storage\/default\/tmp\//)
})

t.test('rejects invalid bodies', async t => {
  const { call } = await buildIn(t)
  const reply = await call('POST', '/vapor/signed-storage-url', { content_type: 5, visibility: true, filename: '../x' })
  t.equal(reply.statusCode, 422)
  t.same(reply.json().errors, {
    content_type: ['The content_type field must be a string.'],
    visibility: ['The visibility field must be a string.'],
    filename: ['The filename field format is invalid: send a name such as invoice.pdf, at most 255 characters, without a path or control characters.']
  })
})

t.test('an uploaded file becomes a document with its size, digest, type and name', async t => {
  const rig = await buildIn(t)
  const pdf = Buffer.concat([Buffer.from('%PDF-1.4\n'), randomBytes(300_000)])
  const grant = await rig.grant({ content_type: 'application/pdf', filename: 'Rechnung März.pdf' })
  t.same(await put(rig, grant, pdf), { status: 200, body: '', etag: `"${sha256(pdf)}"` })
  t.same(await rig.storedFiles(), [sha256(pdf)])
  const [id] = await rig.create([grant.key])
  const { documents: [document] } = (await rig.call('GET', `/extractions/sessions/${id}`)).json()
  t.match(document, { filename: 'Rechnung März.pdf', mime: 'application/pdf', size: pdf.length, sha256: sha256(pdf), meta: { file_size: pdf.length } })
  await rig.clock.advanceTo(NOON + 1_000)
  t.equal((await rig.call('GET', `/extractions/sessions/${id}`)).json().name, 'Rechnung März.pdf')
})

t.test('the name in Content-Disposition overrides the requested one; without either the key gives the name', async t => {
  const rig = await buildIn(t)
  const nameOf = async (grant: Grant, header?: string): Promise<string> => {
    t.equal((await put(rig, grant, 'x', header === undefined ? {} : { 'content-disposition': header })).status, 200)
    const [id] = await rig.create([grant.key])
    return (await rig.call('GET', `/extractions/sessions/${id}`)).json().documents[0].filename
  }
  t.equal(await nameOf(await rig.grant({ filename: 'a.pdf' }), 'attachment; filename="b.pdf"'), 'b.pdf')
  t.equal(await nameOf(await rig.grant(), 'attachment; filename*=UTF-8\'\'%e2%82%ac.pdf'), '€.pdf')
  t.equal(await nameOf(await rig.grant({ filename: 'a.pdf' }), 'attachment'), 'a.pdf')
  const nameless = await rig.grant()
  t.equal(await nameOf(nameless), nameless.uuid)
})

t.test('reads names beyond ASCII, and loses no upload to a broken Content-Disposition', async t => {
  const rig = await buildIn(t)
  const nameAfter = async (header: string): Promise<string> => {
    const grant = await rig.grant({ filename: 'asked.pdf' })
    // Node.js writes each character of a header as one byte.
    t.equal((await put(rig, grant, 'x', { 'content-disposition': Buffer.from(header).toString('latin1') })).status, 200, header)
    const [id] = await rig.create([grant.key])
    return (await rig.call('GET', `/extractions/sessions/${id}`)).json().documents[0].filename
  }
  t.equal(await nameAfter('attachment; filename="Rechnung März.pdf"'), 'Rechnung März.pdf')
  for (const header of ['"', '', 'attachment; filename=', 'attachment; filename="../b.pdf"', `attachment; filename="${'x'.repeat(256)}"`]) t.equal(await nameAfter(header), 'asked.pdf', header)
})

t.test('accepts any content type, a malformed one too; the one that was asked for counts', async t => {
  const rig = await buildIn(t)
  const types = [undefined, '', 'application/x-www-form-urlencoded', 'application/pdf; charset=utf-8', 'APPLICATION/PDF', 'image/png', 'pdf', 'multipart/form-data; boundary=x', 'application/json', ', ;']
  for (const type of types) {
    for (const payload of ['%PDF-1.4', '']) {
      const { url, key } = await rig.grant({ content_type: 'application/pdf' })
      t.same(await put(rig, { url, headers: type === undefined ? {} : { 'content-type': type } }, payload), { status: 200, body: '', etag: `"${sha256(payload)}"` }, `${type}: ${payload}`)
      const [id] = await rig.create([key])
      t.match((await rig.call('GET', `/extractions/sessions/${id}`)).json().documents, [{ mime: 'application/pdf', size: payload.length }])
    }
  }
})

t.test('a blank or null field is as if absent, and texts are trimmed', async t => {
  const rig = await buildIn(t)
  const headersFor = async (body: object): Promise<object> => (await rig.grant(body)).headers
  const octets = { 'Content-Type': 'application/octet-stream' }
  for (const blank of ['', null, '  ', ' \t\r\n']) t.same(await headersFor({ content_type: blank, visibility: blank, filename: blank }), octets, JSON.stringify(blank))
  t.same(await headersFor({ content_type: ' image/png ', visibility: ' public ' }), { 'Content-Type': 'image/png' })
  for (const type of ['pdf', 'application/pdf\r\nX: y', 'a/b/c', '/', 'application/é', 'application/']) {
    const reply = await rig.call('POST', '/vapor/signed-storage-url', { content_type: type })
    t.same([reply.statusCode, reply.json().errors], [422, { content_type: ['The content_type field must be a media type such as application/pdf.'] }], type)
  }
})

t.test('checks the digests that an upload states, and keeps nothing of one that has others', async t => {
  const rig = await buildIn(t)
  const digest = (algorithm: string, bytes: string): string => createHash(algorithm).update(bytes).digest('base64')
  const checks: Array<[header: string, name: string, right: string, wrong: string]> = [
    ['content-md5', 'Content-MD5', digest('md5', '123456789'), digest('md5', 'x')],
    ['x-amz-checksum-sha256', 'SHA256', digest('sha256', '123456789'), digest('sha256', 'x')],
    ['x-amz-checksum-sha1', 'SHA1', digest('sha1', '123456789'), digest('sha1', 'x')],
    ['x-amz-checksum-crc32', 'CRC32', Buffer.from('cbf43926', 'hex').toString('base64'), 'AAAAAA=='],
    ['x-amz-checksum-crc32c', 'CRC32C', Buffer.from('e3069283', 'hex').toString('base64'), 'AAAAAA==']
  ]
  const grant = await rig.grant()
  for (const [header, name, right, wrong] of checks) {
    t.same(await put(rig, grant, '123456789', { [header]: wrong }), refusal(400, 'BadDigest', `The ${name} you specified did not match what we received.`))
    for (const nonsense of ['', 'x', right.slice(0, -4), `${right}AAAA`, Buffer.from(right, 'base64').toString('hex')]) {
      t.same(await put(rig, grant, '123456789', { [header]: nonsense }), refusal(400, 'InvalidDigest', `The ${name} you specified was invalid.`), `${header}: ${nonsense}`)
    }
    t.same(await rig.storedFiles(), [])
  }
  const right = Object.fromEntries(checks.map(([header, , right]) => [header, right]))
  t.same(await put(rig, grant, '123456789', right), { status: 200, body: '', etag: `"${sha256('123456789')}"` })
})

t.test('a second PUT to the same URL replaces the file', async t => {
  const rig = await buildIn(t)
  const grant = await rig.grant()
  await put(rig, grant, 'first')
  const [before] = await rig.create([grant.key])
  await put(rig, grant, 'second')
  const [after] = await rig.create([grant.key])
  const digest = async (id?: string): Promise<string> => (await rig.call('GET', `/extractions/sessions/${id}`)).json().documents[0].sha256
  t.equal(await digest(before), sha256('first'))
  t.equal(await digest(after), sha256('second'))
})

t.test('rejects forged and altered URLs as S3 does', async t => {
  const rig = await buildIn(t)
  const grant = await rig.grant({ content_type: 'application/pdf', filename: 'a.pdf' })
  const altered = (change: (url: URL) => void): Grant => {
    const url = new URL(grant.url)
    change(url)
    return { ...grant, url: url.href }
  }
  const refused = refusal(403, 'SignatureDoesNotMatch', MISMATCH)
  const changes: Array<(url: URL) => void> = [
    url => { url.pathname += '0' },
    url => { url.pathname = url.pathname.replace('default', 'other') },
    url => { url.searchParams.set('X-Amz-Date', '20240115T103001Z') },
    url => { url.searchParams.set('X-Amz-Date', 'tomorrow') },
    url => { url.searchParams.set('X-Amz-Signature', '0'.repeat(64)) },
    url => { url.searchParams.set('X-Amz-Signature', '0') },
    url => { url.searchParams.append('X-Amz-Signature', '0') },
    url => { url.searchParams.delete('X-Amz-Signature') },
    url => { url.searchParams.delete('X-Amz-Date') },
    url => { url.searchParams.set('filename', 'b.pdf') },
    url => { url.searchParams.append('filename', 'b.pdf') },
    url => { url.searchParams.delete('filename') },
    url => { url.searchParams.set('X-Amz-Expires', '3600') },
    url => { url.searchParams.delete('X-Amz-Expires') },
    url => { url.searchParams.set('X-Amz-SignedHeaders', 'host;content-type') },
    url => { url.searchParams.set('X-Amz-Algorithm', 'none') },
    url => { url.searchParams.append('X-Amz-Algorithm', 'AWS4-HMAC-SHA256') },
    url => { url.searchParams.set('content_type', 'image/png') },
    url => { url.searchParams.append('x', '') },
    url => { url.search = '' }
  ]
  for (const change of changes) t.same(await put(rig, altered(change), 'x'), refused, String(change))
  const backwards = altered(url => { url.search = String(new URLSearchParams([...url.searchParams].reverse())) })
  const escaped = altered(url => { url.search = url.search.slice(1).replaceAll(/%..|[A-Za-z]/g, text => text.startsWith('%') ? text : `%${text.charCodeAt(0).toString(16)}`) })
  for (const same of [backwards, escaped, altered(url => { url.search += '&' }), grant]) t.equal((await put(rig, same, 'x')).status, 200, same.url)
})

t.test('a URL expires after five minutes', async t => {
  const rig = await buildIn(t)
  const grant = await rig.grant()
  await rig.clock.advanceTo(NOON + 299_999)
  t.equal((await put(rig, grant, 'x')).status, 200)
  await rig.clock.advanceTo(NOON + 300_000)
  t.same(await put(rig, grant, 'x'), refusal(403, 'AccessDenied', 'Request has expired'))
})

/** Serves the rig and PUTs to the URL of the grant; `send` writes the body. */
async function putOverTheWire (rig: Rig, grant: Grant, headers: Record<string, string>, send: (request: ReturnType<typeof httpRequest>) => void): Promise<IncomingMessage> {
  const origin = await rig.app.listen({ port: 0, host: '127.0.0.1' })
  const { pathname, search } = new URL(grant.url)
  const request = httpRequest(`${origin}${pathname}${search}`, { method: 'PUT', headers: { ...grant.headers, ...headers } })
  send(request)
  const [reply] = await once(request, 'response') as [IncomingMessage]
  return reply
}

t.test('rejects a too large Content-Length before the body, and stores nothing', async t => {
  const rig = await buildIn(t, { maxSize: 10, extractor: null })
  const grant = await rig.grant()
  t.equal((await put(rig, grant, '0123456789')).status, 200)
  t.same(await put(rig, grant, '0123456789a'), refusal(413, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size of 10 bytes.'))
  t.same(await rig.storedFiles(), [sha256('0123456789')])
})

t.test('rejects a file that turns out to be too large, and the response arrives', async t => {
  const rig = await buildIn(t, { maxSize: 1_000_000, extractor: null })
  const reply = await putOverTheWire(rig, await rig.grant(), { 'transfer-encoding': 'chunked' }, request => {
    for (let sent = 0; sent < 3_000_000; sent += 100_000) request.write(Buffer.alloc(100_000))
    request.end()
  })
  t.equal(reply.statusCode, 413)
  t.match(await text(reply), /<Code>EntityTooLarge<\/Code>/)
  t.same(await rig.storedFiles(), [])
})

t.test('an upload that breaks off leaves nothing, and the server goes on', async t => {
  const rig = await buildIn(t)
  const grant = await rig.grant()
  const over = new Promise<void>(resolve => { rig.app.server.once('connection', socket => { socket.once('close', () => { resolve() }) }) })
  const origin = new URL(await rig.app.listen({ port: 0, host: '127.0.0.1' }))
  const { pathname, search } = new URL(grant.url)
  const socket = connect(Number(origin.port), origin.hostname)
  socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000\r\n\r\nhalf a fi`)
  await until('the upload begins', async () => (await rig.storedFiles()).some(name => name.endsWith('.incoming')))
  socket.destroy()
  await over
  await until('the file is removed', async () => (await rig.storedFiles()).length === 0)
  t.same(await rig.storedFiles(), [])
  const reply = await rig.call('POST', BATCH_URL, { files: [grant.key] })
  const { documents: [document] } = (await rig.call('GET', `/extractions/sessions/${reply.json()[0].id}`)).json()
  t.not(document.size, 1000, 'nothing was uploaded')
})

t.test('hides the details of a disk failure', async t => {
  const rig = await buildWithoutDisk(t)
  const grant = (await rig.call('POST', '/vapor/signed-storage-url', {})).json()
  t.same(await put(rig, grant, 'x'), refusal(500, 'InternalError', 'Server Error'))
})

t.test('answers 507 on a full disk', async t => {
  for (const code of ['ENOSPC', 'EDQUOT', 'EFBIG']) {
    const full = async (): Promise<never> => { throw Object.assign(new Error('no space'), { code }) }
    const rig = await buildIn(t, { receiver: { maxSize: 1024, receive: full, textOf: full } })
    t.same(await put(rig, await rig.grant(), 'x'), refusal(507, 'InsufficientStorage', 'The server has no space left for the file: make room, and send it again.'))
  }
})

t.test('rejects other methods and paths as S3 does', async t => {
  const rig = await buildIn(t)
  const { url } = await rig.grant()
  const ask = async (method: 'GET' | 'POST' | 'DELETE', url: string): Promise<object> => {
    const { statusCode: status, headers, body } = await rig.app.inject({ method, url, headers: FULL })
    return { status, allow: headers.allow, type: headers['content-type'], body: body.replace(String(headers['x-request-id']), '<id>') }
  }
  const answer = (status: number, code: string, message: string, allow?: string): object =>
    ({ status, allow, type: 'application/xml', body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId><id></RequestId></Error>` })
  for (const method of ['GET', 'POST', 'DELETE'] as const) {
    t.same(await ask(method, url), answer(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', 'PUT'), method)
  }
  t.same(await ask('GET', '/storage/default/other/x'), answer(404, 'NoSuchKey', 'The specified key does not exist.'))
  t.equal((await rig.app.inject({ method: 'OPTIONS', url })).statusCode, 204)
})
