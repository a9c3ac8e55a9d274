import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { FULL } from '../helper.ts'
import { PROGRAM, run, runProgram, serve } from '../process.ts'
import { until } from '../until.ts'
import { servesAndStops } from './serving.ts'

t.test('wrong usage ends with 2 and one line', async t => {
  const { code, stdout, stderr } = await run(t, ['--nonsense'])
  t.same({ code, stdout }, { code: 2, stdout: '' })
  t.match(stderr, /^[^\n]+\.\n$/)
})

t.test('serves, logs a line for each request, and stops on SIGTERM, SIGINT and SIGHUP with 0', async t => {
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

/** Prints the signals that have a listener when the process ends. */
const PRINT_LISTENERS = `
  import { writeSync } from 'node:fs'
  import { constants } from 'node:os'
  process.on('exit', () => { writeSync(2, Object.keys(constants.signals).filter(name => process.listenerCount(name) > 0).sort().join()) })`

t.test('only signals that ask for an end have a listener: a crash ends the process', async t => {
  const { stop } = await serve(t, [], { before: PRINT_LISTENERS })
  const { code, stderr } = await stop('SIGTERM')
  t.same({ code, stderr }, { code: 0, stderr: 'SIGHUP,SIGINT,SIGQUIT,SIGTERM' })
})

/** Runs a command on a terminal, closes that once the command has printed `Try it`, and prints how the command ends. */
const CLOSE_TERMINAL = `
import os, pty, sys, time
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b''
while b'Try it' not in seen:
    seen += os.read(terminal, 4096)
time.sleep(0.2)
os.close(terminal)
for _ in range(100):
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended:
        print('exit', os.WEXITSTATUS(status)) if os.WIFEXITED(status) else print('signal', os.WTERMSIG(status))
        break
    time.sleep(0.1)
else:
    print('still there')
    os.kill(pid, 9)
`

t.test('closing the terminal stops the program', { skip: spawnSync('python3', ['--version']).status !== 0 }, async t => {
  const cwd = t.testdir()
  const { stdout, stderr } = await runProgram(t, 'python3', ['-c', CLOSE_TERMINAL, process.execPath, PROGRAM, '--port', '0', '--save-on-exit', 'state.json'], { cwd })
  t.same({ stdout, stderr }, { stdout: 'exit 0\n', stderr: '' })
  t.match(JSON.parse(readFileSync(join(cwd, 'state.json'), 'utf8')), { namespaces: {} })
})
