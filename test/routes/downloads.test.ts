import { rmSync } from 'node:fs'
import t, { type Test } from 'tap'
import { build, NOON, READ, type Rig } from '../helper.ts'

const NS = '/namespaces/default'
const BYTES = '%PDF-1.4 some bytes'

/** A rig with an uploaded file and a session for it. */
async function uploaded (t: Test): Promise<Rig & { document: string, get: (url: string, headers?: object, method?: 'GET' | 'HEAD') => Promise<{ status: number, headers: Record<string, unknown>, body: string }> }> {
  const rig = await build(t)
  const { key, url, headers } = (await rig.call('POST', '/vapor/signed-storage-url', { content_type: 'application/pdf', filename: '請求書.pdf' })).json()
  await rig.app.inject({ method: 'PUT', url, headers, payload: BYTES })
  const [id = ''] = await rig.create([key])
  return {
    ...rig,
    document: id.replace(/0(...)$/, '1$1'),
    async get (url, headers = {}, method = 'GET') {
      const reply = await rig.app.inject({ method, url, headers: { ...headers } })
      return { status: reply.statusCode, headers: reply.headers, body: reply.body.replace(String(reply.headers['x-request-id']), '<id>') }
    }
  }
}

async function urlOf ({ call }: Rig, document: string): Promise<string> {
  return (await call('GET', `/extractions/documents/${document}/url`)).json().url
}

function refusal (status: number, code: string, message: string): object {
  return { status, body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId><id></RequestId></Error>` }
}

t.test('the download URL of a document serves the uploaded bytes for ten minutes', async t => {
  const rig = await uploaded(t)
  const reply = await rig.call('GET', `/extractions/documents/${rig.document.toUpperCase()}/url`)
  t.equal(reply.statusCode, 200)
  const { url } = reply.json()
  t.same(reply.json(), { url, expires_at: '2024-01-15T10:40:00Z' })
  t.match(url, new RegExp(`^http://localhost:80/storage/default/documents/${rig.document}\\?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20240115T103000Z&X-Amz-Expires=600&X-Amz-SignedHeaders=host&X-Amz-Signature=[0-9a-f]{64}$`))
  await rig.clock.advanceTo(NOON + 599_999)
  t.match(await rig.get(url), {
    status: 200,
    headers: { 'content-type': 'application/pdf', 'content-length': String(BYTES.length), 'accept-ranges': 'bytes', etag: /^"[0-9a-f]{64}"$/, 'content-disposition': 'inline; filename="???.pdf"; filename*=UTF-8\'\'%E8%AB%8B%E6%B1%82%E6%9B%B8.pdf' },
    body: BYTES
  })
  await rig.clock.advanceTo(NOON + 600_000)
  t.match(await rig.get(url), refusal(403, 'AccessDenied', 'Request has expired'))
})

t.test('serves byte ranges, and answers 416 beyond the end', async t => {
  const rig = await uploaded(t)
  const url = await urlOf(rig, rig.document)
  const size = BYTES.length
  const ranges = { 'bytes=1-3': [1, 3], 'bytes=10-': [10, size - 1], 'bytes=-5': [size - 5, size - 1], 'bytes=0-999': [0, size - 1], 'bytes=-999': [0, size - 1], 'BYTES= 0-0 ': [0, 0] }
  for (const [range, [start = 0, end = 0]] of Object.entries(ranges)) {
    const headers = { 'content-range': `bytes ${start}-${end}/${size}`, 'content-length': String(end - start + 1) }
    t.match(await rig.get(url, { range }), { status: 206, headers, body: BYTES.slice(start, end + 1) }, range)
    t.match(await rig.get(url, { range }, 'HEAD'), { status: 206, headers, body: '' }, `HEAD ${range}`)
  }
  for (const range of [`bytes=${size}-`, 'bytes=1000-', 'bytes=-0', 'bytes=99999999999999999999-']) {
    t.match(await rig.get(url, { range }), { ...refusal(416, 'InvalidRange', 'The requested range is not satisfiable'), headers: { 'content-range': `bytes */${size}`, etag: undefined } }, range)
  }
  for (const range of ['', 'bytes', 'bytes=', 'bytes=-', 'bytes=3-1', 'bytes=a-b', 'bytes=1-b', 'items=0-1', 'bytes=0-1,3-4', 'bytes=1.5-2']) {
    t.match(await rig.get(url, { range }), { status: 200, headers: { 'content-length': String(size), 'content-range': undefined }, body: BYTES }, range)
  }
  t.match(await rig.get(url, {}, 'HEAD'), { status: 200, headers: { 'content-length': String(size), 'content-type': 'application/pdf' }, body: '' })
})

