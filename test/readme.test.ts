import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { readConfig } from '../src/config/config.ts'
import { envOf, SETTING_NAMES, SETTINGS } from '../src/config/settings.ts'
import { digestOfToken } from '../src/http/tokens.ts'
import { readControlContract } from '../src/package.ts'
import { start } from '../src/start.ts'
import { withoutLoaders } from './children.ts'
import { BATCH_URL, build, FULL, READ } from './helper.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** Runs commands in a shell that stops at the first one that fails. */
async function run (commands: string, { cwd }: { cwd: string }): Promise<{ stdout: string }> {
  return await promisify(execFile)(...withoutLoaders('bash', ['-euo', 'pipefail', '-c', commands]), { cwd })
}

/** The text under a heading, up to the next one of any level. */
function section (heading: string): string {
  return readme.split(/^#{2,} /m).find(text => text.startsWith(`${heading}\n`)) ?? ''
}

/** The fenced blocks of one language in a text. */
function blocks (text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code)
}

/** The cells of a table's rows, without the head. */
function table (text: string): string[][] {
  return text.split('\n').filter(line => line.startsWith('|')).slice(2).map(line => line.split(/(?<!\\)\|/).slice(1, -1).map(cell => cell.trim()))
}

t.test('the first minute works as it stands, typed into a shell', async t => {
  const config = await readConfig({ port: '0', queue: '0', parse: '0', extract: '0', seed: '1' }, { env: {}, folder: t.testdir() })
  const server = await start(config)
  t.teardown(async () => { await server.close() })
  const [minute = '', documented = ''] = blocks(section('The first minute'), 'sh').map(code => code.replaceAll('http://127.0.0.1:4010', server.url))
  const cwd = t.testdir()
  const { stdout } = await run(minute, { cwd })
  const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  t.match(result, { status: 'completed', title: 'Invoices - invoice.pdf', document_refs: [{ filename: 'invoice.pdf', mime: 'application/pdf' }] })
  t.match(result.data, { invoice: { invoice_number: 'INV-2024-001' }, amounts: { total_amount: 8_800 } })
  t.match(result.audit_data.amounts.total_amount.sources, [{ text: 'Total: 8,800.00', page: 1 }])
  t.same(Object.keys(result.data), ['invoice', 'vendor', 'amounts'])
  const { stdout: created } = await run(documented, { cwd })
  t.match(JSON.parse(created), [{ name: 'Pending...' }, { name: 'Pending...' }])
})

t.test('a namespace can be commanded as it stands, typed into a shell', async t => {
  const server = await start(await readConfig({ port: '0', seed: '1' }, { env: {}, folder: t.testdir() }))
  t.teardown(async () => { await server.close() })
  const [commands = ''] = blocks(section('Under a test\'s control'), 'sh').map(code => code.replaceAll('http://127.0.0.1:4010', server.url))
  const { stdout } = await run(commands, { cwd: t.testdir() })
  t.match(stdout, /"mode":"frozen".*"id":"fault-1".*"name":"retry".*"fired":\[\].*"data":\[\].*"findings":\[\]/s)
  t.notMatch(stdout, /"status":4/)
})

t.test('the table of the control API names every call', async t => {
  const named = table(section('Under a test\'s control')).map(([calls = '']) => calls).join(' ')
  for (const path of Object.keys(JSON.parse(readControlContract()).paths)) {
    const short = path.replace('/_mock', '').replace('{namespace}', '{ns}').replace(/\{(tokenId|document|result|fault|invite)\}/, '{id}')
    const spellings = [short, short.replace('/namespaces/{ns}', '...')]
    t.ok(spellings.some(spelling => new RegExp(`${spelling.replaceAll(/[.{}]/g, '\\$&')}[ \`?]`).test(named)), short)
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
    429: { method: 'POST', url: BATCH_URL, headers: { ...FULL, 'x-mock-namespace': 'limited' } },
    422: { method: 'POST', url: BATCH_URL, headers: { ...FULL, ...json }, payload: '{"settings": {"auto_extract": "true"}}' }
  }
  const rows = table(section('Errors'))
  // Those two are answered before there is a request; test/http/framework.test.ts holds them to their words.
  t.same(rows.map(([status]) => status), [...Object.keys(provoke), '408', '431'].sort())
  for (const [status = '', , body = ''] of rows) {
    const call = provoke[status]
    if (call === undefined) continue
    const reply = await app.inject(call)
    t.equal(reply.statusCode, Number(status))
    t.equal(body.split('`')[1], reply.body)
  }
})

t.test('the table of settings lists every one of them, with its variable and default', async t => {
  const rows = new Map(table(section('Configuration')).map(([flag = '', ...cells]) => [flag, cells]))
  t.same([...rows.keys()], ['port', 'host', 'config', ...SETTING_NAMES.slice(2)].map(name => `\`--${name}\``))
  for (const name of SETTING_NAMES) {
    const [variable = '', byDefault = ''] = rows.get(`\`--${name}\``) ?? []
    t.match(variable, `\`${envOf(name)}\``)
    if (SETTINGS[name].default !== null) t.equal(byDefault, `\`${SETTINGS[name].default}\``)
  }
})

t.test('the config file in the README is a valid one', async t => {
  const [yaml = ''] = blocks(section('Configuration'), 'yaml')
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

t.test('the table of dependencies lists each of them, and every script that is named exists', async t => {
  const named = table(section('Dependencies')).flatMap(([packages = '']) => [...packages.matchAll(/`([^`]+)`/g)].map(([, name]) => name))
  t.same(named.sort(), Object.keys(manifest.dependencies).sort())
  for (const [, script = ''] of readme.matchAll(/npm run ([\w-]+)/g)) t.ok(script in manifest.scripts, script)
})
