/** A duration in milliseconds, drawn from `base - spread` to `base + spread`. */
export interface DurationRange {
  readonly base: number
  readonly spread: number
}

/** One year, in milliseconds: a mistyped unit must not make a test wait for a century. */
const MAX_DURATION = 365 * 24 * 3600 * 1000

/** The units of both forms in their order, in milliseconds. Months and years have no fixed length. */
const UNITS = [7 * 24 * 3600 * 1000, 24 * 3600 * 1000, 3600 * 1000, 60 * 1000, 1000, 1]

/** The pattern of a number with a decimal point or, as ISO 8601 prefers, a comma. */
const NUMBER = String.raw`(\d+(?:[.,]\d+)?)`

/** `PT1H30M`, `P2D`. */
const ISO = new RegExp(`^P(?:${NUMBER}W)?(?:${NUMBER}D)?(?:T(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${NUMBER}S)?)?$`, 'i')

/** `500ms`, `1h 30m`, `2 days`. */
const SHORT = new RegExp(`^${[
  'w(?:eeks?)?', 'd(?:ays?)?', 'h(?:(?:ou)?rs?)?', 'm(?:in(?:ute)?s?)?', 's(?:ec(?:ond)?s?)?', '(?:ms|milliseconds?)'
].map(unit => `(?:${NUMBER} ?${unit}(?: |$|(?=\\d)))?`).join('')}$`, 'i')

/** Returns the milliseconds of `2s`, `500ms` or `PT2S`; undefined for other text or more than a year. */
export function readDuration (text: string): number | undefined {
  const written = text.trim()
  if (written === '0') return 0
  const numbers = (ISO.exec(written) ?? SHORT.exec(written) ?? []).slice(1)
  if (numbers.every(number => number === undefined)) return undefined
  const duration = Math.round(numbers.reduce((sum, number, at) => sum + readNumber(number) * Number(UNITS[at]), 0))
  return duration <= MAX_DURATION ? duration : undefined
}

function readNumber (text = '0'): number {
  return Number(text.replace(',', '.'))
}

/** Returns the range of `3s`, or of `3s~1s` for 2 to 4 seconds; undefined for other text. */
export function readDurationRange (text: string): DurationRange | undefined {
  const [base, spread, ...rest] = text.split('~').map(readDuration)
  if (base === undefined || rest.length > 0 || (text.includes('~') && spread === undefined)) return undefined
  return { base, spread: spread ?? 0 }
}
