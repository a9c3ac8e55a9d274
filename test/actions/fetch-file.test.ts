import dns from 'node:dns'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { createServer as createRawServer, type AddressInfo, type Server } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { FetchError, fetchFile } from '../../src/actions/fetch-file.ts'

const open = { allowPrivate: true }

/** Starts a server that is closed at the end of the test, and returns its address. */
async function listen (t: Test, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.close() })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function serve (t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  t.teardown(() => { server.closeAllConnections() })
  return await listen(t, server)
}

/** A server that says these very bytes, whatever it is asked, and then closes the connection or, if it is to stay, waits. */
async function say (t: Test, bytes: string, { stay = false } = {}): Promise<string> {
  return await listen(t, createRawServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => stay ? socket.write(bytes) : socket.end(bytes))
    t.teardown(() => { socket.destroy() })
  }))
}

async function refusal (url: string, options: Parameters<typeof fetchFile>[1] = open): Promise<string> {
  const file = await fetchFile(url, options).catch((error: unknown) => error)
  if (file instanceof FetchError) return file.message
  throw new Error(`not refused: ${String(file)}`)
}

t.test('a file comes with its bytes, name, media type and length', async t => {
  const asked: IncomingHttpHeaders[] = []
  const base = await serve(t, ({ headers }, response) => {
    asked.push(headers)
    response.setHeader('content-disposition', 'attachment; filename="fallback.pdf"; filename*=UTF-8\'\'r%C3%A9sum%C3%A9.pdf')
    response.setHeader('content-type', 'Application/PDF; version=1.7')
    response.end('hello')
  })
  const { source, ...file } = await fetchFile(`${base}/files/1?token=x`, open)
  t.strictSame(file, { filename: 'résumé.pdf', contentType: 'application/pdf', contentLength: 5 })
  t.equal(await text(source), 'hello')
  t.strictSame(asked, [{
    'user-agent': 'raydocs-mock', accept: '*/*', 'accept-encoding': 'identity', host: new URL(base).host, connection: 'close'
  }], 'nothing more is told to the server than must be')
})

t.test('what the answer does not say is null, or taken for bytes', async t => {
  const base = await serve(t, (_request, response) => {
    response.write('hel')
    response.end('lo')
  })
  const { source, ...file } = await fetchFile(base, open)
  t.strictSame(file, { filename: null, contentType: 'application/octet-stream', contentLength: null })
  t.equal(await text(source), 'hello')
})

t.test('a name is taken from the header, else from the path, if it is a valid filename', async t => {
  const base = await serve(t, ({ url, headers: { host } }, response) => {
    const disposition = new URL(String(url), `http://${host}`).searchParams.get('disposition')
    if (disposition !== null) response.setHeader('content-disposition', disposition)
    response.setHeader('content-encoding', 'identity')
    response.end()
  })
  const nameOf = async (path: string, disposition?: string): Promise<string | null> => {
    const { source, filename } = await fetchFile(base + path + (disposition === undefined ? '' : `?disposition=${encodeURIComponent(disposition)}`), open)
    source.destroy()
    return filename
  }
  t.equal(await nameOf('/a/b.pdf', 'attachment; filename=c.pdf'), 'c.pdf')
  t.equal(await nameOf('/a/b.pdf', 'attachment'), 'b.pdf')
  t.equal(await nameOf('/a/b.pdf', 'attachment; filename="../c.pdf"'), 'b.pdf')
  t.equal(await nameOf('/a/b.pdf', '"'), 'b.pdf')
  t.equal(await nameOf('/a/my%20b%C3%BC.pdf#part'), 'my bü.pdf')
  t.equal(await nameOf('/a/..%2Fb.pdf'), null)
  t.equal(await nameOf('/a/%ff.pdf'), null)
  t.equal(await nameOf(`/${'x'.repeat(256)}`), null)
  t.equal(await nameOf('/a/'), null)
})

t.test('redirects are followed, and the name is that of the last place', async t => {
  const other = await serve(t, ({ headers }, response) => { response.end(headers.host) })
  const base = await serve(t, ({ url }, response) => {
    const [location, status] = url === '/1' ? ['2', 301] : url === '/2' ? ['/3?x', 307] : [`${other}/last.pdf`, 302]
    response.writeHead(status as number, { location }).end('moved')
  })
  const { source, filename } = await fetchFile(`${base}/1`, open)
  t.equal(filename, 'last.pdf')
  t.equal(await text(source), new URL(other).host)
})

