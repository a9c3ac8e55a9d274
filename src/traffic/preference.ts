import { isFormat } from '../http/formats.ts'
import type { FaultRule } from '../domain/traffic/faults.ts'

/** The fault that a request asks for by its Prefer header. */
export interface Preference extends Pick<FaultRule, 'status' | 'delay'> {
  /** The recognised preferences, for Preference-Applied. */
  readonly applied: string
}

/** Reads a Prefer header such as `code=429, delay=500ms`. Unknown preferences are ignored (RFC 7240); undefined if none is left. */
export function readPreference (header: string | string[] | undefined): Preference | undefined {
  const preferences = new Map<string, string>()
  for (const preference of String(header ?? '').split(',')) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*=\s*"?([\w.]+)"?\s*(?:;.*)?$/.exec(preference) ?? []
    const known = KNOWN.get(name.toLowerCase())
    // The first of two contradictory preferences counts (RFC 7240).
    if (known?.(value) === true && !preferences.has(name.toLowerCase())) preferences.set(name.toLowerCase(), value)
  }
  if (preferences.size === 0) return undefined
  const code = preferences.get('code')
  const delay = preferences.get('delay')
  return {
    ...code === undefined ? {} : { status: Number(code) },
    ...delay === undefined ? {} : { delay },
    applied: [...preferences].map(([name, value]) => `${name}=${value}`).join(', ')
  }
}

const KNOWN: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ['code', value => /^[45]\d\d$/.test(value)],
  ['delay', value => isFormat('short-duration', value)]
])
