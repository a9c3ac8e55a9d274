import parseDuration from 'parse-duration'

/** A duration in milliseconds, drawn from `base - spread` to `base + spread`. */
export interface DurationRange {
  readonly base: number
  readonly spread: number
}

/** One year, in milliseconds: a mistyped unit must not make a test wait for a century. */
const MAX_DURATION = 365 * 24 * 3600 * 1000

/** Returns the milliseconds of `2s`, `500ms` or `PT2S`; undefined for other text, a negative duration or more than a year. */
export function readDuration (text: string): number | undefined {
  if (!/^(0|(P|\d).*[a-z])$/i.test(text.trim())) return undefined
  const duration = parseDuration(text.trim())
  return duration !== null && duration >= 0 && duration <= MAX_DURATION ? Math.round(duration) : undefined
}

/** Returns the range of `3s`, or of `3s~1s` for 2 to 4 seconds; undefined for other text. */
export function readDurationRange (text: string): DurationRange | undefined {
  const [base, spread, ...rest] = text.split('~').map(readDuration)
  if (base === undefined || rest.length > 0 || (text.includes('~') && spread === undefined)) return undefined
  return { base, spread: spread ?? 0 }
}
