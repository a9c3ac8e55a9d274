import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import t from 'tap'
import { banner } from '../src/cli/banner.ts'
import { readConfig, type Config } from '../src/config/config.ts'
import { reachable } from '../src/cli/readyz.ts'
import { start, urlOf, whyNotListening } from '../src/start.ts'
import { until } from './until.ts'
import { createLog, lineForPeople } from '../src/cli/logger.ts'

async function configure (flags: Record<string, string>): Promise<Config> {
  return await readConfig({ port: '0', ...flags }, { env: {}, folder: '/nowhere' })
}

t.test('the address is told as a URL, IPv6 in brackets', async t => {
  const four = await start(await configure({}))
  t.match(four.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  await four.close()
  t.equal(urlOf({ address: '::1', family: 'IPv6', port: 1 }), 'http://[::1]:1')
})

t.test('why an address cannot be had is told in a line that helps', async t => {
  const why = (code: string): string => whyNotListening(Object.assign(new Error('detail'), { code }), { port: 80, host: 'h' })
  t.equal(why('EADDRINUSE'), 'Port 80 on h is in use: stop what listens there, or choose another with --port (0 lets the system choose).')
  t.equal(why('EACCES'), 'Port 80 on h may not be used by this user: choose one above 1023 with --port.')
  for (const code of ['EADDRNOTAVAIL', 'ENOTFOUND']) t.equal(why(code), 'The address h is not one of this machine: choose another with --host.')
  t.equal(why('EMFILE'), 'Cannot listen on port 80 of h: detail.')
})

t.test('a request that never ends is cut off when the grace is over', async t => {
  const server = await start(await configure({}))
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.write('POST /vapor/signed-storage-url HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer rd_test_full\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{')
  socket.on('error', () => {}).resume()
  const bounded = { signal: AbortSignal.timeout(10_000) }
  const closed = once(socket, 'close', bounded)
  await once(socket, 'connect', bounded)
  await server.close(50)
  await closed
})

t.test('a start that fails releases what it has opened', async t => {
  const folder = t.testdir({ 'state.json': '{}' })
  const dataDir = join(folder, 'data')
  const first = await start(await configure({}))
  await t.rejects(start(await configure({ 'data-dir': dataDir, port: new URL(first.url).port })), /is in use/)
  await t.rejects(start(await configure({ 'data-dir': dataDir, load: join(folder, 'state.json') })), /cannot be loaded/)
  mkdirSync(join(folder, 'other'))
  writeFileSync(join(folder, 'other/blobs'), 'a file')
  for (let count = 0; count < 2; count++) await t.rejects(start(await configure({ 'data-dir': join(folder, 'other') })), /ENOTDIR/)
  const second = await start(await configure({ 'data-dir': dataDir }))
  await second.close()
  await first.close()
})

t.test('of two servers on one data folder the second does not start', async t => {
  const dataDir = t.testdir()
  const first = await start(await configure({ 'data-dir': dataDir }))
  await t.rejects(start(await configure({ 'data-dir': dataDir })), { message: `Files cannot be kept in ${dataDir}: another process uses it.` })
  await first.close()
  await (await start(await configure({ 'data-dir': dataDir }))).close()
})

t.test('a server that cannot save its state releases everything, and says why it has not saved', async t => {
  const folder = t.testdir({ state: {}, data: {} })
  const flags = { 'data-dir': join(folder, 'data'), 'save-on-exit': join(folder, 'state/state.json') }
  const server = await start(await configure(flags))
  rmSync(join(folder, 'state'), { recursive: true })
  await t.rejects(server.close(), { message: `The state cannot be saved in ${folder}/state/state.json: there is no such folder.` })
  await t.rejects(start(await configure(flags)), { message: `The state cannot be saved in ${folder}/state/state.json: there is no such folder.` })
})

t.test('a save that fails before the end is a line in the log', async t => {
  const folder = t.testdir({ state: {} })
  const lines: string[] = []
  const logger = pino({ level: 'error' }, new Writable({ write (chunk, _encoding, done) { lines.push(String(chunk)); done() } }))
  const server = await start(await configure({ 'save-on-exit': join(folder, 'state/state.json'), 'save-every': '1ms' }), logger)
  rmSync(join(folder, 'state'), { recursive: true })
  await until('a save has failed', async () => lines.length > 0)
  const message = `The state cannot be saved in ${folder}/state/state.json: there is no such folder.`
  t.equal(JSON.parse(String(lines[0])).msg, message)
  await t.rejects(server.close(), { message })
})

t.test('a server without demo data names no demo token on its page', async t => {
  const pages = []
  for (const demo of ['on', 'off']) {
    const server = await start(await configure({ demo, token: 'own' }))
    pages.push(await (await fetch(`${server.url}/docs/json`)).text())
    await server.close()
  }
  t.match(pages[0], 'rd_test_full')
  t.notMatch(pages[1], 'rd_test_full')
})

t.test('requests under way leave time for saving', async t => {
  const path = join(t.testdir(), 'state.json')
  const server = await start(await configure({ 'save-on-exit': path }))
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.write('POST /vapor/signed-storage-url HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{')
  socket.on('error', () => {}).resume()
  await once(socket, 'connect', { signal: AbortSignal.timeout(10_000) })
  await server.close(4_000)
  t.ok(existsSync(path))
})

t.test('requests under way can be ended at once', async t => {
  const server = await start(await configure({}))
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.write('POST /vapor/signed-storage-url HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{')
  socket.on('error', () => {}).resume()
  const bounded = { signal: AbortSignal.timeout(10_000) }
  await once(socket, 'connect', bounded)
  const closed = server.close()
  await until('no connection is accepted any more', async () => await fetch(`${server.url}/livez`).then(() => false, () => true))
  server.hurry()
  await closed
})

t.test('asks this machine for the readiness of a server on all addresses', async t => {
  t.same(['0.0.0.0', '::', '::1', '127.0.0.1', 'localhost'].map(reachable), ['127.0.0.1', '[::1]', '[::1]', '127.0.0.1', 'localhost'])
})

t.test('the banner shows the demo data only if there is any', async t => {
  const shown = banner('http://127.0.0.1:1', { demo: true, seed: 's' })
  t.match(shown, 'rd_test_full')
  t.match(shown, 'curl -X POST http://127.0.0.1:1/extractions/templates/550e8400-e29b-41d4-a716-446655440000/sessions/batch')
  t.notMatch(banner('http://127.0.0.1:1', { demo: false, seed: 's' }), /rd_test|curl/)
})

t.test('the log for people has one short line for each request', async t => {
  const line = { method: 'GET', path: '/a', status: 200, duration: 1.2, caller: 'ci', reqId: 'r1' }
  t.equal(lineForPeople(line), 'GET /a 200 1.2ms ci r1')
  t.equal(lineForPeople({ ...line, status: null, caller: undefined, fault: 'fault-1' }), 'GET /a dropped 1.2ms - r1 (fault-1)')
})

t.test('a log for people can be flushed like any other', async t => {
  const { logger, flush } = await createLog('silent', true, 1)
  logger.info('unseen')
  t.doesNotThrow(flush)
})
