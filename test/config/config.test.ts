import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import fc from 'fast-check'
import { demoTemplate, demoTokenRecords, demoWorkspace } from '../../src/config/demo-data.ts'
import { OWNER } from '../../src/domain/workspaces/owner.ts'
import { ABILITIES, READ_ABILITIES } from '../../src/domain/workspaces/abilities.ts'
import { DEFAULT_INSTANT } from '../../src/domain/lifecycle/clock.ts'
import { readCommand } from '../../src/config/command-line.ts'
import { printConfig, readAddress, readConfig, type Config } from '../../src/config/config.ts'
import { envOf, type SettingName } from '../../src/config/settings.ts'
import { UsageError } from '../../src/config/usage-error.ts'
import { digestOfToken } from '../../src/domain/workspaces/token.ts'

const TEMPLATE_ID = '9B1DEB4D-3b7d-4bad-9bdd-2b0d7b3dcb6d'

/** Reads the configuration in a folder with these files. */
async function read (t: Test, args: string[] = [], env: Record<string, string> = {}, files: Record<string, string> = {}): Promise<Config> {
  const folder = t.testdir()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return await readConfig(readCommand(args).flags, { env, folder })
}

t.test('every setting has its default', async t => {
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
    abilities: 'strict',
    'data-dir': null,
    'max-upload': 104_857_600,
    'read-documents': true,
    'import-private': false,
    'public-url': null,
    'trust-proxy': false,
    'allowed-hosts': [],
    cors: null,
    control: true,
    'control-token': null,
    'rate-limit': null,
    store: 'memory',
    load: null,
    'save-on-exit': null,
    'save-every': null,
    'log-level': 'info'
  })
  t.match(seed, /^[0-9a-f]{16}$/)
  t.not((await read(t)).seed, seed, 'the default seed is random')
  t.same(tokens, demoTokenRecords)
  t.same(seedData, { users: [OWNER], workspaces: [demoWorkspace], templates: [demoTemplate] })
  t.same([outcomes, faults], [new Map(), []])
})

t.test('the config file has outcomes and faults in the form of the control API', async t => {
  const demo = '550e8400-e29b-41d4-a716-446655440000'
  const file = (outcomes: object, faults: object[] = []): Record<string, string> => {
    return { 'raydocs-mock.json': JSON.stringify({ outcomes, faults }) }
  }
  const attempts = { 1: { data: { invoice: { currency: 'EUR' } } }, '*': { extract: 'never' } }
  const rule = { match: { template: demo, file: '*.pdf' }, attempts }
  const fault = { match: { method: 'POST' }, status: 503, times: 1 }
  const config = await read(t, [], {}, file({ mine: rule }, [fault]))
  const script = [
    { from: 1, to: 1, outcome: { fixture: { data: rule.attempts[1].data } } },
    { from: 1, to: Infinity, outcome: { extractMs: Infinity } }
  ]
  t.same(config.outcomes, new Map([['mine', { match: rule.match, script }]]))
  t.same(config.faults, [fault])
  t.same(JSON.parse(printConfig(config)).outcomes, ['mine'])
  const rejected = async (message: RegExp, outcomes: object, faults: object[] = []): Promise<void> => {
    await t.rejects(read(t, [], {}, file(outcomes, faults)), { name: 'Error', message })
  }
  const invalid = { match: { template: demo }, attempts: { 1: { data: { invoice: { currency: 5 } } } } }
  await rejected(/^The configuration is not valid at \/outcomes\/mine: The attempts\.0 field/, { mine: { match: {}, attempts: { 0: {} } } })
  await rejected(/at \/outcomes\/mine: The attempts\.1\.data\.invoice\.currency field must be a string\.$/, { mine: invalid })
  await rejected(/at \/outcomes\/mine: The match\.template field/, { mine: { match: {}, attempts: { 1: { data: {} } } } })
  await rejected(/is not valid at \/outcomes\/mine\/attempts\/1\/parse/, { mine: { match: {}, attempts: { 1: { parse: 'soon' } } } })
  await rejected(/^The configuration is not valid at \/faults\/0: The status field/, {}, [{ match: {} }])
  await rejected(/is not valid at \/faults\/0\/match/, {}, [{ status: 500 }])
})

