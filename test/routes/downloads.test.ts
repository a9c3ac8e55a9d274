import { rmSync } from 'node:fs'
import t, { type Test } from 'tap'
import { build, NOON, READ, type Rig } from '../helper.ts'

const NS = '/namespaces/default'
const BYTES = '%PDF-1.4 some bytes'

/** A rig with an uploaded file and a session for it. */
async function uploaded (t: Test): Promise<Rig & { document: string, get: (url: string, headers?: object) => Promise<{ status: number, headers: Record<string, unknown>, body: string }> }> {
  const rig = await build(t)
  const { key, url, headers } = (await rig.call('POST', '/vapor/signed-storage-url', { content_type: 'application/pdf', filename: '請求書.pdf' })).json()
  await rig.app.inject({ method: 'PUT', url, headers, payload: BYTES })
  const [id = ''] = await rig.create([key])
  return {
    ...rig,
    document: id.replace(/0(...)$/, '1$1'),
    async get (url, headers = {}) {
      const reply = await rig.app.inject({ url, headers: { ...headers } })
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
  t.match(await rig.get(url, { range: 'bytes=1-3' }), { status: 206, headers: { 'content-range': `bytes 1-3/${BYTES.length}`, 'content-length': '3' }, body: 'PDF' })
  t.match(await rig.get(url, { range: 'bytes=1000-' }), refusal(416, 'InvalidRange', 'The requested range is not satisfiable'))
  const head = await rig.app.inject({ method: 'HEAD', url })
  t.same([head.statusCode, head.headers['content-length'], head.body], [200, String(BYTES.length), ''])
})

t.test('rejects a forged URL', async t => {
  const rig = await uploaded(t)
  const url = await urlOf(rig, rig.document)
  const mismatch = refusal(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided. Send the URL unchanged.')
  for (const forged of [url.split('?')[0] ?? '', url.replace(/.$/, ''), url.replace(/(...)\?/, 'fff?'), url.replace('/default/', '/other/'), url.replace('103000', '113000'), url.replace(/X-Amz-Date=\w+/, 'X-Amz-Date=soon')]) {
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
