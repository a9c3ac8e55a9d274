import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { ERRORS } from '../openapi/api-page.ts'
import { CONTROL_EXAMPLES } from '../openapi/control-examples.ts'
import { generatePages } from '../openapi/pages.ts'
import { readConfig } from '../src/config/config.ts'
import { digestOfToken } from '../src/domain/workspaces/token.ts'
import { startRaydocsMock } from '../src/index.ts'
import { readContract, readControlContract } from '../src/package.ts'
import { withoutLoaders } from './children.ts'
import { BATCH_URL, build, FULL, READ } from './helper.ts'
import { blocks, readMarkdown, section, table } from './markdown.ts'

async function run (commands: string, { cwd, env }: { cwd: string, env: Record<string, string> }): Promise<string> {
  const { stdout } = await promisify(execFile)(...withoutLoaders('sh', ['-eu', '-c', commands]), { cwd, env: { ...process.env, ...env } })
  return stdout
}

t.test('each generated page is what the source makes', async t => {
  for (const [name, content] of Object.entries(generatePages(readContract(), readControlContract()))) {
    t.equal(readMarkdown(`openapi/${name}`), content, `${name}: npm run openapi`)
  }
})

t.test('the table of errors says what is answered', async t => {
  const { app, control } = await build(t)
  await control('PUT', '/namespaces/limited/rate-limit', { max: 0 })
  const json = { 'content-type': 'application/json' }
  const provoke: Record<string, InjectOptions> = {
    400: { method: 'POST', url: BATCH_URL, headers: { ...FULL, ...json }, payload: '{' },
    401: { method: 'POST', url: BATCH_URL },
    403: { method: 'POST', url: BATCH_URL, headers: READ },
    404: { method: 'POST', url: '/extractions/templates/x/sessions/batch', headers: FULL },
    405: { method: 'GET', url: BATCH_URL, headers: FULL },
    413: { method: 'POST', url: BATCH_URL, headers: { ...FULL, ...json }, payload: `"${'x'.repeat(2 ** 20)}"` },
    415: { method: 'POST', url: BATCH_URL, headers: { ...FULL, 'content-type': 'text/plain' }, payload: 'x' },
    422: { method: 'POST', url: BATCH_URL, headers: { ...FULL, ...json }, payload: '{"settings": {"auto_extract": "true"}}' },
    429: { method: 'POST', url: BATCH_URL, headers: { ...FULL, 'x-mock-namespace': 'limited' } }
  }
  // The other two are answered before there is a request; test/http/framework.test.ts checks their bodies.
  t.same(ERRORS.map(([status]) => String(status)), [...Object.keys(provoke), '408', '431'].sort())
  for (const [status, , body] of ERRORS) {
    const call = provoke[status]
    if (call === undefined) continue
    const reply = await app.inject(call)
    t.same([reply.statusCode, reply.body], [status, body])
  }
})

