import { randomBytes } from 'node:crypto'
import type { Ability } from '../domain/workspaces/abilities.ts'
import type { SeedData } from '../store/memory-store.ts'
import type { Flags } from './command-line.ts'
import { ABILITIES } from '../domain/workspaces/abilities.ts'
import { known } from '../domain/known.ts'
import { demoTokenRecords } from './demo-data.ts'
import { OWNER } from '../domain/workspaces/owner.ts'
import { digestOfToken, isProductionToken, type TokenRecord } from '../domain/workspaces/token.ts'
import { isLoopback } from '../http/hosts.ts'
import { DEFAULT_NAMESPACE } from '../namespaces/namespace.ts'
import type { ConfigFile } from './config-file.ts'
import { readSettings, type SettingValues, type Sources } from './read-settings.ts'
import { readRules, type Rules } from './rules.ts'
import { readSeedData } from './seed-data.ts'
import type { SettingName } from './settings.ts'
import { secret } from './values.ts'
import { UsageError } from './usage-error.ts'

/** The settings that stay null unless they are given. */
type OptionalSetting = 'data-dir' | 'public-url' | 'cors' | 'control-token' | 'rate-limit' | 'load' | 'save-on-exit' | 'save-every'

type RequiredSetting = Exclude<SettingName, OptionalSetting | 'token'>

type Settings = Pick<SettingValues, OptionalSetting> & { readonly [Name in RequiredSetting]: NonNullable<SettingValues[Name]> }

/** The complete, validated configuration. */
export type Config = Settings & Rules & {
  readonly tokens: readonly TokenRecord[]
  /** The initial records of every namespace. */
  readonly seedData: SeedData
}

/** Reads the configuration: flags take precedence over variables, the config file and defaults. Throws UsageError. */
export async function readConfig (flags: Flags, sources: Sources): Promise<Config> {
  const { values, file } = await readSettings(flags, sources)
  return completeConfig(values, file)
}

/** Reads the address that the server with this configuration listens on, even if the configuration lacks a token. Throws UsageError. */
export async function readAddress (flags: Flags, sources: Sources): Promise<Pick<Config, 'host' | 'port'>> {
  const { values: { host, port } } = await readSettings(flags, sources)
  return { host: known(host, 'the host has a default'), port: known(port, 'the port has a default') }
}

/** Returns the configuration of the settings and the config file. Throws UsageError. */
export function completeConfig (values: SettingValues, file: ConfigFile): Config {
  const { token, ...settings } = values
  const loopback = isLoopback(known(values.host, 'the host has a default'))
  const demo = values.demo ?? loopback
  const tokens = tokensOf(token, file, demo)
  const control = values.control ?? loopback
  if (control && !loopback && values['control-token'] === null) {
    throw new UsageError('A control API that other machines can reach needs a token: give --control-token, or omit --control.')
  }
  if (values['save-every'] !== null && values['save-on-exit'] === null) {
    throw new UsageError('--save-every needs a file: give --save-on-exit, too.')
  }
  const seedData = readSeedData(file, demo)
  return {
    ...settings as Settings,
    demo,
    control,
    seed: values.seed ?? randomBytes(8).toString('hex'),
    tokens,
    seedData,
    ...readRules(file, seedData.templates)
  }
}

function tokensOf (token: string | null, file: ConfigFile, demo: boolean): TokenRecord[] {
  const tokens = [
    ...demo ? demoTokenRecords : [],
    ...token === null ? [] : [tokenRecordOf({ name: 'token', token, abilities: ['*'] })],
    ...(file.tokens ?? []).map(tokenRecordOf)
  ]
  if (tokens.length > 0) return tokens
  throw new UsageError('No token is configured: give --token, tokens in the config file, or --demo for the demo tokens.')
}

function tokenRecordOf (configured: NonNullable<ConfigFile['tokens']>[number]): TokenRecord {
  const { name, sha256, abilities, namespace = DEFAULT_NAMESPACE, user = OWNER.email } = configured
  const token = configured.token === undefined ? undefined : secret.read(configured.token)
  if (token !== undefined && isProductionToken(token)) {
    throw new UsageError(`The token "${name}" is a production token (rd_live_...), which is never accepted here: use another value.`)
  }
  const digest = token === undefined ? sha256 : digestOfToken(token)
  if (digest === undefined || (token !== undefined && sha256 !== undefined)) {
    throw new UsageError(`The token "${name}" in the config file must have either token or sha256.`)
  }
  const granted = abilities.includes('*') ? ABILITIES : abilities as Ability[]
  return { name, sha256: digest.toLowerCase(), abilities: new Set(granted), namespace, user: user.toLowerCase() }
}

/** Returns the configuration as JSON, without secrets. */
export function printConfig ({ tokens, seedData: { users, workspaces, templates }, 'control-token': _secret, ...config }: Config): string {
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
