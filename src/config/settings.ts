import { clock, count, logLevel, onOff, oneOf, port, size, span, text, url, type ValueReader } from './values.ts'

/** One thing that can be set by flag, environment, or config file, in this order of precedence, else its default. */
export interface Setting<T> {
  readonly value: ValueReader<T>
  /** As it would be written; null if there is none, or if it depends on the other settings. */
  readonly default: string | null
  /** Variables beside its own (`RAYDOCS_MOCK_` and its name), read after it. */
  readonly alsoEnv?: readonly string[]
  readonly placeholder: string
  readonly help: string
  /** Never shown. */
  readonly secret?: true
}

/** Every setting there is. Help, the config file's grammar and the README's table follow from this one. */
export const SETTINGS = {
  port: setting({ value: port, default: '4010', alsoEnv: ['PORT'], placeholder: '<number>', help: 'where to listen; 0 lets the system choose' }),
  host: setting({ value: text, default: '127.0.0.1', placeholder: '<address>', help: 'the address to listen on; 0.0.0.0 for all' }),
  demo: setting({ value: onOff, default: null, placeholder: '', help: 'the demo tokens and template; on for loopback only' }),
  token: setting({ value: text, default: null, placeholder: '<token>', secret: true, help: 'a token with every ability, beside those of the config file' }),
  clock: setting({ value: clock, default: 'real', placeholder: '<mode>', help: `how time passes: ${clock.allowed}` }),
  seed: setting({ value: text, default: null, placeholder: '<text>', help: 'fixes ids, durations and extracted values; random unless given' }),
  queue: setting({ value: span, default: '500ms', placeholder: '<span>', help: 'how long work waits for a worker' }),
  parse: setting({ value: span, default: '2s~1s', placeholder: '<span>', help: 'how long parsing a document takes; ~ is plus or minus' }),
  extract: setting({ value: span, default: '3s~1s', placeholder: '<span>', help: 'how long an extraction takes' }),
  uploads: setting({ value: oneOf('lenient', 'strict'), default: 'lenient', placeholder: '<policy>', help: 'strict: a file key must have been uploaded' }),
  'data-dir': setting({ value: text, default: null, placeholder: '<folder>', help: 'where uploaded files are kept; else a temporary folder, removed at exit' }),
  'max-upload': setting({ value: size, default: '100MiB', placeholder: '<size>', help: 'the largest file that may be uploaded' }),
  'read-documents': setting({ value: onOff, default: 'on', placeholder: '', help: 'read uploaded files: what is no document fails to parse, what has text is found in it' }),
  'import-private': setting({ value: onOff, default: 'off', placeholder: '', help: 'let importUrl fetch from loopback and private addresses too' }),
  'public-url': setting({ value: url, default: null, placeholder: '<url>', help: 'what upload URLs begin with; else the host that the client called' }),
  cors: setting({ value: onOff, default: null, placeholder: '', help: 'let browser pages of any origin call; on for loopback only' }),
  control: setting({ value: onOff, default: null, placeholder: '', help: 'the control API under /_mock; on for loopback only' }),
  'control-token': setting({ value: text, default: null, placeholder: '<token>', secret: true, help: 'what callers of the control API must bear; required beyond loopback' }),
  'rate-limit': setting({ value: count, default: null, placeholder: '<number>', help: 'how many requests an IP address may make in a minute; any number unless given' }),
  store: setting({ value: oneOf('memory'), default: 'memory', placeholder: '<store>', help: 'where sessions are kept' }),
  load: setting({ value: text, default: null, placeholder: '<file>', help: 'namespaces to restore before serving; need not exist if --save-on-exit is the same' }),
  'save-on-exit': setting({ value: text, default: null, placeholder: '<file>', help: 'where to save all namespaces when the server is stopped' }),
  'log-level': setting({ value: logLevel, default: 'info', placeholder: '<level>', help: `${logLevel.allowed}; pretty on a terminal, JSON elsewhere` })
}

export type SettingName = keyof typeof SETTINGS

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[]

export function envOf (name: string): string {
  return `RAYDOCS_MOCK_${name.replaceAll('-', '_').toUpperCase()}`
}

/** Settings that are a mere yes or no: `--demo`, `--no-demo`. */
export function isSwitch (name: SettingName): boolean {
  return SETTINGS[name].placeholder === ''
}

function setting<T> (of: Setting<T>): Setting<T> {
  return of
}
