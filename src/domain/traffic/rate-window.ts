/** The minute in which an address is counted; a window begins with the first request after the last one has ended. */
export interface RateWindow {
  readonly endsAt: number
  /** The number of requests in the window. */
  readonly count: number
}

const MINUTE = 60_000

/** Counts a request in the window of its address. */
export function countRequest (window: RateWindow | undefined, now: number): RateWindow {
  if (window === undefined || window.endsAt <= now) return { endsAt: now + MINUTE, count: 1 }
  return { ...window, count: window.count + 1 }
}
