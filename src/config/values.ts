import { pino } from 'pino'
import type { DurationRange } from '../domain/lifecycle/durations.ts'
import { readDurationRange } from '../domain/lifecycle/durations.ts'
import { DEFAULT_INSTANT, LAST_INSTANT, type ClockSpec } from '../domain/lifecycle/clock.ts'

/**
 * Values as people write them in flags, variables and files. Each reader returns what the text means, or undefined if it
 * means nothing; `allowed` says what would have.
 */
export interface ValueReader<T> {
  readonly read: (text: string) => T | undefined
  /** Completes "must be ...". */
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
  allowed: 'a text'
}

export const onOff: ValueReader<boolean> = {
  read: text => ON_OFF.get(text.toLowerCase()),
  allowed: 'on or off'
}

const ON_OFF: ReadonlyMap<string, boolean> = new Map([
  ['on', true], ['true', true], ['1', true], ['yes', true], ['off', false], ['false', false], ['0', false], ['no', false]
])

export function oneOf<const T extends string> (...values: readonly T[]): ValueReader<T> {
  return { read: text => values.find(value => value === text), allowed: values.join(', ').replace(/, ([^,]*)$/, ' or $1') }
}

export const logLevel: ValueReader<string> = oneOf(...Object.keys(pino.levels.values), 'silent')

/** `2s`, `500ms`, `PT2S`; `3s~1s` is three seconds, give or take one. */
export const span: ValueReader<DurationRange> = {
  read: readDurationRange,
  allowed: 'a duration such as 500ms, 2s or PT2S, or with a spread 3s~1s'
}

/** `real`; `scaled:60`; `frozen` and `auto`, with `:2026-01-01T00:00:00Z` to say where they stand. */
export const clock: ValueReader<ClockSpec> = {
  read: text => {
    const [, mode = '', detail] = /^([a-z]+)(?::(.+))?$/.exec(text) ?? []
    if (mode === 'real' && detail === undefined) return { mode }
    if (mode === 'scaled') {
      const scale = Number(detail)
      return scale > 0 && scale <= 1_000_000 ? { mode, scale } : undefined
    }
    if (mode !== 'frozen' && mode !== 'auto') return undefined
    const at = detail === undefined ? DEFAULT_INSTANT : Date.parse(detail)
    return at >= 0 && at <= LAST_INSTANT ? { mode, at } : undefined
  },
  allowed: 'real, scaled:60, frozen or auto; frozen and auto may say when, as in frozen:2026-01-01T00:00:00Z'
}

/** Bytes: `5000`, `64KiB`, `100MiB`, `1GiB`. */
export const size: ValueReader<number> = {
  read: text => {
    const [, number = '', unit = ''] = /^(\d{1,12})(|KiB|MiB|GiB)$/.exec(text) ?? []
    return number === '' ? undefined : Number(number) * 1024 ** ['', 'KiB', 'MiB', 'GiB'].indexOf(unit)
  },
  allowed: 'a number of bytes such as 5000, 64KiB or 100MiB'
}

export const url: ValueReader<string> = {
  read: text => /^https?:\/\//.test(text) && URL.canParse(text) ? text.replace(/\/+$/, '') : undefined,
  allowed: 'a URL such as https://mock.example.org'
}
