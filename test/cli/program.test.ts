import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { FULL } from '../helper.ts'
import { run, serve } from '../process.ts'
import { until } from '../until.ts'
import { servesAndStops } from './serving.ts'

t.test('wrong usage ends with 2 and one line', async t => {
  const { code, stdout, stderr } = await run(t, ['--nonsense'])
  t.same({ code, stdout }, { code: 2, stdout: '' })
  t.match(stderr, /^[^\n]+\.\n$/)
})

t.test('serves, logs a line for each request, and stops on SIGTERM and SIGINT with 0', async t => {
  await servesAndStops(t, serve)
})

t.test('what is under way when the signal comes is finished, and uploads in the temporary folder are removed', async t => {
  const folder = t.testdir()
  const { url, stop } = await serve(t, ['--seed', '1'], { env: { TMPDIR: folder } })
  const json = { 'content-type': 'application/json' }
  const grant = await (await fetch(`${url}/vapor/signed-storage-url`, { method: 'POST', headers: { ...FULL, ...json }, body: '{}' })).json() as { url: string }
  const { hostname, port, pathname, search } = new URL(grant.url)
  const socket = connect(Number(port), hostname)
  socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: 4\r\n\r\nha`)
  const incoming = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.incoming'))
  await until('the upload begins', () => incoming().length > 0)
  const end = stop('SIGTERM')
  await until('no connection is accepted any more', async () => await fetch(`${url}/livez`).then(({ status }) => status !== 200, () => true))
  socket.write('lf')
  t.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n/)
  t.equal((await end).code, 0)
  t.same(readdirSync(folder).filter(name => name.startsWith('raydocs-mock-')), [])
})

/** Throws as soon as the program is ready for the worst. */
const FAIL_WHEN_SERVING = `
  const before = process.listenerCount('uncaughtException')
  const wait = setInterval(() => {
    if (process.listenerCount('uncaughtException') === before) return
    clearInterval(wait)
    setTimeout(() => { throw new Error('out of order') }, 500)
  }, 10)`

t.test('an unexpected error ends the program with 1 and is logged', async t => {
  const { end } = await serve(t, [], { before: FAIL_WHEN_SERVING })
  const { code, stdout } = await end
  t.equal(code, 1)
  t.match(stdout, /"level":60.*"message":"out of order".*stopping after an unexpected error/)
})
