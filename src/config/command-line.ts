import { parseFlags } from './parse-flags.ts'
import { isToggle, SETTING_NAMES, SETTINGS, type SettingName } from './settings.ts'
import { UsageError } from './usage-error.ts'

/** The command that a command line requests, and its flags for settings. */
export interface Command {
  readonly name: 'serve' | 'readyz' | 'help' | 'version' | 'print-config'
  readonly flags: Flags
}

/** The values of settings, and of `config`, by name. */
export type Flags = Readonly<Record<string, string | boolean>>

const OPTIONS = Object.fromEntries<{ type: 'boolean' | 'string', short?: string }>([
  ['config', { type: 'string' }],
  ...SETTING_NAMES.map(name => [name, { type: isToggle(name) ? 'boolean' : 'string' }] as const),
  ['print-config', { type: 'boolean' }],
  ['help', { type: 'boolean', short: 'h' }],
  ['version', { type: 'boolean' }]
])

/** Reads the command line. Throws UsageError. */
export function readCommand (args: readonly string[]): Command {
  const { values, positionals } = parseFlags({ args: [...args], options: OPTIONS, allowPositionals: true, allowNegative: true })
  const { help, version, 'print-config': printConfig, ...flags } = values as Flags
  const [subcommand, ...rest] = positionals
  if (rest.length > 0 || (subcommand !== undefined && subcommand !== 'readyz')) {
    throw new UsageError(`Unknown command "${positionals.join(' ')}". The commands are readyz and conduct; without one, the server starts.`)
  }
  const name = help === true ? 'help' : version === true ? 'version' : printConfig === true ? 'print-config' : subcommand ?? 'serve'
  return { name, flags }
}

export function helpText (): string {
  const rows = [
    ['--config <file>', 'a JSON or YAML file; without it raydocs-mock.json or raydocs-mock.yaml in this folder'],
    ...SETTING_NAMES.map(helpRowOf),
    ['--print-config', 'print the resulting configuration without secrets, and exit'],
    ['-h, --help', 'print this help, and exit'],
    ['--version', 'print the version, and exit']
  ]
  return [
    'raydocs-mock: a stand-in for the Raydocs document-extraction API',
    '',
    'Usage: raydocs-mock [options]         start the server',
    '       raydocs-mock readyz [options]  exit with 0 if the server with these options is ready, with 1 otherwise',
    '       raydocs-mock conduct --help    report the mistakes of the clients of a running server',
    '',
    ...rows.map(([flag = '', help = '']) => `  ${flag.padEnd(24)} ${help}`),
    '',
    'Every option can also be set by a variable (RAYDOCS_MOCK_LOG_LEVEL for --log-level; also PORT for --port) or in the config',
    'file (log_level). Flags take precedence over variables, variables over the config file. Exit codes: 0 done, 1 failed,',
    '2 wrong usage.'
  ].join('\n')
}

function helpRowOf (name: SettingName): string[] {
  const { placeholder, help, default: byDefault } = SETTINGS[name]
  const flag = `--${isToggle(name) ? '[no-]' : ''}${name} ${placeholder}`.trimEnd()
  return [flag, byDefault === null ? help : `${help} (${byDefault})`]
}
