import t from 'tap'
import { BATCH_URL, build, FULL, NOON, TEMPLATE, type Rig } from '../helper.ts'
import { until } from '../until.ts'

const NS = '/namespaces/default'
const AUTO = { auto_extract: true }

/** The violations so far, by check. */
async function findings ({ control }: Rig, rule: string): Promise<any[]> {
  return (await control('GET', `${NS}/conduct`)).json().findings.filter((finding: { rule: string }) => finding.rule === rule)
}

async function idle ({ control }: Rig): Promise<void> {
  await control('POST', `${NS}/clock/advance`, { to: 'idle' })
}

t.test('a well-behaved client has no violations', async t => {
  const rig = await build(t, { clock: { mode: 'auto', at: NOON } })
  const { token } = (await rig.control('POST', '/tokens', { abilities: ['sessions-read', 'sessions-write'] })).json()
  const headers = { authorization: `Bearer ${token}` }
  const { key, url, headers: signed } = (await rig.app.inject({ method: 'POST', url: '/vapor/signed-storage-url', headers, payload: { content_type: 'text/plain' } })).json()
  await rig.app.inject({ method: 'PUT', url, headers: signed, payload: 'Total: 8,800.00' })
  const [{ id }] = (await rig.app.inject({ method: 'POST', url: BATCH_URL, headers, payload: { files: [key], settings: AUTO } })).json()
  let result: any
  await until('the result has completed', async () => {
    [result] = (await rig.app.inject({ url: `/extractions/sessions/${id}/results`, headers })).json().data
    return result?.status === 'completed'
  })
  await rig.app.inject({ url: `/extractions/results/${result.id}`, headers })
  const { findings, summary } = (await rig.control('GET', `${NS}/conduct`)).json()
  t.same({ findings, errors: summary.errors, warnings: summary.warnings }, { findings: [], errors: 0, warnings: 0 })
})

t.test('token-sent-to-storage: reports an upload with the token', async t => {
  const rig = await build(t)
  for (let n = 0; n < 2; n++) {
    const { url, headers } = (await rig.call('POST', '/vapor/signed-storage-url', {})).json()
    await rig.app.inject({ method: 'PUT', url, headers: { ...headers, ...FULL }, payload: 'x' })
  }
  const [finding, ...others] = await findings(rig, 'token-sent-to-storage')
  t.match(finding, { severity: 'error', request: 2, method: 'PUT', path: /^\/storage\/default\/tmp\/[^?]+$/, at: '2024-01-15T10:30:00.000Z', message: 'The upload has an Authorization header: send only the headers that were returned with the signed URL.', related: [4] })
  t.same(others, [])
})

t.test('storage: reports what S3 refuses and what differs from the signed URL, and lets it pass', async t => {
  const rig = await build(t)
  const origin = await rig.app.listen({ port: 0, host: '127.0.0.1' })
  const grant = async (body: object): Promise<{ url: string, key: string }> => {
    const { url, key } = (await rig.call('POST', '/vapor/signed-storage-url', body)).json()
    return { key, url: url.replace('http://localhost:80', origin) }
  }
  const put = async (url: string, headers: Record<string, string>, body: RequestInit['body'] = 'x'): Promise<void> => {
    const reply = await fetch(url, { method: 'PUT', headers, body, ...typeof body === 'string' ? {} : { duplex: 'half' } } as RequestInit)
    t.equal(reply.status, 200)
  }
  const { url, key } = await grant({ content_type: 'text/plain; charset=utf-8' })
  for (const type of ['text/plain; charset=utf-8', 'TEXT/PLAIN;charset=UTF-8']) await put(url, { 'content-type': type })
  await put((await grant({})).url, { 'content-type': 'application/octet-stream' })
  t.same(await findings(rig, 'upload-of-another-type'), [])
  t.same(await findings(rig, 'upload-without-length'), [])

  await rig.control('DELETE', `${NS}/requests`)
  for (const type of ['text/plain', 'application/pdf', '', 'text/plain']) await put(url, { 'content-type': type })
  await put(url, { 'content-type': 'text/plain; charset=utf-8' }, new Blob(['x']).stream())
  await rig.app.inject({ method: 'PUT', url: url.replace('X-Amz-Expires=300', 'X-Amz-Expires=999'), payload: 'x' })
  t.same((await findings(rig, 'upload-of-another-type')).map(({ severity, message, related }) => [severity, message, related.length]), [
    ['warning', 'The upload has text/plain where text/plain; charset=utf-8 was asked for: send the returned headers.', 1],
    ['warning', 'The upload has application/pdf where text/plain; charset=utf-8 was asked for: send the returned headers.', 0],
    ['warning', 'The upload has no content type where text/plain; charset=utf-8 was asked for: send the returned headers.', 0]
  ])
  t.match(await findings(rig, 'upload-without-length'), [{ severity: 'error', method: 'PUT', message: 'The upload has no Content-Length header: S3 answers 411.', related: [] }])

  const { document: { id } } = (await rig.call('POST', '/workspaces/1/documents', { key })).json()
  const download = (await rig.call('GET', `/extractions/documents/${id}/url`)).json().url
  await rig.control('DELETE', `${NS}/requests`)
  t.equal((await rig.app.inject({ url: download })).statusCode, 200)
  t.equal((await rig.app.inject({ method: 'HEAD', url: `${download}0` })).statusCode, 403)
  t.same(await findings(rig, 'head-on-signed-url'), [])
  t.equal((await rig.app.inject({ url: download, headers: FULL })).statusCode, 200)
  t.equal((await rig.app.inject({ method: 'HEAD', url: download })).statusCode, 200)
  t.match(await findings(rig, 'token-sent-to-storage'), [{ severity: 'error', method: 'GET', message: 'The download has an Authorization header: S3 refuses it beside a signed URL.' }])
  t.match(await findings(rig, 'head-on-signed-url'), [{ severity: 'error', method: 'HEAD', message: 'The URL was signed for GET: S3 answers HEAD with 403.' }])
})