t.test('flags take precedence over variables, the config file and defaults; PORT comes after RAYDOCS_MOCK_PORT', async t => {
  const file = { 'raydocs-mock.json': '{"port": 1}' }
  t.equal((await read(t, ['--port', '4'], { RAYDOCS_MOCK_PORT: '3', PORT: '2' }, file)).port, 4)
  t.equal((await read(t, [], { RAYDOCS_MOCK_PORT: '3', PORT: '2' }, file)).port, 3)
  t.equal((await read(t, [], { PORT: '2' }, file)).port, 2)
  t.equal((await read(t, [], {}, file)).port, 1)
  t.equal((await read(t, [], { RAYDOCS_MOCK_PORT: '', PORT: '' }, file)).port, 1, 'an empty variable counts as absent')
})

t.test('a setting has the value of its first source', async t => {
  const sizes = fc.option(fc.nat(), { nil: undefined })
  await fc.assert(fc.asyncProperty(sizes, sizes, sizes, async (flag, variable, file) => {
    const config = await read(t, flag === undefined ? [] : ['--max-upload', String(flag)],
      variable === undefined ? {} : { RAYDOCS_MOCK_MAX_UPLOAD: String(variable) },
      { 'raydocs-mock.json': JSON.stringify(file === undefined ? {} : { max_upload: file }) })
    return config['max-upload'] === (flag ?? variable ?? file ?? 104_857_600)
  }), { numRuns: 30 })
})

t.test('every setting can be written as a flag, a variable or in the config file', async t => {
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
    abilities: 'write-implies-read',
    'data-dir': 'd',
    'max-upload': '1KiB',
    'read-documents': 'off',
    'import-private': 'on',
    'public-url': 'http://x',
    'trust-proxy': '10.0.0.0/8,::1',
    'allowed-hosts': 'mock.test,*.example.org',
    cors: 'https://app.example.org',
    control: 'off',
    'control-token': 'c',
    'rate-limit': '100',
    store: 'memory',
    load: 'in.json',
    'save-on-exit': 'out.json',
    'save-every': '30s',
    'log-level': 'warn'
  }
  const values = Object.entries(written)
  const flagsOf = ([name, value]: [string, string]): string[] => {
    return value === 'on' ? [`--${name}`] : value === 'off' ? [`--no-${name}`] : [`--${name}`, value]
  }
  const fromFlags = await read(t, values.flatMap(flagsOf))
  const fromVariables = await read(t, [], Object.fromEntries(values.map(([name, value]) => [envOf(name), value])))
  const yaml = values.map(([name, value]) => `${name.replaceAll('-', '_')}: ${value}`).join('\n')
  const fromFile = await read(t, [], {}, { 'raydocs-mock.yaml': yaml })
  t.same(fromVariables, fromFlags)
  t.same(fromFile, fromFlags)
  const second = { base: 1_000, spread: 0 }
  const { tokens, seedData, ...config } = fromFlags
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
    abilities: 'write-implies-read',
    'data-dir': 'd',
    'max-upload': 1_024,
    'read-documents': false,
    'import-private': true,
    'public-url': 'http://x',
    'trust-proxy': ['10.0.0.0/8', '::1'],
    'allowed-hosts': ['mock.test', '*.example.org'],
    cors: ['https://app.example.org'],
    control: false,
    'control-token': 'c',
    'rate-limit': 100,
    store: 'memory',
    load: 'in.json',
    'save-on-exit': 'out.json',
    'save-every': 30_000,
    'log-level': 'warn',
    outcomes: new Map(),
    faults: []
  })
})

t.test('saving at intervals needs a file', async t => {
  await t.rejects(read(t, ['--save-every', '1m']), { message: '--save-every needs a file: give --save-on-exit, too.' })
})

t.test('by default documents are read and private addresses are not', async t => {
  const settings = async (...args: string[]): Promise<boolean[]> => {
    const config = await read(t, args)
    return [config['read-documents'], config['import-private']]
  }
  t.same(await settings(), [true, false])
  t.same(await settings('--no-read-documents'), [false, false])
  t.same(await settings('--import-private'), [true, true])
  t.same(await settings('--read-documents', '--no-import-private'), [true, false])
})

