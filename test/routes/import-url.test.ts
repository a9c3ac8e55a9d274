import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { build, buildWithoutDisk, NOON } from '../helper.ts'
import { MISSING, notOf, refusesBadBodies } from './bad-input.ts'
import { ask, get, idle, refusal, run, SESSIONS_URL, sessionOf, sha256, upload } from './files.ts'
import { invoicePdf } from '../samples.ts'

const URL = '/workspaces/1/documents:importUrl'
const UNSUPPORTED = 'The url leads to a file whose format is not supported: send a pdf, docx, doc, pptx, png, jpg, jpeg, tiff or txt file.'

/** Starts another server; resolves to its origin. */
async function serve (t: Test, answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Starts a server that serves one file. */
async function serveFile (t: Test, bytes: string | Buffer, headers: Record<string, string> = {}): Promise<string> {
  return await serve(t, (_, response) => { response.writeHead(200, headers).end(bytes) })
}

t.test('import by URL: answers 201 and the whole document for new bytes', async t => {
  const [rig, origin] = [await build(t), await serveFile(t, 'Total: 5', { 'content-type': 'text/plain; charset=utf-8' })]
  const url = `${origin}/notes/my%20note.txt?token=1`
  const [status, body] = await ask(rig, 'POST', URL, { url }, 'worker')
  const { document: { id } } = body
  t.strictSame([status, body], [201, {
    document: {
      id,
      workspace_id: 1,
      filename: 'my note.txt',
      mime: 'text/plain',
      size: 8,
      sha256: sha256('Total: 5'),
      status: 'uploaded',
      source_type: 'url',
      source_url: url,
      parsings: [],
      meta: { page_count: null, file_size: 8 },
      created_at: '2024-01-15T10:30:00Z'
    },
    dedup: { reused: false, matched_by: null },
    document_ref: {
      kind: 'documentRef',
      documentId: id,
      workspaceId: 1,
      filename: 'my note.txt',
      mime: 'text/plain',
      size: 8,
      sha256: sha256('Total: 5'),
      source: { type: 'url', url },
      createdAt: '2024-01-15T10:30:00Z'
    }
  }])
  const { url: download } = await get(rig, `/workspaces/1/documents/${id}/url`)
  t.equal((await rig.app.inject(download)).body, 'Total: 5')
})

t.test('import by URL: answers 200 for bytes of an existing document, which keeps its first source', async t => {
  const [rig, origin] = [await build(t), await serveFile(t, 'same', { 'content-type': 'text/plain' })]
  const [, first] = await ask(rig, 'POST', URL, { url: `${origin}/a.txt` })
  await rig.clock.advanceTo(NOON + 5_000)
  const reused = [200, { ...first, dedup: { reused: true, matched_by: 'sha256' } }]
  t.strictSame(await ask(rig, 'POST', URL, { url: `${origin}/a.txt` }), reused)
  t.strictSame(await ask(rig, 'POST', URL, { url: `${origin}/b.txt`, filename: 'c.txt' }), reused)
  t.strictSame(await ask(rig, 'POST', '/workspaces/1/documents', { key: await upload(rig, 'same') }), reused)
})

t.test('import by URL: prefers the filename in the body to that of the response, and that to the path', async t => {
  let n = 0
  const rig = await build(t)
  const headers = { 'content-type': 'text/plain', 'content-disposition': 'attachment; filename="header.txt"' }
  const origin = await serve(t, (_, response) => { response.writeHead(200, headers).end(String(n++)) })
  t.match(await ask(rig, 'POST', URL, { url: `${origin}/path.txt`, filename: 'body.txt' }), [201, { document: { filename: 'body.txt' } }])
  t.match(await ask(rig, 'POST', URL, { url: `${origin}/path.txt` }), [201, { document: { filename: 'header.txt' } }])
})

t.test('import by URL: names a file without any name after its key', async t => {
  const [rig, origin] = [await build(t), await serveFile(t, 'x', { 'content-type': 'text/plain' })]
  const [status, { document: { filename } }] = await ask(rig, 'POST', URL, { url: `${origin}/` })
  t.strictSame([status, /^[0-9a-f-]{36}$/.test(filename)], [201, true], filename)
})

t.test('import by URL: extracts the text, and parses the document when a run needs it', async t => {
  const [rig, origin] = [await build(t), await serveFile(t, await invoicePdf())]
  const [, { document: { id } }] = await ask(rig, 'POST', URL, { url: `${origin}/`, filename: 'invoice.pdf' })
  const { session } = await sessionOf(rig, ['tmp/other.pdf'])
  await ask(rig, 'POST', `${SESSIONS_URL}/${session}/documents/attach`, { document_ids: [id] })
  const result = await run(rig, session)
  await idle(rig)
  t.match(await get(rig, `/extractions/results/${result}`), { data: { invoice: { invoice_number: 'INV-2024-001' } } })
  t.match(await get(rig, `/extractions/documents/${id}`), { mime: 'application/pdf', status: 'processed', meta: { page_count: 2 } })
})

t.test('import by URL: returns the same ids for the same imports', async t => {
  const origin = await serveFile(t, 'x', { 'content-type': 'text/plain' })
  const id = async (): Promise<string> => (await ask(await build(t), 'POST', URL, { url: `${origin}/a.txt` }))[1].document.id
  t.equal(await id(), await id())
})

t.test('import by URL: rejects a URL without a file, gives the reason and stores nothing', async t => {
  const rig = await build(t, { maxSize: 10, extractor: null })
  const origin = await serve(t, ({ url }, response) => {
    const answers: Record<string, () => void> = {
      '/gone.pdf': () => { response.writeHead(404).end() },
      '/page': () => { response.writeHead(200, { 'content-type': 'video/mp4' }).end('x') },
      '/setup.exe': () => { response.writeHead(200).end('x') },
      '/zipped.pdf': () => { response.writeHead(200, { 'content-encoding': 'gzip' }).end('x') },
      '/large.pdf': () => { response.writeHead(200, { 'content-length': '11' }).end('0123456789a') },
      '/endless.pdf': () => {
        response.writeHead(200)
        for (let n = 0; n < 100; n++) response.write('0123456789')
        response.end()
      },
      '/broken.pdf': () => { response.writeHead(200, { 'content-length': '10' }).write('0', () => { response.destroy() }) },
      '/elsewhere.pdf': () => { response.writeHead(302, { location: 'file:///etc/passwd' }).end() }
    }
    answers[String(url)]?.()
  })
  const faults = {
    '/gone.pdf': 'The url could not be fetched: the server answers 404.',
    '/page': UNSUPPORTED,
    '/setup.exe': UNSUPPORTED,
    '/zipped.pdf': 'The url could not be fetched: the server answers in a content encoding, though none was asked for.',
    '/large.pdf': 'The url leads to more than 10 bytes.',
    '/endless.pdf': 'The url leads to more than 10 bytes.',
    '/broken.pdf': 'The url could not be fetched: the connection to 127.0.0.1 failed (ECONNRESET).',
    '/elsewhere.pdf': 'The url may not be fetched: it redirects elsewhere than to an http or https URL.'
  }
  for (const [path, fault] of Object.entries(faults)) t.strictSame(await ask(rig, 'POST', URL, { url: origin + path }), refusal({ url: fault }), path)
  t.match(await ask(rig, 'POST', URL, { url: `${origin}/page`, filename: 'page.pdf' }), [201, { document: { filename: 'page.pdf', mime: 'video/mp4' } }], 'accepted if the filename has a supported extension')
  t.strictSame(await ask(rig, 'POST', URL, { url: 'http://127.0.0.1:1/a.pdf' }), refusal({ url: 'The url could not be fetched: the connection to 127.0.0.1 failed (ECONNREFUSED).' }))
})

t.test('import by URL: judges a file without an extension by its bytes where its type says nothing', async t => {
  const rig = await build(t)
  const pdf = await invoicePdf()
  const origin = await serve(t, ({ url }, response) => { response.writeHead(200, { 'content-type': String(url).slice(4) }).end(String(url).startsWith('/pdf') ? pdf : 'MZ') })
  for (const type of ['binary/octet-stream', 'application/download', 'application/x-foo', 'video/mp4']) {
    t.match(await ask(rig, 'POST', URL, { url: `${origin}/pdf${type}`, filename: 'invoice' }), { 1: { document: { mime: 'application/pdf' } } }, type)
  }
  t.match(await ask(rig, 'POST', URL, { url: `${origin}/exebinary/octet-stream`, filename: 'setup' }), [201, { document: { mime: 'application/octet-stream' } }])
  t.strictSame(await ask(rig, 'POST', URL, { url: `${origin}/exeapplication/x-foo`, filename: 'setup' }), refusal({ url: UNSUPPORTED }))
})

t.test('import by URL: does not connect to private addresses unless allowed', async t => {
  let calls = 0
  const rig = await build(t, { importPrivate: false })
  const origin = await serve(t, (_, response) => {
    calls++
    response.end('x')
  })
  const { port } = new globalThis.URL(origin)
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '2130706433', '0x7f.1', '169.254.169.254', '10.0.0.1', '[::ffff:127.0.0.1]']) {
    const [status, { errors: { url: [fault] } }] = await ask(rig, 'POST', URL, { url: `http://${host}:${port}/a.pdf` })
    t.strictSame([status, /^The url may not be fetched: \S+ is not a public address\.$/.test(fault)], [422, true], `${host}: ${fault}`)
  }
  t.equal(calls, 0)
})

