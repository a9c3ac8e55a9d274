import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import fc from 'fast-check'
import { demoTemplate, demoTokenRecords, demoWorkspace, OWNER } from '../../src/demo.ts'
import { ABILITIES, READ_ABILITIES } from '../../src/domain/workspaces/abilities.ts'
import { DEFAULT_INSTANT } from '../../src/domain/lifecycle/clock.ts'
import { helpText, isLoopback, printConfig, readAddress, readCommand, readConfig, type Config } from '../../src/config/config.ts'
import { envOf, SETTING_NAMES, type SettingName } from '../../src/config/settings.ts'
import { UsageError } from '../../src/config/usage-error.ts'
import { digestOfToken } from '../../src/http/tokens.ts'

const TEMPLATE_ID = '9B1DEB4D-3b7d-4bad-9bdd-2b0d7b3dcb6d'

/** Reads a configuration as the program would in a folder that holds these files. */
async function read (t: Test, args: string[] = [], env: Record<string, string> = {}, files: Record<string, string> = {}): Promise<Config> {
  const folder = t.testdir()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return await readConfig(readCommand(args).flags, { env, folder })
}

t.test('without any setting everything has its default', async t => {
  const { seed, tokens, seedData, outcomes, faults, ...config } = await read(t)
  t.same(config, {
    port: 4010,
    host: '127.0.0.1',
    demo: true,
    clock: { mode: 'real' },
    queue: { base: 500, spread: 0 },
    parse: { base: 2_000, spread: 1_000 },
    extract: { base: 3_000, spread: 1_000 },
    uploads: 'lenient',
    'data-dir': null,
    'max-upload': 104_857_600,
    'read-documents': true,
    'import-private': false,
    'public-url': null,
    cors: true,
    control: true,
    'control-token': null,
    'rate-limit': null,
    store: 'memory',
    load: null,
    'save-on-exit': null,
    'log-level': 'info'
  })
  t.match(seed, /^[0-9a-f]{16}$/)
  t.not((await read(t)).seed, seed, 'a seed that is not given is random')
  t.same(tokens, demoTokenRecords)
  t.same(seedData, { users: [OWNER], workspaces: [demoWorkspace], templates: [demoTemplate] })
  t.same([outcomes, faults], [new Map(), []])
})

t.test('outcomes and faults stand in the file as the control API takes them', async t => {
  const demo = '550e8400-e29b-41d4-a716-446655440000'
  const file = (outcomes: object, faults: object[] = []): Record<string, string> => ({ 'raydocs-mock.json': JSON.stringify({ outcomes, faults }) })
  const rule = { match: { template: demo, file: '*.pdf' }, attempts: { 1: { data: { invoice: { currency: 'EUR' } } }, '*': { extract: 'never' } } }
  const fault = { match: { method: 'POST' }, status: 503, times: 1 }
  const config = await read(t, [], {}, file({ mine: rule }, [fault]))
  t.same(config.outcomes, new Map([['mine', { match: rule.match, script: [{ from: 1, to: 1, outcome: { fixture: { data: rule.attempts[1].data } } }, { from: 1, to: Infinity, outcome: { extractMs: Infinity } }] }]]))
  t.same(config.faults, [fault])
  t.same(JSON.parse(printConfig(config)).outcomes, ['mine'])
  const refusals: Array<[object, object[], RegExp]> = [
    [{ mine: { match: {}, attempts: { 0: {} } } }, [], /^The configuration is not valid at \/outcomes\/mine: The attempts\.0 field must be called by a number/],
    [{ mine: { match: { template: demo }, attempts: { 1: { data: { invoice: { currency: 5 } } } } } }, [], /at \/outcomes\/mine: The attempts\.1\.data\.invoice\.currency field must be a string\.$/],
    [{ mine: { match: {}, attempts: { 1: { data: {} } } } }, [], /at \/outcomes\/mine: The match\.template field must name a template where attempts have data\.$/],
    [{ mine: { match: {}, attempts: { 1: { parse: 'soon' } } } }, [], /is not valid at \/outcomes\/mine\/attempts\/1\/parse/],
    [{}, [{ match: {} }], /^The configuration is not valid at \/faults\/0: The status field is required unless/],
    [{}, [{ status: 500 }], /is not valid at \/faults\/0\/match/]
  ]
  for (const [outcomes, faults, message] of refusals) await t.rejects(read(t, [], {}, file(outcomes, faults)), { name: 'Error', message })
})

