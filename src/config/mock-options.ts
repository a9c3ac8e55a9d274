import { withoutUndefined } from '../control/schema.ts'
import { complete, readWritten, type Config } from './config.ts'
import { firstFaultIn, type ConfigFile } from './config-file.ts'
import { SETTING_NAMES } from './settings.ts'
import { UsageError } from './usage-error.ts'

/** How a mock in this process is to be; each as in the configuration of the server, whose defaults count but for the port. */
export interface MockOptions extends Partial<Pick<ConfigFile, 'tokens' | 'users' | 'workspaces' | 'templates' | 'outcomes' | 'faults'>> {
  /** 0, the default, lets the system choose. */
  readonly port?: number
  readonly host?: string
  /** `real`, `scaled:60`, `frozen`, `auto`; the last two may say when: `frozen:2026-01-01T00:00:00Z`. */
  readonly clock?: string
  /** Fixes ids, durations and values; random unless given. */
  readonly seed?: string | number
  /** How long work waits, a parsing and an extraction take: `2s`, `2s~1s`, `PT2S`. */
  readonly queue?: string
  readonly parse?: string
  readonly extract?: string
  /** `strict`: a file key must have been uploaded. */
  readonly uploads?: 'lenient' | 'strict'
  readonly dataDir?: string
  /** `100MiB`. */
  readonly maxUpload?: string | number
  /** Whether uploaded files are read; on unless told otherwise. */
  readonly readDocuments?: boolean
  /** Whether importUrl may fetch from loopback and private addresses. */
  readonly importPrivate?: boolean
  readonly publicUrl?: string
  /** How many requests an IP address may make in a minute. */
  readonly rateLimit?: number
  /** A file with namespaces to begin with, as `saveOnExit` writes it when the mock is closed. */
  readonly load?: string
  readonly saveOnExit?: string
  readonly demo?: boolean
  readonly cors?: boolean
  /** Whether there is a control API too, for other processes. */
  readonly control?: boolean
  readonly controlToken?: string
}

/** The configuration that options mean; neither environment nor files are read. Throws UsageError. */
export function configOf ({ tokens, users, workspaces, templates, outcomes, faults, ...options }: MockOptions): Config {
  const written = new Map<string, unknown>(Object.entries({ port: 0, 'log-level': 'silent', ...options }).map(([name, value]) => [settingOf(name), value]))
  const unknown = [...written.keys()].filter(name => !SETTING_NAMES.some(known => known === name))
  if (unknown.length > 0) throw new UsageError(`Unknown option ${unknown.join(', ')}.`)
  const file = withoutUndefined({ tokens, users, workspaces, templates, outcomes, faults })
  const fault = firstFaultIn(file)
  if (fault !== undefined) throw new UsageError(`The options are not valid at ${fault}`)
  return complete(readWritten(name => [[`The option ${name}`, written.get(name)]]), file)
}

/** `maxUpload` -> `max-upload` */
function settingOf (option: string): string {
  return option.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
