import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { Ability } from '../domain/workspaces/abilities.ts'
import type { OutcomeRule } from '../domain/lifecycle/outcome.ts'
import type { SeedData } from '../store/store.ts'
import type { FaultRule } from '../traffic/fault-rule.ts'
import { ABILITIES } from '../domain/workspaces/abilities.ts'
import { demoTokenRecords, OWNER } from '../demo.ts'
import { digestOfToken, isProductionToken, type TokenRecord } from '../http/tokens.ts'
import { DEFAULT_NAMESPACE } from '../namespaces/namespace.ts'
import { keyOf, readConfigFile, type ConfigFile } from './config-file.ts'
import { readRules } from './rules.ts'
import { readSeedData } from './seed-data.ts'
import { envOf, isSwitch, SETTING_NAMES, SETTINGS, type Setting, type SettingName } from './settings.ts'
import { UsageError } from './usage-error.ts'

type Values = { readonly [Name in SettingName]: typeof SETTINGS[Name] extends Setting<infer T> ? T | null : never }

type WithDefault = 'port' | 'host' | 'clock' | 'queue' | 'parse' | 'extract' | 'uploads' | 'max-upload' | 'store' | 'log-level' | 'read-documents' | 'import-private' | 'seed' | 'demo' | 'cors' | 'control'

/** Everything that can be configured, checked and complete. */
export type Config = Omit<Values, WithDefault | 'token'> & { readonly [Name in WithDefault]: NonNullable<Values[Name]> } & {
  readonly tokens: readonly TokenRecord[]
  /** What every namespace begins with. */
  readonly seedWorld: SeedData
  readonly outcomes: ReadonlyMap<string, OutcomeRule>
  readonly faults: readonly FaultRule[]
}

export interface Sources {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where config files are looked for. */
  readonly folder: string
}

/** What the command line asks for beside settings. */
export interface Command {
  readonly name: 'serve' | 'readyz' | 'help' | 'version' | 'print-config'
  readonly flags: Readonly<Record<string, string | boolean>>
}

/** The command line, taken apart. Throws UsageError. */
export function readCommand (args: readonly string[]): Command {
  const { values, positionals } = parse(args)
  const { help, version, 'print-config': printConfig, ...flags } = values as Record<string, string | boolean>
  const [subcommand, ...rest] = positionals
  if (rest.length > 0 || (subcommand !== undefined && subcommand !== 'readyz')) {
    throw new UsageError(`Unknown command "${positionals.join(' ')}": there are readyz and conduct, or none to serve.`)
  }
  const name = help === true ? 'help' : version === true ? 'version' : printConfig === true ? 'print-config' : subcommand ?? 'serve'
  return { name, flags }
}

function parse (args: readonly string[]): { values: object, positionals: string[] } {
  const switches = ['help', 'version', 'print-config', ...SETTING_NAMES.filter(isSwitch)]
  const valued = ['config', ...SETTING_NAMES.filter(name => !isSwitch(name))]
  try {
    return parseArgs({
      args: [...args],
      options: Object.fromEntries([
        ...switches.map(name => [name, { type: 'boolean' }]),
        ...valued.map(name => [name, { type: 'string' }])
      ]) as Record<string, { type: 'boolean' | 'string' }>,
      allowPositionals: true,
      allowNegative: true
    })
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ', 1)[0]}. Allowed are ${[...valued, ...switches].map(name => `--${name}`).join(' ')}.`)
  }
}

/** The configuration: flags over environment over config file over defaults. Throws UsageError. */
export async function readConfig (flags: Command['flags'], sources: Omit<Sources, 'args'>): Promise<Config> {
  const { values, file } = await readValues(flags, sources)
  return complete(values, file)
}

/** Where the server with this configuration listens, whatever else it may lack. Throws UsageError. */
export async function readAddress (flags: Command['flags'], sources: Omit<Sources, 'args'>): Promise<Pick<Config, 'host' | 'port'>> {
  const { values: { host, port } } = await readValues(flags, sources)
  return { host, port } as Pick<Config, 'host' | 'port'>
}

async function readValues (flags: Command['flags'], { env: given, folder }: Omit<Sources, 'args'>): Promise<{ values: Values, file: ConfigFile }> {
  const env = withoutServiceLinks(given)
  refuseUnknownVariables(env)
  const path = flags['config'] ?? env[envOf('config')]
  const file = await readConfigFile(path === undefined ? undefined : String(path), folder)
  const values = readWritten(name => {
    const variables = [envOf(name), ...SETTINGS[name].alsoEnv ?? []]
    return [
      [`--${name}`, flags[name]],
      ...variables.map((variable): [string, unknown] => [variable, env[variable] === '' ? undefined : env[variable]]),
      [`${keyOf(name)} in the config file`, (file as Record<string, unknown>)[keyOf(name)]]
    ]
  })
  return { values, file }
}

/** Every setting, from the first place where it is written, or else its default. Throws UsageError. */
export function readWritten (placesOf: (name: SettingName) => ReadonlyArray<readonly [place: string, written: unknown]>): Values {
  return Object.fromEntries(SETTING_NAMES.map(name => {
    const { value, default: byDefault } = SETTINGS[name] as Setting<unknown>
    const [where, given] = [...placesOf(name), ['the default', byDefault ?? undefined] as const].find(([, given]) => given !== undefined) ?? []
    if (given === undefined) return [name, null]
    const read = value.read(String(given))
    if (read === undefined) throw new UsageError(`${where} must be ${value.allowed}; it is "${String(given)}".`)
    return [name, read]
  })) as unknown as Values
}