t.test('flags go over variables, over the config file, over defaults; PORT comes after its namesake', async t => {
  const file = { 'raydocs-mock.json': '{"port": 1}' }
  t.equal((await read(t, ['--port', '4'], { RAYDOCS_MOCK_PORT: '3', PORT: '2' }, file)).port, 4)
  t.equal((await read(t, [], { RAYDOCS_MOCK_PORT: '3', PORT: '2' }, file)).port, 3)
  t.equal((await read(t, [], { PORT: '2' }, file)).port, 2)
  t.equal((await read(t, [], {}, file)).port, 1)
  t.equal((await read(t, [], { RAYDOCS_MOCK_PORT: '', PORT: '' }, file)).port, 1, 'an empty variable is none')
})

t.test('whichever sources name a setting, the first of them counts', async t => {
  const sizes = fc.option(fc.nat(), { nil: undefined })
  await fc.assert(fc.asyncProperty(sizes, sizes, sizes, async (flag, variable, file) => {
    const config = await read(t, flag === undefined ? [] : ['--max-upload', String(flag)],
      variable === undefined ? {} : { RAYDOCS_MOCK_MAX_UPLOAD: String(variable) },
      { 'raydocs-mock.json': JSON.stringify(file === undefined ? {} : { max_upload: file }) })
    return config['max-upload'] === (flag ?? variable ?? file ?? 104_857_600)
  }), { numRuns: 30 })
})

t.test('every setting can be given in every way', async t => {
  const written: Record<SettingName, string> = {
    port: '1',
    host: '127.0.0.2',
    demo: 'on',
    token: 'a-token',
    clock: 'auto',
    seed: 's',
    queue: '1s',
    parse: '1s',
    extract: '1s',
    uploads: 'strict',
    'data-dir': 'd',
    'max-upload': '1KiB',
    'read-documents': 'off',
    'import-private': 'on',
    'public-url': 'http://x',
    cors: 'off',
    control: 'off',
    'control-token': 'c',
    'rate-limit': '100',
    store: 'memory',
    load: 'in.json',
    'save-on-exit': 'out.json',
    'log-level': 'warn'
  }
  const values = Object.entries(written)
  const read1 = await read(t, values.flatMap(([name, value]) => value === 'on' ? [`--${name}`] : value === 'off' ? [`--no-${name}`] : [`--${name}`, value]))
  const read2 = await read(t, [], Object.fromEntries(values.map(([name, value]) => [envOf(name), value])))
  const read3 = await read(t, [], {}, { 'raydocs-mock.yaml': values.map(([name, value]) => `${name.replaceAll('-', '_')}: ${value}`).join('\n') })
  t.same(read2, read1)
  t.same(read3, read1)
  const second = { base: 1_000, spread: 0 }
  const { tokens, seedData, ...config } = read1
  t.same(tokens.map(({ name }) => name), ['rd_test_full', 'rd_test_read', 'token'])
  t.same(config, {
    port: 1,
    host: '127.0.0.2',
    demo: true,
    clock: { mode: 'auto', at: DEFAULT_INSTANT },
    seed: 's',
    queue: second,
    parse: second,
    extract: second,
    uploads: 'strict',
    'data-dir': 'd',
    'max-upload': 1_024,
    'read-documents': false,
    'import-private': true,
    'public-url': 'http://x',
    cors: false,
    control: false,
    'control-token': 'c',
    'rate-limit': 100,
    store: 'memory',
    load: 'in.json',
    'save-on-exit': 'out.json',
    'log-level': 'warn',
    outcomes: new Map(),
    faults: []
  })
})

t.test('documents are read and private addresses are not, unless that is wished otherwise', async t => {
  const wished = async (...args: string[]): Promise<boolean[]> => {
    const config = await read(t, args)
    return [config['read-documents'], config['import-private']]
  }
  t.same(await wished(), [true, false])
  t.same(await wished('--no-read-documents'), [false, false])
  t.same(await wished('--import-private'), [true, true])
  t.same(await wished('--read-documents', '--no-import-private'), [true, false])
})

t.test('tokens and templates come from the config file', async t => {
  const { tokens, seedData: { templates } } = await read(t, ['--no-demo'], {}, {
    'raydocs-mock.json': JSON.stringify({
      tokens: [
        { name: 'all', token: 'one', abilities: ['*'] },
        { name: 'some', sha256: digestOfToken('two').toUpperCase(), abilities: ['sessions-read'], namespace: 'team-a', user: 'Ana@Example.com' }
      ],
      templates: [
        { id: TEMPLATE_ID, name: 'Receipts', description: 'till receipts', workspace_id: 7, settings: { parsing: { contextual_embedding: true, mode: 'fast' }, colour: 'red' }, schema_json: { config: { x: 1 }, groups: { g: { fields: { f: { type: 'string', more: 1 } } } } } },
        { id: '550e8400-e29b-41d4-a716-446655440000', name: 'Plain', schema_json: { groups: {} } }
      ]
    })
  })
  t.same(tokens, [
    { name: 'all', sha256: digestOfToken('one'), abilities: new Set(ABILITIES), namespace: 'default', user: 'owner@example.com' },
    { name: 'some', sha256: digestOfToken('two'), abilities: new Set(['sessions-read']), namespace: 'team-a', user: 'ana@example.com' }
  ])
  t.same(templates, [
    {
      id: TEMPLATE_ID.toLowerCase(),
      workspaceId: 7,
      name: 'Receipts',
      description: 'till receipts',
      schema: { config: { x: 1 }, groups: { g: { fields: { f: { type: 'string', more: 1 } } } } },
      settings: { parsing: { contextual_embedding: true, mode: 'fast' }, colour: 'red' },
      createdAt: DEFAULT_INSTANT,
      updatedAt: DEFAULT_INSTANT
    },
    {
      id: '550e8400-e29b-41d4-a716-446655440000',
      workspaceId: 1,
      name: 'Plain',
      description: null,
      schema: { groups: {} },
      settings: {},
      createdAt: DEFAULT_INSTANT,
      updatedAt: DEFAULT_INSTANT
    }
  ])
})

