import { withoutUndefined } from '../control/schema.ts'
import { completeConfig, type Config } from './config.ts'
import { firstIssueIn, type ConfigFile } from './config-file.ts'
import { resolveSettings } from './read-settings.ts'
import { SETTING_NAMES } from './settings.ts'
import { UsageError } from './usage-error.ts'

/** The options of a mock in this process: the settings of the server with the same defaults, except for the port. */
export interface MockOptions extends Partial<Pick<ConfigFile, 'tokens' | 'users' | 'workspaces' | 'templates' | 'outcomes' | 'faults'>> {
  /** 0, the default, lets the system choose. */
  readonly port?: number
  readonly host?: string
  /** `real`, `scaled:60`, `frozen` or `auto`; the last two can have a start, as in `frozen:2026-01-01T00:00:00Z`. */
  readonly clock?: string
  /** Determines ids, durations and values; random by default. */
  readonly seed?: string | number
  /** The durations of waiting, parsing and extraction: `2s`, `2s~1s`, `PT2S`. */
  readonly queue?: string
  readonly parse?: string
  readonly extract?: string
  /** `strict` rejects a file key without an upload. */
  readonly uploads?: 'lenient' | 'strict'
  /** `write-implies-read` lets a token read what it can write. */
  readonly abilities?: 'strict' | 'write-implies-read'
  readonly dataDir?: string
  /** `100MiB`. */
  readonly maxUpload?: string | number
  /** Extract text from uploaded files; true by default. */
  readonly readDocuments?: boolean
  /** Let importUrl fetch from loopback and private addresses. */
  readonly importPrivate?: boolean
  readonly publicUrl?: string
  /** The number of requests that an IP address can make in a minute. */
  readonly rateLimit?: number
  /** A file with namespaces to restore, as `saveOnExit` writes it when the mock closes. */
  readonly load?: string
  readonly saveOnExit?: string
  /** The time between further saves to the same file, as in `30s`. */
  readonly saveEvery?: string
  readonly demo?: boolean
  /** The proxies whose X-Forwarded headers are believed: `on`, `off`, or their addresses separated by commas. */
  readonly trustProxy?: string | boolean
  /** Further names that clients call the server by, separated by commas. */
  readonly allowedHosts?: string
  /** Pages that may call: origins separated by commas, `*` for all, or `off`. */
  readonly cors?: string
  /** Serve the control API to other processes. */
  readonly control?: boolean
  readonly controlToken?: string
}

/** Returns the configuration for the options; reads neither the environment nor files. Throws UsageError. */
export function configOf ({ tokens, users, workspaces, templates, outcomes, faults, ...options }: MockOptions): Config {
  const entries = Object.entries({ port: 0, 'log-level': 'silent', ...options })
  const written = new Map<string, unknown>(entries.map(([name, value]) => [settingOf(name), value]))
  const unknown = [...written.keys()].filter(name => !SETTING_NAMES.some(known => known === name))
  if (unknown.length > 0) throw new UsageError(`Unknown option ${unknown.join(', ')}.`)
  const file = withoutUndefined({ tokens, users, workspaces, templates, outcomes, faults })
  const issue = firstIssueIn(file)
  if (issue !== undefined) throw new UsageError(`The options are not valid at ${issue}`)
  return completeConfig(resolveSettings(name => [[`The option ${name}`, written.get(name)]]), file)
}

/** `maxUpload` -> `max-upload` */
function settingOf (option: string): string {
  return option.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