t.test('answers conditional requests by tag and date', async t => {
  const rig = await uploaded(t)
  await rig.clock.advanceTo(NOON + 60_500)
  const url = await urlOf(rig, rig.document)
  const { headers: { etag, 'last-modified': changed } } = await rig.get(url)
  t.equal(changed, 'Mon, 15 Jan 2024 10:30:00 GMT')
  const tag = String(etag)
  const bare = tag.slice(1, -1)
  const earlier = 'Mon, 15 Jan 2024 10:29:59 GMT'
  const past = { 'if-none-match': tag, 'if-modified-since': earlier }
  const cases: ReadonlyArray<readonly [status: number, ...headers: object[]]> = [
    [304, { 'if-none-match': tag }, { 'if-none-match': `W/${tag}` }, { 'if-none-match': '*' }, { 'if-none-match': `"a,b", ${tag}` }, { 'if-none-match': bare }, past],
    [304, { 'if-modified-since': changed }, { 'if-modified-since': 'Monday, 15-Jan-24 10:30:00 GMT' }, { 'if-modified-since': 'Mon Jan 15 10:30:00 2024' }],
    [304, { 'if-match': tag, 'if-none-match': tag }, { 'if-none-match': tag, range: 'bytes=1000-' }],
    [412, { 'if-match': '"other"' }, { 'if-match': `W/${tag}` }, { 'if-match': '"other"', 'if-none-match': tag }, { 'if-unmodified-since': earlier }],
    [200, { 'if-match': tag }, { 'if-match': bare }, { 'if-match': '*' }, { 'if-match': `"other", ${tag}` }, { 'if-match': tag, 'if-unmodified-since': earlier }],
    [200, { 'if-none-match': '"other"' }, { 'if-none-match': '"other"', 'if-modified-since': changed }, { 'if-modified-since': earlier }],
    [200, { 'if-unmodified-since': changed }, { 'if-unmodified-since': 'soon' }, { 'if-modified-since': '2030-01-01' }, { 'if-modified-since': 'Abc, 99 Xyz 2030 00:00:00 GMT' }],
    [206, { range: 'bytes=0-1', 'if-range': tag }, { range: 'bytes=0-1', 'if-range': bare }, { range: 'bytes=0-1', 'if-range': changed }, { range: 'bytes=0-1', 'if-match': tag }],
    [200, { range: 'bytes=0-1', 'if-range': '"other"' }, { range: 'bytes=0-1', 'if-range': `W/${tag}` }, { range: 'bytes=0-1', 'if-range': earlier }, { range: 'bytes=1000-', 'if-range': '"other"' }]
  ]
  const bodies: Record<number, string> = { 200: BYTES, 206: BYTES.slice(0, 2), 304: '' }
  for (const [status, ...list] of cases) {
    for (const headers of list) {
      const answer = status === 412
        ? refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
        : { status, headers: { etag, 'last-modified': changed }, body: bodies[status] }
      t.match(await rig.get(url, headers), answer, JSON.stringify(headers))
      t.match(await rig.get(url, headers, 'HEAD'), { status, body: '' }, `HEAD ${JSON.stringify(headers)}`)
    }
  }
})

t.test('downloads have a name in ASCII too, and run no scripts', async t => {
  const rig = await build(t)
  const headersOf = async (filename: string): Promise<object> => {
    const { key, url, headers } = (await rig.call('POST', '/vapor/signed-storage-url', { content_type: 'image/svg+xml', filename })).json()
    await rig.app.inject({ method: 'PUT', url, headers, payload: '' })
    const { document: { id } } = (await rig.call('POST', '/workspaces/1/documents', { key, filename })).json()
    const reply = await rig.app.inject((await rig.call('GET', `/extractions/documents/${id}/url`)).json().url)
    t.same([reply.statusCode, reply.body, reply.headers['content-length']], [200, '', '0'])
    return reply.headers
  }
  t.match(await headersOf('Rechnung März.pdf'), {
    'content-disposition': 'inline; filename="Rechnung Marz.pdf"; filename*=UTF-8\'\'Rechnung%20M%C3%A4rz.pdf',
    'x-content-type-options': 'nosniff',
    'content-security-policy': 'sandbox'
  })
})

t.test('rejects a forged URL', async t => {
  const rig = await uploaded(t)
  const url = await urlOf(rig, rig.document)
  const mismatch = refusal(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided. Send the URL unchanged.')
  for (const forged of [url.split('?')[0] ?? '', url.replace(/.$/, ''), url.replace(/(...)\?/, 'fff?'), url.replace('/default/', '/other/'), url.replace('103000', '113000'), url.replace(/X-Amz-Date=\w+/, 'X-Amz-Date=soon'), url.replace('600', '6000'), `${url}&x=1`, url.replace('?', '?X-Amz-Expires=600&'), url.replace('X-Amz-SignedHeaders=host&', '')]) {
    t.match(await rig.get(forged), mismatch, forged)
  }
})

t.test('answers 404 if nothing was uploaded or the document was deleted', async t => {
  const rig = await uploaded(t)
  const [id = ''] = await rig.create(['tmp/never.pdf'])
  const never = await urlOf(rig, id.replace(/0(...)$/, '1$1'))
  const gone = refusal(404, 'NoSuchKey', 'The document was deleted, or its bytes were never uploaded.')
  t.match(await rig.get(never), gone)
  const url = await urlOf(rig, rig.document)
  rmSync(await rig.files.folder(), { recursive: true })
  t.match(await rig.get(url), refusal(404, 'NoSuchKey', 'The bytes of the document are not stored on this server.'))
  await rig.control('POST', `${NS}/reset`)
  t.match(await rig.get(url), gone)
  t.equal((await rig.call('GET', `/extractions/documents/${rig.document}/url`)).statusCode, 404)
})

t.test('a fork serves downloads too, and faults apply to them', async t => {
  const rig = await uploaded(t)
  await rig.control('POST', `${NS}/fork`, { as: 'copy' })
  const { url } = (await rig.app.inject({ url: `/extractions/documents/${rig.document}/url`, headers: { ...READ, 'x-mock-namespace': 'copy' } })).json()
  t.match(await rig.get(url), { status: 200, body: BYTES })
  await rig.control('POST', `${NS}/faults`, { match: { path: '/storage/*' }, headers: { 'x-cache': 'hit' } })
  t.match(await rig.get(await urlOf(rig, rig.document)), { status: 200, headers: { 'x-cache': 'hit' }, body: BYTES })
})