t.test('import by URL: hides the details of a disk failure', async t => {
  const [rig, origin] = [await buildWithoutDisk(t), await serveFile(t, 'x')]
  t.strictSame(await ask(rig, 'POST', URL, { url: `${origin}/a.pdf` }), [500, { message: 'Server Error' }])
})

t.test('import by URL: rejects invalid bodies', async t => {
  const FILENAME = 'format is invalid: send a name such as invoice.pdf, at most 255 characters, without a path or control characters.'
  await refusesBadBodies(t, await build(t), {
    method: 'POST',
    url: URL,
    valid: { url: 'http://127.0.0.1:1/a.pdf', filename: 'a.pdf' },
    bad: {
      url: [
        ...MISSING,
        ...notOf(['string'], 'must be a string.', 'missing'),
        ...['x', 'example.com/a.pdf', '//example.com/a.pdf', 'ftp://example.com/a.pdf', 'file:///etc/passwd', 'javascript:alert(1)', 'data:text/plain,x', 'http://', 'http://a b/'].map(url => [url, 'must be an http or https URL.'] as const),
        ['http://user:secret@example.com/a.pdf', 'The url must be a URL without user name and password.'],
        [`http://example.com/${'x'.repeat(3_000)}`, 'must not be greater than 2048 characters.']
      ],
      filename: [...notOf(['string'], 'must be a string.'), ...['..', '../a.pdf', 'a\0'].map(name => [name, FILENAME] as const), [`${'x'.repeat(252)}.pdf`, 'must not be greater than 255 characters.']]
    }
  })
})
