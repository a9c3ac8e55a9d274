/**
 * Time as a value. A clock is a record; the instant that it shows is a pure function of that record and of wall time
 * (milliseconds since the epoch). Nothing is ever scheduled on a clock.
 */
export type Clock = ClockMode & {
  /** The instant that the clock showed when it was last set or moved. */
  readonly at: number
  /** Wall time at that moment. */
  readonly since: number
}

/** The mode of a clock: it runs with wall time, `scale` times as fast, or only when it is moved. */
export type ClockMode =
  | { readonly mode: 'real' | 'frozen' | 'auto' }
  | { readonly mode: 'scaled', readonly scale: number }

/** The mode and start of a new clock; without `at` it starts at the present. */
export type ClockSpec = ClockMode & { readonly at?: number }

/** The default start of a frozen or auto clock: the instant of the API documentation's own example. */
export const DEFAULT_INSTANT = Date.UTC(2024, 0, 15, 10, 30, 0)

/** The last instant that the wire format can express. */
export const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** A clock that starts at wall time `wall`. */
export function startClock ({ at, ...mode }: ClockSpec, wall: number): Clock {
  return { ...mode, at: at ?? wall, since: wall }
}

/** The instant that a clock shows at wall time `wall`; a clock that runs stops at the last instant. */
export function instantOf (clock: Clock, wall: number): number {
  if (clock.mode === 'frozen' || clock.mode === 'auto') return clock.at
  return Math.min(clock.at + Math.floor(Math.max(0, wall - clock.since) * scaleOf(clock)), LAST_INSTANT)
}

/** The number of its seconds that pass in one real second; 0 for a clock that stands. */
export function scaleOf (mode: ClockMode): number {
  if (mode.mode === 'scaled') return mode.scale
  return mode.mode === 'real' ? 1 : 0
}

/** The clock, moved forward to `instant`. Throws a RangeError if that lies in the past or beyond the year 9999. */
export function moveClock (clock: Clock, instant: number, wall: number): Clock {
  const present = instantOf(clock, wall)
  if (instant < present) throw new RangeError(`a clock only moves forward: ${textOf(instant)} lies before ${textOf(present)}`)
  if (instant > LAST_INSTANT) throw new RangeError('a clock does not go beyond the year 9999')
  return { ...clock, at: instant, since: wall }
}

/** The clock, running on in another mode from `instant`, or from the present. Throws a RangeError as `moveClock` does. */
export function setClock (clock: Clock, mode: ClockMode, wall: number, instant = instantOf(clock, wall)): Clock {
  const { at, since } = moveClock(clock, instant, wall)
  return { ...mode, at, since }
}

function textOf (instant: number): string {
  return new Date(instant).toISOString()
}

/** Returns milliseconds since the epoch; undefined if the text is not an ISO 8601 instant from 1970 to 9999. */
export function readInstant (text: string): number | undefined {
  const instant = ISO.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : NaN
  return instant >= 0 && instant <= LAST_INSTANT ? instant : undefined
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

/** Returns whether a date is in the calendar: `Date` takes 30 February for 2 March. */
function isDay (date: string): boolean {
  const midnight = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date)
}
