/** A run of text where it stands on the page: `y` is its baseline and grows downwards. All in points. */
export interface Piece {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly size: number
}

/** The pieces on one baseline, from left to right. There is at least one. */
export type Row = readonly Piece[]
