import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { CLIENT_CHECKS } from '../../src/conduct/checks.ts'
import { BATCH_URL, build, FULL } from '../helper.ts'
import { run, serve } from '../command-line.ts'

const CONDUCT = '/namespaces/default/conduct'

t.test('the report has the violations, their number and the checks', async t => {
  const rig = await build(t)
  for (let n = 0; n < 2; n++) await rig.create(['tmp/a.pdf'])
  const reply = await rig.control('GET', CONDUCT)
  const at = '2024-01-15T10:30:00.000Z'
  t.same(reply.json(), {
    findings: [
      { rule: 'same-batch-twice', severity: 'error', request: 2, method: 'POST', path: BATCH_URL, at, message: 'The batch repeats an earlier one: its sessions already exist.', related: [1] },
      { rule: 'ability-not-needed', severity: 'warning', request: 2, method: 'POST', path: BATCH_URL, at, message: 'The token rd_test_full has every ability; its client needs: sessions-write.', related: [] }
    ],
    summary: { errors: 1, warnings: 1, requests: 2 },
    rules: CLIENT_CHECKS.map(({ id, severity, description }) => ({ rule: id, severity, description }))
  })
})

t.test('the JUnit report has a test case per check, with escaped text', async t => {
  const rig = await build(t)
  await rig.call('POST', BATCH_URL, { files: [], '<a & "b">': 1 })
  const reply = await rig.control('GET', `${CONDUCT}?format=junit`)
  t.equal(reply.headers['content-type'], 'application/xml; charset=utf-8')
  t.equal(reply.body, `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="raydocs-mock conduct default" tests="10" failures="1">
    <testcase classname="conduct" name="token-sent-to-storage"/>
    <testcase classname="conduct" name="upload-without-length"/>
    <testcase classname="conduct" name="head-on-signed-url"/>
    <testcase classname="conduct" name="upload-of-another-type"/>
    <testcase classname="conduct" name="retried-too-early"/>
    <testcase classname="conduct" name="polled-after-the-end"/>
    <testcase classname="conduct" name="same-batch-twice"/>
    <testcase classname="conduct" name="executed-after-auto-extract"/>
    <testcase classname="conduct" name="ability-not-needed"/>
    <testcase classname="conduct" name="unknown-body-field">
      <failure type="warning" message="The body has fields that the API does not know: &#60;a &#38; &#34;b&#34;&#62;.">request 1: POST ${BATCH_URL}</failure>
    </testcase>
  </testsuite>
</testsuites>
`)
})

t.test('rejects an unknown format and an unknown namespace', async t => {
  const { control } = await build(t)
  const reply = await control('GET', `${CONDUCT}?format=html`)
  t.same([reply.statusCode, reply.json().errors], [422, { format: ['The format field must be one of json, junit.'] }])
  t.equal((await control('GET', '/namespaces/nowhere/conduct')).statusCode, 404)
})

t.test('the command prints the report, which decides the exit code', async t => {
  const { url, stop } = await serve(t, ['--clock', 'frozen', '--control-token', 'secret'])
  const report = async (...args: string[]): ReturnType<typeof run> => await run(t, ['conduct', '--url', `${url}/`, ...args], { env: { RAYDOCS_MOCK_CONTROL_TOKEN: 'secret' } })
  t.same(await report(), { code: 1, stdout: '', stderr: `${url}/_mock/namespaces/default/conduct answers 404: the control API is off, or the namespace does not exist.\n` })
  const create = async (): Promise<unknown> => await fetch(url + BATCH_URL, { method: 'POST', headers: { ...FULL, 'content-type': 'application/json' }, body: '{"files":["tmp/a.pdf"]}' })
  await create()
  t.same(await report(), { code: 0, stdout: `warning  ability-not-needed  #1 POST ${BATCH_URL}  The token rd_test_full has every ability; its client needs: sessions-write.\n0 errors, 1 warning in 1 request.\n`, stderr: '' })
  t.equal((await report('--fail-on', 'warning')).code, 1)
  await create()
  t.equal((await report()).code, 1)
  t.equal((await report('--fail-on', 'never')).code, 0)
  const folder = t.testdir()
  t.match(await report('--format', 'json', '--output', join(folder, 'report.json')), { code: 1, stdout: '' })
  t.same(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).summary, { errors: 1, warnings: 1, requests: 2 })
  t.match(await report('--format', 'junit'), { code: 1, stdout: /^<\?xml/ })
  await fetch(`${url}/livez`, { headers: { 'x-mock-namespace': 'clean' } })
  await fetch(`${url}/_mock/tokens`, { method: 'POST', headers: { authorization: 'Bearer secret', 'content-type': 'application/json' }, body: '{"namespace":"clean"}' })
  t.same(await report('--namespace', 'clean'), { code: 0, stdout: 'No issues found in 0 requests.\n', stderr: '' })
  t.match(await report('--control-token', 'wrong'), { code: 1, stderr: /answers 401: the control API needs a token: set --control-token\.\n$/ })
  await stop('SIGTERM')
  t.match(await report(), { code: 1, stderr: /does not answer\.\n$/ })
})

t.test('wrong usage ends with exit code 2 and one line', async t => {
  for (const args of [['--format', 'html'], ['--fail-on', 'nothing'], ['--url', 'localhost'], ['--port', '1']]) {
    const { code, stdout, stderr } = await run(t, ['conduct', ...args])
    t.same({ code, stdout }, { code: 2, stdout: '' }, args.join(' '))
    t.match(stderr, /^[^\n]+\.\n$/)
  }
  t.match(await run(t, ['conduct', '--help']), { code: 0, stdout: /^Usage: raydocs-mock conduct/ })
})

t.test('names a server that is not raydocs-mock', async t => {
  const server = createServer((_request, reply) => { reply.writeHead(500).end() }).listen(0, '127.0.0.1')
  t.teardown(() => { server.close() })
  await once(server, 'listening', { signal: AbortSignal.timeout(10_000) })
  const { port } = server.address() as { port: number }
  t.match(await run(t, ['conduct', '--url', `http://127.0.0.1:${port}`]), { code: 1, stderr: /answers 500: it is not raydocs-mock, or it failed\.\n$/ })
})