/** Kubernetes tells every container of a Service called raydocs-mock in variables that look like ours. */
function withoutServiceLinks (env: Sources['env']): Sources['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name, value = '']) =>
    !/^RAYDOCS_MOCK_(SERVICE_(HOST|PORT.*)|PORT_\d+_.*)$/.test(name) && !(name === envOf('port') && /^\w+:\/\//.test(value))))
}

function refuseUnknownVariables (env: Sources['env']): void {
  const known = new Set(['config', ...SETTING_NAMES].map(envOf))
  const unknown = Object.keys(env).filter(name => name.startsWith(envOf('')) && !known.has(name))
  if (unknown.length > 0) throw new UsageError(`Unknown ${unknown.join(', ')}: allowed are ${[...known].join(', ')}.`)
}

/** The configuration that settings and a config file make. Throws UsageError. */
export function complete (values: Values, file: ConfigFile): Config {
  const { token, ...settings } = values
  const loopback = isLoopback(String(values.host))
  const demo = values.demo ?? loopback
  const tokens = [
    ...demo ? demoTokenRecords : [],
    ...token === null ? [] : [tokenRecordOf({ name: 'token', token, abilities: ['*'] })],
    ...(file.tokens ?? []).map(tokenRecordOf)
  ]
  if (tokens.length === 0) {
    throw new UsageError('There is no token to accept: give --token or tokens in the config file, or --demo for the well-known demo tokens.')
  }
  const control = values.control ?? loopback
  if (control && !loopback && values['control-token'] === null) {
    throw new UsageError('The control API beyond loopback needs a token: give --control-token, or leave --control out.')
  }
  const seedWorld = readSeedData(file, demo)
  return {
    ...settings as Omit<Config, 'tokens' | 'seedWorld' | 'outcomes' | 'faults' | 'demo' | 'cors' | 'control' | 'seed'>,
    demo,
    cors: values.cors ?? loopback,
    control,
    seed: values.seed ?? randomBytes(8).toString('hex'),
    tokens,
    seedWorld,
    ...readRules(file, seedWorld.templates)
  }
}

function tokenRecordOf ({ name, token, sha256, abilities, namespace = DEFAULT_NAMESPACE, user = OWNER.email }: NonNullable<ConfigFile['tokens']>[number]): TokenRecord {
  if (token !== undefined && isProductionToken(token)) {
    throw new UsageError(`The token "${name}" is one of the real service (rd_live_...); it is not accepted here. Make up another.`)
  }
  const digest = token === undefined ? sha256 : digestOfToken(token)
  if (digest === undefined || (token !== undefined && sha256 !== undefined)) {
    throw new UsageError(`The token "${name}" in the config file must have either token or sha256.`)
  }
  const granted = abilities.includes('*') ? ABILITIES : abilities as Ability[]
  return { name, sha256: digest.toLowerCase(), abilities: new Set(granted), namespace, user: user.toLowerCase() }
}

/** Whether only this machine can reach the address. */
export function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

/** The configuration as JSON, secrets left out. */
export function printConfig ({ tokens, seedWorld: { users, workspaces, templates }, 'control-token': _secret, ...config }: Config): string {
  const shown = {
    ...config,
    tokens: tokens.map(({ name, abilities, namespace, user }) => ({ name, abilities: [...abilities], namespace, user })),
    users: users.map(({ name, email }) => ({ name, email })),
    workspaces: workspaces.map(({ id, name }) => ({ id, name })),
    templates: templates.map(({ id, name, workspaceId }) => ({ id, name, workspace_id: workspaceId })),
    outcomes: [...config.outcomes.keys()]
  }
  return JSON.stringify(shown, null, 2)
}

/** The help page. */
export function helpText (): string {
  const rows = [
    ['--config <file>', 'JSON or YAML; else raydocs-mock.json or raydocs-mock.yaml here, if there', ''],
    ...SETTING_NAMES.map(name => {
      const { placeholder, help, default: byDefault } = SETTINGS[name]
      return [`--${isSwitch(name) ? '[no-]' : ''}${name} ${placeholder}`.trimEnd(), help, byDefault === null ? '' : ` (${byDefault})`]
    }),
    ['--print-config', 'show the configuration that results, secrets hidden, and exit', ''],
    ['--help, --version', 'show this, or the version, and exit', '']
  ]
  return [
    'raydocs-mock: a stand-in for the Raydocs document-extraction API',
    '',
    'Usage: raydocs-mock [options]         serve',
    '       raydocs-mock readyz [options]  exit 0 if the server with these options is ready to serve, else 1',
    '       raydocs-mock conduct --help    what the clients of a running server did wrong',
    '',
    ...rows.map(([flag = '', help = '', byDefault = '']) => `  ${flag.padEnd(24)} ${help}${byDefault}`),
    '',
    'Every option can be given as a variable (--log-level: RAYDOCS_MOCK_LOG_LEVEL; --port: PORT too) or in the config file',
    '(log_level). Flags go over variables over the file. Exit codes: 0 done, 1 failed, 2 wrong usage.'
  ].join('\n')
}