t.test('retried-too-early: reports a retry before Retry-After, on either clock', async t => {
  const rig = await build(t)
  const refuse = async (retryAfter: string): Promise<void> => {
    await rig.control('POST', `${NS}/faults`, { match: {}, status: 429, headers: { 'Retry-After': retryAfter }, times: 1 })
    await rig.call('GET', '/extractions/sessions/x')
  }
  await refuse('30')
  await rig.call('GET', '/extractions/sessions/x?again')
  const message = 'The request was repeated too early: the response said Retry-After: 30.'
  t.same(await findings(rig, 'retried-too-early'), [{ rule: 'retried-too-early', severity: 'error', request: 2, method: 'GET', path: '/extractions/sessions/x', at: '2024-01-15T10:30:00.000Z', message, related: [1] }])

  await rig.control('DELETE', `${NS}/requests`)
  await refuse('30')
  await rig.clock.advanceTo((await rig.clock.now()) + 30_000)
  await rig.call('GET', '/extractions/sessions/x')
  await refuse('0')
  await rig.call('GET', '/extractions/sessions/x')
  await refuse('soon')
  await rig.call('GET', '/extractions/sessions/x')
  await refuse('30')
  await rig.call('GET', '/extractions/sessions/y')
  await rig.app.inject({ url: '/extractions/sessions/x', headers: { authorization: 'Bearer rd_test_read' } })
  t.same(await findings(rig, 'retried-too-early'), [])

  await rig.control('DELETE', `${NS}/requests`)
  await refuse(new Date((await rig.clock.now()) + 5_000).toUTCString())
  await rig.call('GET', '/extractions/sessions/x')
  t.equal((await findings(rig, 'retried-too-early')).length, 1, 'Retry-After can be a date')
})

t.test('polled-after-the-end: allows one poll after the end and reports further ones', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'], AUTO)
  const url = `/extractions/sessions/${id}/results`
  for (let n = 0; n < 5; n++) await rig.call('GET', url)
  await idle(rig)
  for (let n = 0; n < 2; n++) await rig.call('GET', url)
  t.same(await findings(rig, 'polled-after-the-end'), [])
  for (let n = 0; n < 2; n++) await rig.call('GET', url)
  t.same(await findings(rig, 'polled-after-the-end'), [{
    rule: 'polled-after-the-end',
    severity: 'error',
    request: 9,
    method: 'GET',
    path: url,
    at: '2024-01-15T10:31:52.000Z',
    message: `${url} was polled after it had completed or failed.`,
    related: [10]
  }])
})

t.test('polled-after-the-end: covers sessions, results and documents; another run resets it', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'])
  const [failed = ''] = await rig.create(['tmp/mock-parse-failed.pdf'])
  const [document, failedDocument] = [await rig.documentOf(id), await rig.documentOf(failed)]
  const read = async (...paths: string[]): Promise<void> => {
    for (const path of paths) for (let n = 0; n < 3; n++) await rig.call('GET', `/extractions/${path}`)
  }
  await idle(rig)
  await read(`sessions/${id}`, `sessions/${id}/results`, `documents/${document}`)
  t.same(await findings(rig, 'polled-after-the-end'), [], 'the session still waits for batch execute')
  await rig.call('POST', `${BATCH_URL}/execute`, { session_ids: [id] })
  await read(`sessions/${id}`)
  await idle(rig)
  const [{ id: result }] = (await rig.call('GET', `/extractions/sessions/${id}/results`)).json().data
  const over = [`sessions/${id}`, `results/${result}`, `documents/${document}`, `sessions/${failed}`, `documents/${failedDocument}`]
  await read(...over)
  t.same((await findings(rig, 'polled-after-the-end')).map(({ path }) => path), over.map(path => `/extractions/${path}`))
  await rig.control('DELETE', `${NS}/requests`)
  await read(...over.slice(1, 3))
  await rig.control('POST', `${NS}/reset`)
  t.equal((await rig.control('GET', `${NS}/conduct`)).json().summary.requests, 0, 'a reset forgets the journal')
})

