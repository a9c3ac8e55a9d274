import { keyOf, readConfigFile, type ConfigFile } from './config-file.ts'
import type { Flags } from './command-line.ts'
import { envOf, SETTING_NAMES, SETTINGS, type Setting, type SettingName } from './settings.ts'
import { UsageError } from './usage-error.ts'

/** The value of every setting; null for a setting that is neither written anywhere nor has a default. */
export type SettingValues = { readonly [Name in SettingName]: typeof SETTINGS[Name] extends Setting<infer T> ? T | null : never }

type Env = Readonly<Record<string, string | undefined>>

export interface Sources {
  readonly env: Env
  /** The folder in which config files are looked up. */
  readonly folder: string
}

/** Reads all settings: flags take precedence over variables, variables over the config file. Throws UsageError. */
export async function readSettings (flags: Flags, sources: Sources): Promise<{ values: SettingValues, file: ConfigFile }> {
  const env = withoutServiceLinks(sources.env)
  assertKnownVariables(env)
  const path = flags['config'] ?? env[envOf('config')]
  const file = await readConfigFile(path === undefined ? undefined : String(path), sources.folder)
  const values = resolveSettings(name => {
    const variables = [envOf(name), ...SETTINGS[name].alsoEnv]
    return [
      [`--${name}`, flags[name]],
      ...variables.map((variable): [string, unknown] => [variable, env[variable] === '' ? undefined : env[variable]]),
      [`${keyOf(name)} in the config file`, (file as Record<string, unknown>)[keyOf(name)]]
    ]
  })
  return { values, file }
}

/** The places where a setting can be written, in order of precedence, each with the text there; undefined if there is none. */
type Places = ReadonlyArray<readonly [place: string, written: unknown]>

/** Returns the value of every setting, from the first place where it is written, or else from its default. Throws UsageError. */
export function resolveSettings (placesOf: (name: SettingName) => Places): SettingValues {
  return Object.fromEntries(SETTING_NAMES.map(name => {
    const { value, default: byDefault } = SETTINGS[name] as Setting<unknown>
    const places: Places = [...placesOf(name), ['the default', byDefault ?? undefined]]
    const [place, written] = places.find(([, written]) => written !== undefined) ?? []
    if (written === undefined) return [name, null]
    const read = value.read(String(written))
    if (read === undefined) throw new UsageError(`${place} must be ${value.allowed}; it is "${String(written)}".`)
    return [name, read]
  })) as unknown as SettingValues
}

/** Kubernetes sets variables for a Service called raydocs-mock in every container, and their names look like those of settings. */
function withoutServiceLinks (env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name, value = '']) =>
    !/^RAYDOCS_MOCK_(SERVICE_(HOST|PORT.*)|PORT_\d+_.*)$/.test(name) && !(name === envOf('port') && /^\w+:\/\//.test(value))))
}

function assertKnownVariables (env: Env): void {
  const allowed = new Set(['config', ...SETTING_NAMES].map(envOf))
  const unknown = Object.keys(env).filter(name => name.startsWith(envOf('')) && !allowed.has(name))
  if (unknown.length > 0) throw new UsageError(`Unknown variable ${unknown.join(', ')}. Allowed are ${[...allowed].join(' ')}.`)
}
