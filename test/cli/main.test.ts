import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { main } from '../../src/cli/main.ts'
import { helpText } from '../../src/config/command-line.ts'
import { VERSION } from '../../src/package.ts'
import { FULL } from '../helper.ts'
import { run, serve } from '../command-line.ts'
import { servesAndStops } from './serving.ts'

t.test('help, version and configuration are printed and that is all', async t => {
  t.same(await run(t, ['--help']), { code: 0, stdout: `${helpText()}\n`, stderr: '' })
  t.same(await run(t, ['--version']), { code: 0, stdout: `${VERSION}\n`, stderr: '' })
  const { code, stdout, stderr } = await run(t, ['--print-config', '--token', 'hidden'])
  t.same({ code, stderr }, { code: 0, stderr: '' })
  t.match(JSON.parse(stdout), { port: 4010, host: '127.0.0.1' })
  t.notMatch(stdout, 'hidden')
})

t.test('wrong usage ends with 2 and one line', async t => {
  for (const [args, env] of [[['--nonsense'], {}], [[], { RAYDOCS_MOCK_HOST: '0.0.0.0' }]] as const) {
    const { code, stdout, stderr } = await run(t, args, { env })
    t.same({ code, stdout }, { code: 2, stdout: '' }, args.join(' '))
    t.match(stderr, /^[^\n]+\.\n$/)
  }
})

t.test('a port in use, an address of another machine, a folder that cannot be written: 1 and one line', async t => {
  const taken = createServer().listen(0, '127.0.0.1')
  t.teardown(() => { taken.close() })
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const fails = async (args: string[], line: string | RegExp): Promise<void> => {
    const { code, stderr } = await run(t, args)
    t.equal(code, 1)
    t.match(stderr, line)
    t.match(stderr, /^[^\n]+\n$/)
  }
  await fails(['--port', String(port)], `Port ${port} on 127.0.0.1 is in use: stop what listens there, or choose another with --port (0 lets the system choose).`)
  await fails(['--port', '0', '--demo', '--host', '203.0.113.1'], 'The address 203.0.113.1 is not one of this machine: choose another with --host.')
  await fails(['--port', '0', '--data-dir', '/dev/null/x'], /^Files cannot be kept in \/dev\/null\/x: ENOTDIR/)
})

t.test('serves, logs a line for each request, and stops on SIGTERM, SIGINT and SIGHUP with 0', async t => {
  await servesAndStops(t, serve)
})

t.test('says where it listens even if it logs nothing else', async t => {
  const { url, stop } = await serve(t, ['--log-level', 'silent'])
  await fetch(`${url}/livez`)
  t.same(await stop('SIGTERM'), { code: 0, stdout: `raydocs-mock is listening on ${url}\n`, stderr: '' })
})

t.test('on a terminal it greets with a command to paste, and logs for people', async t => {
  const { url, stop } = await serve(t, ['--seed', 'abc'], { isTTY: true })
  await fetch(`${url}/nowhere?x=1`)
  const { code, stdout } = await stop('SIGTERM')
  t.equal(code, 0)
  t.match(stdout, `Base URL   ${url}\n`)
  t.match(stdout, '--seed abc gives the same ids and values again')
  t.match(stdout, /INFO.*GET \/nowhere 404 [\d.]+ms - [0-9a-f-]{36}/)
  t.match(stdout, /INFO.*stopping/)
})

t.test('a data folder is made if need be and left in place', async t => {
  const folder = t.testdir()
  const { url, stop } = await serve(t, ['--data-dir', join(folder, 'deep/data')])
  const grant = await (await fetch(`${url}/vapor/signed-storage-url`, { method: 'POST', headers: FULL })).json() as { url: string, headers: Record<string, string> }
  t.equal((await fetch(grant.url, { method: 'PUT', headers: grant.headers, body: 'x' })).status, 200)
  await stop('SIGTERM')
  t.equal(readdirSync(`${folder}/deep/data/blobs`).length, 1)
})

t.test('a state that cannot be saved is a line of the log, and ends with 1', async t => {
  const folder = t.testdir({ state: {} })
  const { stop } = await serve(t, ['--save-on-exit', join(folder, 'state/state.json')])
  rmSync(join(folder, 'state'), { recursive: true })
  const { code, stdout } = await stop('SIGTERM')
  t.equal(code, 1)
  t.match(JSON.parse(String(stdout.trim().split('\n').at(-1))), { level: 50, msg: `The state cannot be saved in ${folder}/state/state.json: there is no such folder.` })
})

t.test('an unexpected error is the last line of the log', async t => {
  const { stop } = await serve(t)
  const { code, stdout } = await stop(new Error('out of order'))
  t.equal(code, 1)
  t.match(stdout, /"level":60.*"message":"out of order".*stopping after an unexpected error/)
})

t.test('an unexpected error at the start is shown with its stack', async t => {
  const stdout = { fd: 1, write () { throw new Error('no folder') } }
  let told = ''
  const stderr = { write (text: string) { told += text } }
  t.equal(await main(['--help'], { env: {}, cwd: '/nowhere', stdout, stderr, onStop () {} }), 1)
  t.match(told, /^Error: no folder\n\s+at /)
})

t.test('readyz tells by its exit code whether the server is ready', async t => {
  const { url, stop } = await serve(t)
  const { port } = new URL(url)
  t.same(await run(t, ['readyz', '--port', port]), { code: 0, stdout: '', stderr: '' })
  t.same(await run(t, ['readyz'], { env: { RAYDOCS_MOCK_PORT: port, RAYDOCS_MOCK_HOST: '0.0.0.0' } }), { code: 0, stdout: '', stderr: '' })
  await stop('SIGTERM')
  t.same(await run(t, ['readyz', '--port', port]), { code: 1, stdout: '', stderr: `http://127.0.0.1:${port}/readyz does not answer.\n` })
  const unready = createServer((_request, response) => { response.writeHead(503).end() }).listen(0, '127.0.0.1')
  t.teardown(() => { unready.close() })
  await once(unready, 'listening')
  const { port: other } = unready.address() as AddressInfo
  t.same(await run(t, ['readyz', '--port', String(other)]), { code: 1, stdout: '', stderr: `http://127.0.0.1:${other}/readyz answers 503.\n` })
})
