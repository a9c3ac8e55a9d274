import {
  clock, count, duration, hostNames, logLevel, oneOf, onOff, origins, pause, port, proxies, secret, size, text, url, type ValueReader
} from './values.ts'

/** One setting: read from a flag, a variable or the config file, in this order of precedence, or else its default. */
export interface Setting<T> {
  readonly value: ValueReader<T>
  /** As it would be written; null if there is none, or if it depends on other settings. */
  readonly default: string | null
  /** Further variables, read after its own (`RAYDOCS_MOCK_` and its name). */
  readonly alsoEnv: readonly string[]
  /** The form of the value in the help text; empty for a flag without a value. */
  readonly placeholder: string
  readonly help: string
}

/** All settings. The help text, the schema of the config file and the README's table follow this order. */
export const SETTINGS = {
  port: setting(port, '4010', '<number>', 'the port to listen on; 0 lets the system choose', ['PORT']),
  host: setting(text, '127.0.0.1', '<address>', 'the address to listen on; 0.0.0.0 for all addresses'),
  demo: toggle(null, 'the demo tokens and template; by default on loopback only'),
  token: setting(secret, null, '<token>', 'a token with every ability, in addition to those of the config file'),
  clock: setting(clock, 'real', '<mode>', `the clock: ${clock.allowed}`),
  seed: setting(text, null, '<text>', 'determines ids, durations and extracted values; random by default'),
  queue: setting(duration, '500ms', '<duration>', 'the time that work waits for a worker'),
  parse: setting(duration, '2s~1s', '<duration>', 'the time to parse a document; ~ means plus or minus'),
  extract: setting(duration, '3s~1s', '<duration>', 'the time of an extraction'),
  uploads: setting(oneOf('lenient', 'strict'), 'lenient', '<policy>', 'strict rejects a file key without an upload'),
  abilities: setting(
    oneOf('strict', 'write-implies-read'),
    'strict',
    '<policy>',
    'write-implies-read lets a token read what it can write, as the published scripts expect'
  ),
  'data-dir': setting(text, null, '<folder>', 'the folder for uploaded files; by default a temporary folder, deleted at exit'),
  'max-upload': setting(size, '100MiB', '<size>', 'the largest size of an uploaded file'),
  'read-documents': toggle('on', 'extract text from uploaded files: values are found in it, and unreadable files fail to parse'),
  'import-private': toggle('off', 'let importUrl fetch from loopback and private addresses'),
  'public-url': setting(url, null, '<url>', 'the beginning of upload URLs; by default the host of the request'),
  'trust-proxy': setting(proxies, 'off', '<proxies>', `the proxies whose X-Forwarded headers are believed: ${proxies.allowed}`),
  'allowed-hosts': setting(hostNames, '', '<names>', 'further names of the server, separated by commas: mock.test,*.example.org'),
  cors: setting(
    origins, null, '<origins>', 'pages that may call: origins separated by commas, * for all, or off; on loopback also local pages'
  ),
  control: toggle(null, 'the control API under /_mock; by default on loopback only'),
  'control-token': setting(secret, null, '<token>', 'the bearer token for the control API; required if other machines can reach it'),
  'rate-limit': setting(count, null, '<number>', 'the number of requests that an IP address can make in a minute; unlimited by default'),
  store: setting(oneOf('memory'), 'memory', '<store>', 'the store for all records'),
  load: setting(text, null, '<file>', 'a file with namespaces to restore at the start; may be absent if --save-on-exit has the same path'),
  'save-on-exit': setting(text, null, '<file>', 'the file to save all namespaces to when the server stops'),
  'save-every': setting(pause, null, '<duration>', 'the time between further saves to the file of --save-on-exit; by default none'),
  'log-level': setting(logLevel, 'info', '<level>', `${logLevel.allowed}; coloured lines on a terminal, JSON elsewhere`)
}

export type SettingName = keyof typeof SETTINGS

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[]

/** Returns the variable of a setting. */
export function envOf (name: string): string {
  return `RAYDOCS_MOCK_${name.replaceAll('-', '_').toUpperCase()}`
}

/** Returns whether the setting is a flag without a value: `--demo`, `--no-demo`. */
export function isToggle (name: SettingName): boolean {
  return SETTINGS[name].placeholder === ''
}

function setting<T> (
  value: ValueReader<T>, byDefault: string | null, placeholder: string, help: string, alsoEnv: readonly string[] = []
): Setting<T> {
  return { value, default: byDefault, alsoEnv, placeholder, help }
}

function toggle (byDefault: string | null, help: string): Setting<boolean> {
  return setting(onOff, byDefault, '', help)
}