t.test('each example of the control API succeeds with the status that it documents', async t => {
  await using mock = await startRaydocsMock({ clock: 'auto', seed: 1, control: true })
  const cwd = t.testdir()
  const post = async (path: string, token: string, body: object): Promise<any> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return await (await fetch(mock.url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json()
  }
  const api = await mock.namespace('test-1')
  await api.outcomes.put('retry', { match: { file: '*stuck*' }, attempts: { 1: { parse: 'never' } } })
  const [done, parsing] = await post(BATCH_URL, api.token, { files: ['tmp/a.pdf', 'tmp/stuck.pdf'], settings: { auto_extract: true } })
  await post('/workspaces/1/users/add', api.token, { email: 'ana@example.org', role: 'user' })
  const get = async (path: string): Promise<any> => await (await fetch(mock.url + path, { headers: { authorization: `Bearer ${api.token}` } })).json()
  const document = (await get(`/extractions/sessions/${parsing.id}`)).documents[0].id
  await api.clock.advance({ by: 'PT4S' })
  const result = (await get(`/extractions/sessions/${done.id}/results`)).data[0].id
  const invite = (await get('/workspaces/1/invites'))[0].id
  const { id: fault } = await api.faults.add({ match: { path: '/nowhere' }, status: 503 })
  const state = await api.state()

  const page = readMarkdown('openapi/control.md')
  const seen: string[] = []
  for (const [path, operations] of Object.entries<Record<string, any>>(JSON.parse(readControlContract()).paths)) {
    for (const [method, { operationId, summary, responses }] of Object.entries(operations)) {
      seen.push(operationId)
      await (await mock.namespace('test-1')).restore(state)
      if ((await mock.namespaces()).includes('copy')) await (await mock.namespace('copy')).delete()
      const { id: tokenId } = await (await mock.namespace('test-1')).mintToken()
      writeFileSync(join(cwd, 'state.json'), JSON.stringify(state))
      const text = section(page, summary)
      t.match(text, `\`${method.toUpperCase()} ${path}\``)
      const [example = ''] = blocks(text, 'sh')
      const stream = operationId === 'watchEvents'
      const command = example.trim().replace('curl -s', `curl -s ${stream ? '--max-time 1 -o /dev/null' : ''} -w '\\n%{http_code}'`)
      const env = { MOCK: `${mock.url}/_mock`, DOCUMENT: document, RESULT: result, INVITE: String(invite), FAULT: fault, TOKEN_ID: tokenId }
      const stdout = await run(stream ? `${command} || true` : command, { cwd, env })
      const status = stdout.slice(-3)
      t.ok(status.startsWith('2') && status in responses, `${summary}: ${stdout}`)
    }
  }
  for (const id of Object.keys(CONTROL_EXAMPLES)) t.ok(seen.includes(id), id)
})

t.test('the config file in the reference is valid', async t => {
  const [yaml = ''] = blocks(section(readMarkdown('openapi/configuration.md'), 'The config file'), 'yaml')
  const folder = t.testdir()
  writeFileSync(join(folder, 'raydocs-mock.yaml'), yaml)
  const { tokens, seedData: { users, workspaces, templates }, outcomes, faults, clock, 'log-level': logLevel } = await readConfig({}, { env: {}, folder })
  t.match([[...outcomes.keys()], faults], [['slow'], [{ status: 503, probability: 0.01 }]])
  t.match({ clock, logLevel }, { clock: { mode: 'auto' }, logLevel: 'warn' })
  t.match(tokens.slice(2), [
    { name: 'ci', sha256: digestOfToken('a-token-of-your-own'), namespace: 'default' },
    { name: 'reader', sha256: digestOfToken('another-token-of-your-own'), namespace: 'team-a' },
    { name: 'viewer', user: 'vera@example.com' }
  ])
  t.match(users, [{ email: 'owner@example.com' }, { name: 'Vera', email: 'vera@example.com' }])
  t.match(workspaces, [{ id: 1 }, { id: 7, members: [{ userId: 1, role: 'admin' }, { userId: 2, role: 'readonly' }] }])
  t.match(templates[1], { name: 'Receipts', schema: { groups: { receipt: { fields: { paid_by: { enum: ['cash', 'card'] } } } } } })
})

t.test('the tables of members list every member of the mock and of a namespace', async t => {
  await using mock = await startRaydocsMock({ seed: 1 })
  const page = readMarkdown('openapi/testing.md')
  const listed = (heading: string): string[] => table(section(page, heading)).flatMap(([members = '']) => [...members.matchAll(/`([\w.]+)/g)].map(([, name = '']) => name))
  t.same(listed('The mock').sort(), Object.keys(mock).sort())
  const namespace = Object.entries<unknown>({ ...await mock.namespace() })
  const members = namespace.flatMap(([name, value]) => typeof value === 'object' && value !== null ? Object.keys(value).map(member => `${name}.${member}`) : [name])
  t.same(listed('A namespace').sort(), members.sort())
})

t.test('the shell test over HTTP reaches a final status', async t => {
  await using mock = await startRaydocsMock({ clock: 'auto', seed: 1, control: true })
  const [commands = ''] = blocks(section(readMarkdown('openapi/testing.md'), 'Other languages'), 'sh')
  t.equal(await run(commands.replaceAll('http://127.0.0.1:4010', mock.url), { cwd: t.testdir(), env: {} }), 'completed\n')
})

t.test('the table of dependencies lists each of them', async t => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const rows = table(section(readMarkdown('openapi/decisions.md'), 'Dependencies'))
  const named = rows.flatMap(([packages = '']) => [...packages.matchAll(/`([^`]+)`/g)].map(([, name]) => name))
  t.same(named.sort(), Object.keys(dependencies).sort())
})
