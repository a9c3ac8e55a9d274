/** Maps points `x, y` to `ax + cy + e, bx + dy + f`. */
export type Matrix = [a: number, b: number, c: number, d: number, e: number, f: number]

export interface Point { readonly x: number, readonly y: number }

/** Returns the place of a point of a PDF on the page as it is displayed: with its origin at the top, `y` growing downwards. */
export function placeOf (x: number, y: number, [a, b, c, d, e, f]: Matrix): Point {
  return { x: a * x + c * y + e, y: b * x + d * y + f }
}

/** Returns the direction, on the page as it is displayed, of what runs along `x, y`: in eighths of a circle, clockwise. */
export function turnOf (x: number, y: number, [a, b, c, d]: Matrix): number {
  const turn = Math.round(Math.atan2(b * x + d * y, a * x + c * y) / EIGHTH)
  return (turn + 8) % 8
}

/** Returns the place of a point on the page turned back by so many eighths. */
export function turnedBack ({ x, y }: Point, turn: number): Point {
  const [sine, cosine] = [Math.sin(turn * EIGHTH), Math.cos(turn * EIGHTH)]
  return { x: x * cosine + y * sine, y: y * cosine - x * sine }
}

const EIGHTH = Math.PI / 4