t.test('a config file can be named, from here or from the root', async t => {
  const other = t.testdir({ 'x.yml': 'seed: named' })
  t.equal((await readConfig({ config: 'x.yml' }, { env: {}, folder: other })).seed, 'named')
  t.equal((await readConfig({}, { env: { RAYDOCS_MOCK_CONFIG: join(other, 'x.yml') }, folder: '/' })).seed, 'named')
})

t.test('beyond loopback nothing is open unless it was asked for', async t => {
  const all = ['--host', '0.0.0.0']
  await t.rejects(read(t, all), new UsageError('There is no token to accept: give --token or tokens in the config file, or --demo for the well-known demo tokens.'))
  t.match(await read(t, [...all, '--demo']), { demo: true, cors: false, control: false })
  const { tokens, ...config } = await read(t, [...all, '--token', 'own'])
  t.match(config, { demo: false, cors: false, control: false, seedData: { users: [OWNER], workspaces: [demoWorkspace], templates: [] } })
  t.same(tokens, [{ name: 'token', sha256: digestOfToken('own'), abilities: new Set(ABILITIES), namespace: 'default', user: 'owner@example.com' }])
  await t.rejects(read(t, [...all, '--demo', '--control']), new UsageError('The control API beyond loopback needs a token: give --control-token, or leave --control out.'))
  t.match(await read(t, [...all, '--demo', '--control', '--control-token', 'c']), { control: true, 'control-token': 'c' })
})

t.test('what Kubernetes says of a Service of the same name is no setting', async t => {
  const env = { RAYDOCS_MOCK_SERVICE_HOST: '10.0.0.1', RAYDOCS_MOCK_SERVICE_PORT: '4010', RAYDOCS_MOCK_SERVICE_PORT_HTTP: '4010', RAYDOCS_MOCK_PORT: 'tcp://10.0.0.1:4010', RAYDOCS_MOCK_PORT_4010_TCP_ADDR: '10.0.0.1' }
  t.equal((await read(t, [], env)).port, 4010)
  t.equal((await read(t, [], { ...env, PORT: '8080' })).port, 8080)
})

t.test('where a server listens can be told without its tokens', async t => {
  t.same(await readAddress({ port: '1' }, { env: { RAYDOCS_MOCK_HOST: '0.0.0.0' }, folder: t.testdir() }), { host: '0.0.0.0', port: 1 })
})

t.test('loopback is what only this machine can reach', async t => {
  t.same(['127.0.0.1', '127.1.2.3', '::1', 'localhost', '0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org', ''].map(isLoopback), [true, true, true, true, false, false, false, false, false])
})