t.test('redirects have an end', async t => {
  const base = await serve(t, ({ url = '' }, response) => {
    const left = Number(url.slice(1))
    if (left === 0) response.end('here')
    else response.writeHead(302, { location: url === '/loop' ? '/loop' : `/${left - 1}` }).end()
  })
  t.equal(await text((await fetchFile(`${base}/5`, open)).source), 'here')
  t.equal(await refusal(`${base}/6`), 'could not be fetched: more than 5 redirects.')
  t.equal(await refusal(`${base}/loop`), 'could not be fetched: more than 5 redirects.')
  t.equal(await refusal(`${base}/3`, { ...open, maxRedirects: 2 }), 'could not be fetched: more than 2 redirects.')
})

t.test('redirects lead to http and https URLs only', async t => {
  const base = await serve(t, ({ url, headers: { host } }, response) => {
    response.writeHead(302, { location: String(new URL(String(url), `http://${host}`).searchParams.get('to')) }).end()
  })
  const refusalTo = async (to: string): Promise<string> => await refusal(`${base}?to=${encodeURIComponent(to)}`)
  for (const to of ['file:///etc/passwd', 'ftp://127.0.0.1/a', 'data:,x', 'mailto:a@example.org', 'javascript:0', 'gopher://127.0.0.1/']) {
    t.equal(await refusalTo(to), 'may not be fetched: it redirects elsewhere than to an http or https URL.', to)
  }
  t.equal(await refusalTo('http://me:secret@127.0.0.1/'), 'may not be fetched: it redirects elsewhere than to a URL without user name and password.')
  t.equal(await refusalTo('http://['), 'may not be fetched: it redirects to an invalid URL.')
  t.match(await refusalTo(base.replace('http:', 'https:')), /^could not be fetched: the connection to 127\.0\.0\.1 failed \([A-Z_]+\)\.$/, 'https is spoken where it is named')
})

t.test('only http and https URLs are taken, without user name and password', async t => {
  for (const url of ['', 'x', '/a.pdf', '//example.org/a', 'http://', 'http://[', 'http://a b/', 'ftp://example.org/', 'file:///etc/passwd', 'data:,x', ' http://example.org/']) {
    t.equal(await refusal(url), 'must be an http or https URL.', url)
  }
  for (const url of ['http://me@127.0.0.1/', 'http://me:secret@127.0.0.1/', 'https://:secret@127.0.0.1/']) {
    t.equal(await refusal(url), 'must be a URL without user name and password.', url)
  }
})

