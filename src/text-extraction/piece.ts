/** A run of text where it stands on the page: `y` is its baseline and grows downwards. All in points. */
export interface Piece {
  readonly text: string
  /** The direction in which it runs, in eighths of a circle, clockwise. Its place is that on the page turned back by as much. */
  readonly turn: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly size: number
  /** True for a cell of its own, however close to others: the value of a form field, for one. */
  readonly isCell?: boolean
}

/** The pieces on one baseline, from left to right. There is at least one. */
export type Row = readonly Piece[]
