import { isFormat } from '../http/formats.ts'
import type { FaultRule } from '../domain/traffic/faults.ts'

/** What a request has asked for itself. */
export interface Preference extends Pick<FaultRule, 'status' | 'delay'> {
  /** What of it is understood, for Preference-Applied. */
  readonly applied: string
}

/** What a Prefer header (RFC 7240) asks for: `code=429, delay=500ms`. Of preferences that are not understood it says nothing, as the RFC has it. */
export function readPreference (header: string | string[] | undefined): Preference | undefined {
  const wishes = new Map<string, string>()
  for (const wish of String(header ?? '').split(',')) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*=\s*"?([\w.]+)"?\s*(?:;.*)?$/.exec(wish) ?? []
    const known = KNOWN.get(name.toLowerCase())
    // Of two that contradict each other the first counts.
    if (known?.(value) === true && !wishes.has(name.toLowerCase())) wishes.set(name.toLowerCase(), value)
  }
  if (wishes.size === 0) return undefined
  const code = wishes.get('code')
  const delay = wishes.get('delay')
  return {
    ...code === undefined ? {} : { status: Number(code) },
    ...delay === undefined ? {} : { delay },
    applied: [...wishes].map(([name, value]) => `${name}=${value}`).join(', ')
  }
}

const KNOWN: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ['code', value => /^[45]\d\d$/.test(value)],
  ['delay', value => isFormat('short-duration', value)]
])