t.test('addresses that are not public are not spoken to, however they are written', async t => {
  let connections = 0
  const server = createRawServer(() => { connections++ })
  const { port } = new URL(await listen(t, server))
  const hosts: Array<readonly [written: string, told: string]> = [
    ['127.0.0.1', '127.0.0.1'],
    ['localhost', 'localhost'],
    ['LOCALHOST', 'localhost'],
    ['2130706433', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['%31%32%37.0.0.1', '127.0.0.1'],
    ['１２７.０.０.１', '127.0.0.1'],
    ['[::1]', '::1'],
    ['[::]', '::'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1'],
    ['[64:ff9b::7f00:1]', '64:ff9b::7f00:1'],
    ['[2002:7f00:1::]', '2002:7f00:1::'],
    ['[fe80::1]', 'fe80::1'],
    ['[fd00:ec2::254]', 'fd00:ec2::254'],
    ['0.0.0.0', '0.0.0.0'],
    ['0', '0.0.0.0'],
    ['10.0.0.1', '10.0.0.1'],
    ['100.64.0.1', '100.64.0.1'],
    ['169.254.169.254', '169.254.169.254'],
    ['172.16.0.1', '172.16.0.1'],
    ['192.168.0.1', '192.168.0.1'],
    ['224.0.0.1', '224.0.0.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['[::127.0.0.1]', '::7f00:1'],
    ['[::10.0.0.1]', '::a00:1']
  ]
  for (const [written, told] of hosts) {
    for (const scheme of ['http', 'https']) {
      t.equal(await refusal(`${scheme}://${written}:${port}/`, { allowPrivate: false }), `may not be fetched: ${told} is not a public address.`, `${scheme}://${written}`)
    }
  }
  t.equal(connections, 0)
})

t.test('a public name for a private address is no way round, and is not told what it stands for', async t => {
  const { lookup } = dns
  t.teardown(() => {
    dns.lookup = lookup
    syncBuiltinESMExports()
  })
  const answers = [{ address: '93.184.215.14', family: 4 }, { address: '10.1.2.3', family: 4 }]
  dns.lookup = ((_name: string, options: dns.LookupOptions, done: (error: null, ...answer: unknown[]) => void) => {
    if (options.all === true) done(null, answers)
    else done(null, '10.1.2.3', 4)
  }) as unknown as typeof dns.lookup
  syncBuiltinESMExports()
  for (const scheme of ['http', 'https']) {
    t.equal(await refusal(`${scheme}://files.example.org/a.pdf`, { allowPrivate: false }), 'may not be fetched: files.example.org is not a public address.')
  }
})

t.test('an answer other than 200 is none', async t => {
  const base = await serve(t, ({ url = '' }, response) => { response.writeHead(Number(url.slice(1))).end('no') })
  for (const status of [201, 204, 206, 300, 304, 401, 404, 500]) {
    t.equal(await refusal(`${base}/${status}`), `could not be fetched: the server answers ${status}.`)
  }
})

t.test('bytes in a content encoding are not taken for the file', async t => {
  const base = await serve(t, (_request, response) => { response.writeHead(200, { 'content-encoding': 'gzip' }).end('x') })
  t.equal(await refusal(base), 'could not be fetched: the server answers in a content encoding, though none was asked for.')
})

t.test('a server that cannot be reached, or does not speak HTTP, is told from others', async t => {
  const server = createRawServer()
  const gone = await listen(t, server)
  server.close()
  await once(server, 'close')
  t.equal(await refusal(gone), 'could not be fetched: the connection to 127.0.0.1 failed (ECONNREFUSED).')
  t.equal(await refusal(await say(t, '')), 'could not be fetched: the connection to 127.0.0.1 failed (ECONNRESET).')
  t.match(await refusal(await say(t, 'SSH-2.0-OpenSSH_9.6\r\n')), /^could not be fetched: the connection to 127\.0\.0\.1 failed \(HPE_\w+\)\.$/)
})

t.test('a file that breaks off is not taken for a whole one', async t => {
  const broken = /^could not be fetched: the connection to 127\.0\.0\.1 failed \(\w+\)\.$/
  for (const bytes of ['content-length: 10\r\n\r\nhello', 'transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n', 'transfer-encoding: chunked\r\n\r\n5\r\nhello\r\nno size\r\n']) {
    const { source } = await fetchFile(await say(t, `HTTP/1.1 200 OK\r\n${bytes}`), open)
    const error = await text(source).catch((error: unknown) => error)
    t.type(error, FetchError)
    t.match(error, { message: broken })
  }
})

t.test('a server may not take longer than the time allows: to answer, between redirects, or for the body', async t => {
  const silent = await say(t, '', { stay: true })
  t.equal(await refusal(silent, { ...open, timeout: 200 }), 'could not be fetched: it took more than 0.2 s.')
  const redirecting = await say(t, `HTTP/1.1 302 Found\r\nlocation: ${silent}\r\ncontent-length: 0\r\n\r\n`, { stay: true })
  t.equal(await refusal(redirecting, { ...open, timeout: 200 }), 'could not be fetched: it took more than 0.2 s.')

  const slow = await say(t, 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello', { stay: true })
  const { source } = await fetchFile(slow, { ...open, timeout: 200 })
  await t.rejects(text(source), new FetchError('could not be fetched: it took more than 0.2 s.'))
})

t.test('a source that is not read ends with the time limit, without ending the process', async t => {
  const slow = await say(t, 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello', { stay: true })
  const { source } = await fetchFile(slow, { ...open, timeout: 200 })
  await new Promise(resolve => { source.once('close', resolve) })
  await t.rejects(text(source), new FetchError('could not be fetched: it took more than 0.2 s.'))
})

t.test('when the reader has had enough the connection is closed', async t => {
  let closed: Promise<unknown> | undefined
  const base = await serve(t, (_request, response) => {
    closed = once(response, 'close')
    response.write('x'.repeat(1_000_000))
  })
  const { source } = await fetchFile(base, open)
  await once(source, 'readable')
  source.destroy()
  await closed
})

t.test('a large file comes whole, to a reader slower than the server', async t => {
  const base = await serve(t, (_request, response) => { response.end('x'.repeat(3_000_000)) })
  const { source, contentLength } = await fetchFile(base, open)
  let length = 0
  for await (const chunk of source) {
    await new Promise(setImmediate)
    length += chunk.length
  }
  t.equal(length, 3_000_000)
  t.equal(contentLength, 3_000_000)
})

t.test('nothing is left behind, neither a timer nor a connection', async t => {
  const server = createServer((_request, response) => { response.end('hello') })
  const base = await listen(t, server)
  const timers = (): number => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  const before = timers()
  const files = await Promise.all([1, 2, 3].map(async () => await fetchFile(base, open)))
  await Promise.all(files.map(async ({ source }) => await text(source)))
  await refusal(`${base}/`, { ...open, allowPrivate: false })
  t.equal(timers(), before)
  server.close()
  await once(server, 'close')
})