t.test('reads tokens and templates from the config file', async t => {
  const schema = { config: { x: 1 }, groups: { g: { fields: { f: { type: 'string', more: 1 } } } } }
  const settings = { parsing: { contextual_embedding: true, mode: 'fast' }, colour: 'red' }
  const { tokens, seedData: { templates } } = await read(t, ['--no-demo'], {}, {
    'raydocs-mock.json': JSON.stringify({
      tokens: [
        { name: 'all', token: 'one', abilities: ['*'] },
        {
          name: 'some',
          sha256: digestOfToken('two').toUpperCase(),
          abilities: ['sessions-read'],
          namespace: 'team-a',
          user: 'Ana@Example.com'
        }
      ],
      templates: [
        { id: TEMPLATE_ID, name: 'Receipts', description: 'till receipts', workspace_id: 7, settings, schema_json: schema },
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
      schema,
      settings,
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

t.test('finds a config file by a relative or an absolute path', async t => {
  const other = t.testdir({ 'x.yml': 'seed: named' })
  t.equal((await readConfig({ config: 'x.yml' }, { env: {}, folder: other })).seed, 'named')
  t.equal((await readConfig({}, { env: { RAYDOCS_MOCK_CONFIG: join(other, 'x.yml') }, folder: '/' })).seed, 'named')
})

t.test('beyond loopback nothing is open unless it is configured', async t => {
  const all = ['--host', '0.0.0.0']
  const noToken = 'No token is configured: give --token, tokens in the config file, or --demo for the demo tokens.'
  const openControl = 'A control API that other machines can reach needs a token: give --control-token, or omit --control.'
  await t.rejects(read(t, all), new UsageError(noToken))
  t.match(await read(t, [...all, '--demo']), { demo: true, cors: null, control: false })
  const { tokens, ...config } = await read(t, [...all, '--token', 'own'])
  t.match(config, {
    demo: false,
    cors: null,
    control: false,
    seedData: { users: [OWNER], workspaces: [demoWorkspace], templates: [] }
  })
  t.same(tokens, [{
    name: 'token',
    sha256: digestOfToken('own'),
    abilities: new Set(ABILITIES),
    namespace: 'default',
    user: 'owner@example.com'
  }])
  await t.rejects(read(t, [...all, '--demo', '--control']), new UsageError(openControl))
  t.match(await read(t, [...all, '--demo', '--control', '--control-token', 'c']), { control: true, 'control-token': 'c' })
})

t.test('ignores the variables that Kubernetes sets for a Service of the same name', async t => {
  const env = {
    RAYDOCS_MOCK_SERVICE_HOST: '10.0.0.1',
    RAYDOCS_MOCK_SERVICE_PORT: '4010',
    RAYDOCS_MOCK_SERVICE_PORT_HTTP: '4010',
    RAYDOCS_MOCK_PORT: 'tcp://10.0.0.1:4010',
    RAYDOCS_MOCK_PORT_4010_TCP_ADDR: '10.0.0.1'
  }
  t.equal((await read(t, [], env)).port, 4010)
  t.equal((await read(t, [], { ...env, PORT: '8080' })).port, 8080)
})

t.test('reads the address of a server without its tokens', async t => {
  const address = await readAddress({ port: '1' }, { env: { RAYDOCS_MOCK_HOST: '0.0.0.0' }, folder: t.testdir() })
  t.same(address, { host: '0.0.0.0', port: 1 })
})

t.test('reports wrong usage in one line that says what is allowed', async t => {
  type Files = Record<string, string>
  const bad = async (message: RegExp, args: string[], env: Record<string, string> = {}, files: Files = {}): Promise<void> => {
    const error = await read(t, args, env, files).then(() => null, (error: unknown) => error)
    t.ok(error instanceof UsageError, String(message))
    t.match((error as Error).message, message)
    t.notMatch((error as Error).message, /\n/)
  }
  const badFile = async (message: RegExp, content: string, name = 'raydocs-mock.json'): Promise<void> => {
    await bad(message, [], {}, { [name]: content })
  }
  const badToken = async (message: RegExp, token: object): Promise<void> => await badFile(message, JSON.stringify({ tokens: [token] }))
  await bad(/^Unknown option '--prot'\. Did you mean --port\? Allowed are --config --port .* --version\.$/, ['--prot', '1'])
  await bad(/^Option '--port <value>' argument missing\. Allowed are/, ['--port'])
  const commands = /^Unknown command "start now"\. The commands are readyz and conduct; without one, the server starts\.$/
  await bad(commands, ['start', 'now'])
  await bad(/^Unknown command "readyz now"/, ['readyz', 'now'])
  await bad(/^Unknown variable RAYDOCS_MOCK_PROT\. Allowed are RAYDOCS_MOCK_CONFIG RAYDOCS_MOCK_PORT/, [], { RAYDOCS_MOCK_PROT: '1' })
  await bad(/^--port must be a port from 0 to 65535; it is "http"\.$/, ['--port', 'http'])
  await bad(/^PORT must be a port from 0 to 65535; it is "x"\.$/, [], { PORT: 'x' })
  const levels = 'trace, debug, info, warn, error, fatal or silent'
  await badFile(new RegExp(`^log_level in the config file must be ${levels}; it is "loud"\\.$`), '{"log_level": "loud"}')
  await bad(/^--store must be memory; it is "postgres:\/\/x"\.$/, ['--store', 'postgres://x'])
  await bad(/^--seed must be a non-empty text; it is ""\.$/, ['--seed', ''])
  await bad(/^The config file none\.json cannot be read: the file does not exist\.$/, ['--config', 'none.json'])
  await badFile(/^The config file raydocs-mock\.json cannot be parsed: /, '{')
  await badFile(/^The config file raydocs-mock\.yaml cannot be parsed: /, 'a: [', 'raydocs-mock.yaml')
  await badFile(/^The config file raydocs-mock\.json is not valid at its top level: Expected object\.$/, '[]')
  await badFile(/^The config file raydocs-mock\.json is not valid at \/prot: Unexpected property\.$/, '{"prot": 1}')
  await badToken(/^The config file raydocs-mock\.json is not valid at \/tokens\/0\/abilities/, { name: 'x', token: 'y' })
  const eitherOr = /^The token "x" in the config file must have either token or sha256\.$/
  await badToken(eitherOr, { name: 'x', abilities: ['*'] })
  await badToken(eitherOr, { name: 'x', abilities: ['*'], token: 'y', sha256: 'a'.repeat(64) })
  const production = /^The token "x" is a production token \(rd_live_\.\.\.\), which is never accepted here: use another value\.$/
  await badToken(production, { name: 'x', abilities: ['*'], token: 'rd_live_abc' })
  await bad(/^The token "token" is a production token/, ['--token', 'rd_live_abc'])
})

t.test('rejects a folder in place of a config file', async t => {
  const folder = t.testdir()
  mkdirSync(join(folder, 'raydocs-mock.json'))
  await t.rejects(readConfig({}, { env: {}, folder }), { message: /^The config file raydocs-mock\.json cannot be read: EISDIR/ })
})

t.test('prints the configuration without its secrets', async t => {
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
    abilities: 'strict',
    'data-dir': null,
    'max-upload': 104_857_600,
    'read-documents': true,
    'import-private': false,
    'public-url': null,
    'trust-proxy': false,
    'allowed-hosts': [],
    cors: null,
    control: true,
    'rate-limit': null,
    store: 'memory',
    load: null,
    'save-on-exit': null,
    'save-every': null,
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

t.test('trims tokens, which files and variables often end with a line feed', async t => {
  const { tokens, 'control-token': controlToken } = await read(t, ['--no-demo'], { RAYDOCS_MOCK_TOKEN: 'abc\n', RAYDOCS_MOCK_CONTROL_TOKEN: ' c\r\n' }, {
    'raydocs-mock.json': JSON.stringify({ tokens: [{ name: 'file', token: '\tdef \n', abilities: ['*'] }] })
  })
  t.strictSame(tokens.map(({ sha256 }) => sha256), ['abc', 'def'].map(digestOfToken))
  t.equal(controlToken, 'c')
  await t.rejects(read(t, [], { RAYDOCS_MOCK_TOKEN: ' \n' }), { message: 'RAYDOCS_MOCK_TOKEN must be a non-empty text; it is " \n".' })
  await t.rejects(read(t, ['--token', ' rd_live_abc']), { message: /production token/ })
  const blank = { 'raydocs-mock.json': JSON.stringify({ tokens: [{ name: 'file', token: ' ', abilities: ['*'] }] }) }
  await t.rejects(read(t, [], {}, blank), { message: 'The token "file" in the config file must have either token or sha256.' })
})