t.test('same-batch-twice: reports a repeated batch', async t => {
  const rig = await build(t)
  await rig.create(['tmp/a.pdf'], AUTO)
  await rig.create(['tmp/a.pdf'])
  await rig.call('POST', BATCH_URL, { files: [] })
  await rig.call('POST', BATCH_URL, { files: [] })
  t.same(await findings(rig, 'same-batch-twice'), [])
  await rig.app.inject({ method: 'POST', url: BATCH_URL.replace(TEMPLATE, TEMPLATE.toUpperCase()), headers: FULL, payload: { settings: AUTO, files: ['tmp/a.pdf'] } })
  t.same((await findings(rig, 'same-batch-twice')).map(({ request, message, related }) => [request, message, related]), [[5, 'The batch repeats an earlier one: its sessions already exist.', [1]]])
})

t.test('same-batch-twice: allows a repeat of a batch whose response was altered by a fault', async t => {
  const rig = await build(t)
  await rig.control('POST', `${NS}/faults`, { match: {}, malformed: true, times: 1 })
  await rig.call('POST', BATCH_URL, { files: ['tmp/a.pdf'] })
  await rig.create(['tmp/a.pdf'])
  t.same(await findings(rig, 'same-batch-twice'), [])
})

t.test('same-batch-twice: ignores bodies that the journal truncated', async t => {
  const rig = await build(t)
  const files = Array.from({ length: 50 }, (_, n) => `tmp/${'x'.repeat(200)}${n}`)
  for (let n = 0; n < 2; n++) await rig.create(files)
  t.same(await findings(rig, 'same-batch-twice'), [])
})

t.test('executed-after-auto-extract: reports runs that started automatically, unless they failed', async t => {
  const rig = await build(t)
  const [good = ''] = await rig.create(['tmp/a.pdf'], AUTO)
  const [bad = ''] = await rig.create(['tmp/mock-extract-failed.pdf'], AUTO)
  const [manual = ''] = await rig.create(['tmp/b.pdf'])
  await idle(rig)
  await rig.call('POST', `${BATCH_URL}/execute`, { session_ids: [bad, manual] })
  await rig.call('POST', `${BATCH_URL}/execute`, { session_ids: 'x' })
  t.same(await findings(rig, 'executed-after-auto-extract'), [])
  await rig.call('POST', `${BATCH_URL}/execute`, { session_ids: [bad, good.toUpperCase()] })
  t.same((await findings(rig, 'executed-after-auto-extract')).map(({ request, message }) => [request, message]), [[6, `Sessions with auto_extract were executed and now have a second run: ${good}.`]])
})

t.test('ability-not-needed: warns about unused abilities', async t => {
  const rig = await build(t)
  await rig.call('POST', '/vapor/signed-storage-url', {})
  t.match(await findings(rig, 'ability-not-needed'), [{ severity: 'warning', request: 1, message: 'The token rd_test_full has every ability; its client needs: none.' }])
  await rig.create(['tmp/a.pdf'])
  t.match(await findings(rig, 'ability-not-needed'), [{ request: 2, message: 'The token rd_test_full has every ability; its client needs: sessions-write.' }])
  await rig.control('DELETE', `${NS}/requests`)
  const { token } = (await rig.control('POST', '/tokens', { name: 'ci', abilities: ['sessions-read', 'templates-read', 'documents-read'] })).json()
  const [id] = await rig.create(['tmp/a.pdf'])
  await rig.control('DELETE', `${NS}/requests`)
  await rig.app.inject({ url: '/extractions/sessions/x', headers: { authorization: `Bearer ${token}` } })
  t.same(await findings(rig, 'ability-not-needed'), [], 'no request has succeeded yet')
  await rig.app.inject({ url: `/extractions/sessions/${id}`, headers: { authorization: `Bearer ${token}` } })
  t.match(await findings(rig, 'ability-not-needed'), [{ message: 'The token ci has abilities that its client does not need: templates-read, documents-read.' }])
})

t.test('unknown-body-field: warns about unknown fields, once for equal requests', async t => {
  const rig = await build(t)
  for (let n = 0; n < 2; n++) await rig.call('POST', BATCH_URL, { files: ['tmp/a.pdf', {}], setting: {}, settings: { auto_extract: true, autoExtract: true, toString: 1 } })
  await rig.call('POST', BATCH_URL, [1])
  await rig.call('POST', BATCH_URL, { files: [{ key: 1 }], settings: null })
  await rig.app.inject({ method: 'POST', url: BATCH_URL, headers: { ...FULL, 'content-type': 'application/json' }, payload: '{"setting' })
  await rig.app.inject({ method: 'POST', url: BATCH_URL, headers: { ...FULL, 'content-type': 'application/json' }, payload: '5' })
  t.same((await findings(rig, 'unknown-body-field')).map(({ request, message, related }) => [request, message, related]), [[1, 'The body has fields that the API does not know: setting, settings.autoExtract, settings.toString.', [2]]])
})
