import { isIP } from 'node:net'
import { pino } from 'pino'
import type { DurationRange } from '../domain/lifecycle/durations.ts'
import { readDuration, readDurationRange } from '../domain/lifecycle/durations.ts'
import { DEFAULT_INSTANT, readInstant, type ClockSpec } from '../domain/lifecycle/clock.ts'

/** A reader of values as they are written in flags, variables and files. */
export interface ValueReader<T> {
  /** Returns the value of the text; undefined if it is not valid. */
  readonly read: (text: string) => T | undefined
  /** The valid values; completes "must be ...". */
  readonly allowed: string
}

export const port: ValueReader<number> = {
  read: text => /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined,
  allowed: 'a port from 0 to 65535'
}

export const count: ValueReader<number> = {
  read: text => /^\d{1,6}$/.test(text) ? Number(text) : undefined,
  allowed: 'a number from 0 to 999999'
}

export const text: ValueReader<string> = {
  read: text => text === '' ? undefined : text,
  allowed: 'a non-empty text'
}

/** A token as a header carries it: a file or variable often ends with a line feed. */
export const secret: ValueReader<string> = { read: written => text.read(written.trim()), allowed: text.allowed }

export const onOff: ValueReader<boolean> = {
  read: text => ON_OFF.get(text.toLowerCase()),
  allowed: 'on or off'
}

const ON_OFF: ReadonlyMap<string, boolean> = new Map([
  ['on', true], ['true', true], ['1', true], ['yes', true], ['off', false], ['false', false], ['0', false], ['no', false]
])

/** `mock.example.org,*.example.org`; empty for none. */
export const hostNames: ValueReader<readonly string[]> = {
  read: text => listOf(text.toLowerCase(), name => /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(name)),
  allowed: 'names of hosts without a port, separated by commas, such as mock.example.org,*.example.org'
}

/** `https://app.example.org,https://www.example.org`; `*` for all origins; `off` for none. */
export const origins: ValueReader<readonly string[]> = {
  read: text => text === 'off' ? [] : listOf(text, origin => origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin)),
  allowed: 'off, * or origins separated by commas, such as https://app.example.org,http://localhost:3000'
}

/** Returns the items between commas; undefined if one is not valid. */
function listOf (text: string, isValid: (item: string) => boolean): string[] | undefined {
  const items = text === '' ? [] : text.split(',').map(item => item.trim())
  return items.every(isValid) ? items : undefined
}

export function oneOf<const T extends string> (...values: readonly T[]): ValueReader<T> {
  return { read: text => values.find(value => value === text), allowed: values.join(', ').replace(/, ([^,]*)$/, ' or $1') }
}

export const logLevel: ValueReader<string> = oneOf(...Object.keys(pino.levels.values), 'silent')

/** `2s`, `500ms`, `PT2S`; `3s~1s` is 2 to 4 seconds. */
export const duration: ValueReader<DurationRange> = {
  read: readDurationRange,
  allowed: 'a duration such as 500ms, 2s or PT2S, or with a spread 3s~1s, in weeks or smaller units'
}

/** `30s`, `PT5M`: milliseconds. */
export const pause: ValueReader<number> = {
  read: text => {
    const pause = readDuration(text)
    return pause !== undefined && pause > 0 && pause <= DAY ? pause : undefined
  },
  allowed: 'a duration of up to a day such as 30s or PT5M'
}

const DAY = 24 * 3600 * 1000

/** `real`; `scaled:60`; `frozen` and `auto`, optionally with an instant, as in `frozen:2026-01-01T00:00:00Z`. */
export const clock: ValueReader<ClockSpec> = {
  read: text => {
    const [mode, detail] = split(text)
    if (mode === 'real' && detail === undefined) return { mode }
    if (mode === 'scaled') {
      const scale = Number(detail)
      return scale > 0 && scale <= 1_000_000 ? { mode, scale } : undefined
    }
    if (mode !== 'frozen' && mode !== 'auto') return undefined
    const at = detail === undefined ? DEFAULT_INSTANT : readInstant(detail) ?? readInstant(`${detail}T00:00:00Z`)
    return at === undefined ? undefined : { mode, at }
  },
  allowed: 'real, scaled:60, frozen or auto; frozen and auto can have an instant, as in frozen:2026-01-01T00:00:00Z'
}

/** `on` for all proxies, `off` for none, or their addresses. */
export const proxies: ValueReader<boolean | string[]> = {
  read: text => {
    const addresses = listOf(text, isNetwork)
    return ON_OFF.get(text.toLowerCase()) ?? (addresses?.length === 0 ? undefined : addresses)
  },
  allowed: 'on, off, or addresses separated by commas, such as 10.0.0.0/8,127.0.0.1'
}

/** Returns whether a text is an IP address, or one with the length of its prefix. */
function isNetwork (text: string): boolean {
  const [address = '', length = '0', ...rest] = text.split('/')
  const version = isIP(address)
  return version !== 0 && rest.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128)
}

/** Splits `mode:detail`; the detail is undefined without a colon. */
function split (text: string): [mode: string, detail: string | undefined] {
  const colon = text.indexOf(':')
  return colon === -1 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)]
}

/** Bytes: `5000`, `64KiB`, `100MiB`, `1GiB`. */
export const size: ValueReader<number> = {
  read: text => {
    const unit = /[KMG]iB$/.exec(text)?.[0] ?? ''
    const number = text.slice(0, text.length - unit.length)
    return /^\d{1,12}$/.test(number) ? Number(number) * 1024 ** ['', 'KiB', 'MiB', 'GiB'].indexOf(unit) : undefined
  },
  allowed: 'a number of bytes such as 5000, 64KiB or 100MiB'
}

export const url: ValueReader<string> = {
  read: text => /^https?:\/\//.test(text) && URL.canParse(text) ? text.replace(/\/+$/, '') : undefined,
  allowed: 'a URL such as https://mock.example.org'
}