t.test('wrong usage is told in one line that says what is allowed', async t => {
  const bad = async (message: RegExp, args: string[], env: Record<string, string> = {}, files: Record<string, string> = {}): Promise<void> => {
    const error = await read(t, args, env, files).then(() => null, (error: unknown) => error)
    t.ok(error instanceof UsageError, String(message))
    const told = (error as Error).message
    t.match(told, message)
    t.notMatch(told, /\n/)
  }
  await bad(/^Unknown option '--prot'\. Allowed are --config .*--port/, ['--prot', '1'])
  await bad(/^Option '--port <value>' argument missing\. Allowed are/, ['--port'])
  await bad(/^Unknown command "start now": there are readyz and conduct, or none to serve\.$/, ['start', 'now'])
  await bad(/^Unknown command "readyz now"/, ['readyz', 'now'])
  await bad(/^Unknown RAYDOCS_MOCK_PROT: allowed are RAYDOCS_MOCK_CONFIG, RAYDOCS_MOCK_PORT/, [], { RAYDOCS_MOCK_PROT: '1' })
  await bad(/^--port must be a port from 0 to 65535; it is "http"\.$/, ['--port', 'http'])
  await bad(/^PORT must be a port from 0 to 65535; it is "x"\.$/, [], { PORT: 'x' })
  await bad(/^log_level in the config file must be trace, debug, info, warn, error, fatal or silent; it is "loud"\.$/, [], {}, { 'raydocs-mock.json': '{"log_level": "loud"}' })
  await bad(/^--store must be memory; it is "postgres:\/\/x"\.$/, ['--store', 'postgres://x'])
  await bad(/^The config file none\.json cannot be read: there is no such file\.$/, ['--config', 'none.json'])
  await bad(/^The config file raydocs-mock\.json cannot be understood: /, [], {}, { 'raydocs-mock.json': '{' })
  await bad(/^The config file raydocs-mock\.yaml cannot be understood: /, [], {}, { 'raydocs-mock.yaml': 'a: [' })
  await bad(/^The config file raydocs-mock\.json is not valid at its top: Expected object\.$/, [], {}, { 'raydocs-mock.json': '[]' })
  await bad(/^The config file raydocs-mock\.json is not valid at \/prot: Unexpected property\.$/, [], {}, { 'raydocs-mock.json': '{"prot": 1}' })
  await bad(/^The config file raydocs-mock\.json is not valid at \/tokens\/0\/abilities/, [], {}, { 'raydocs-mock.json': '{"tokens": [{"name": "x", "token": "y"}]}' })
  await bad(/^The token "x" in the config file must have either token or sha256\.$/, [], {}, { 'raydocs-mock.json': '{"tokens": [{"name": "x", "abilities": ["*"]}]}' })
  await bad(/^The token "x" in the config file must have either token or sha256\.$/, [], {}, { 'raydocs-mock.json': `{"tokens": [{"name": "x", "abilities": ["*"], "token": "y", "sha256": "${'a'.repeat(64)}"}]}` })
  await bad(/^The token "x" is one of the real service \(rd_live_\.\.\.\); it is not accepted here\. Make up another\.$/, [], {}, { 'raydocs-mock.json': '{"tokens": [{"name": "x", "abilities": ["*"], "token": "rd_live_abc"}]}' })
  await bad(/^The token "token" is one of the real service/, ['--token', 'rd_live_abc'])
})

t.test('a config file that is no file is told as such', async t => {
  const folder = t.testdir()
  mkdirSync(join(folder, 'raydocs-mock.json'))
  await t.rejects(readConfig({}, { env: {}, folder }), { message: /^The config file raydocs-mock\.json cannot be read: EISDIR/ })
})

t.test('the configuration can be shown without its secrets', async t => {
  const config = await read(t, ['--token', 'secret-1', '--control-token', 'secret-2', '--seed', 's'])
  const shown = printConfig(config)
  t.notMatch(shown, /secret|[0-9a-f]{64}/)
  const owned = { namespace: 'default', user: 'owner@example.com' }
  t.same(JSON.parse(shown), {
    port: 4010,
    host: '127.0.0.1',
    demo: true,
    clock: { mode: 'real' },
    seed: 's',
    queue: { base: 500, spread: 0 },
    parse: { base: 2_000, spread: 1_000 },
    extract: { base: 3_000, spread: 1_000 },
    uploads: 'lenient',
    'data-dir': null,
    'max-upload': 104_857_600,
    'read-documents': true,
    'import-private': false,
    'public-url': null,
    cors: true,
    control: true,
    'rate-limit': null,
    store: 'memory',
    load: null,
    'save-on-exit': null,
    'log-level': 'info',
    outcomes: [],
    faults: [],
    tokens: [
      { name: 'rd_test_full', abilities: [...ABILITIES], ...owned },
      { name: 'rd_test_read', abilities: [...READ_ABILITIES], ...owned },
      { name: 'token', abilities: [...ABILITIES], ...owned }
    ],
    users: [{ name: 'Olivia Owner', email: 'owner@example.com' }],
    workspaces: [{ id: 1, name: 'Accounts payable' }],
    templates: [{ id: '550e8400-e29b-41d4-a716-446655440000', name: 'Invoices', workspace_id: 1 }]
  })
})

t.test('help names every setting with its default', async t => {
  const help = helpText()
  for (const name of SETTING_NAMES) t.match(help, new RegExp(`^  --(\\[no-\\])?${name}\\b`, 'm'))
  t.match(help, /--port <number> .*\(4010\)/)
  t.ok(help.split('\n').every(line => line.length <= 170))
})

t.test('the command line asks for one thing at a time', async t => {
  t.same([[], ['readyz'], ['--help'], ['--version'], ['--print-config']].map(args => readCommand(args).name), ['serve', 'readyz', 'help', 'version', 'print-config'])
  t.same(readCommand(['--seed', 'x', '--no-cors']).flags, { seed: 'x', cors: false })
})
