import parseDuration from 'parse-duration'
import type { DurationRange } from './plan.ts'

/** Up to a year: a mistyped unit should not hang a test for a century. */
const LONGEST = 365 * 24 * 3600 * 1000

/** Milliseconds, of `2s`, `500ms` or `PT2S`; undefined if it is no duration, or one below zero or over a year. */
export function readDuration (text: string): number | undefined {
  if (!/^(0|(P|\d).*[a-z])$/i.test(text.trim())) return undefined
  const duration = parseDuration(text.trim())
  return duration !== null && duration >= 0 && duration <= LONGEST ? Math.round(duration) : undefined
}

/** A span, of `3s`, or of `3s~1s` for three seconds, give or take one; undefined if it is none. */
export function readDurationRange (text: string): DurationRange | undefined {
  const [base, spread, ...rest] = text.split('~').map(readDuration)
  if (base === undefined || rest.length > 0 || (text.includes('~') && spread === undefined)) return undefined
  return { base, spread: spread ?? 0 }
}
