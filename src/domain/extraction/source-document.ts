import type { Block } from '../files/extracted-text.ts'

/** A document, as far as an extraction needs it. */
export interface SourceDocument {
  readonly id: string
  readonly sha256: string
  readonly pageCount: number
  /** The text of each page; null if there is none (a scan, or a file that was never uploaded): then all values are made up. */
  readonly pages: ReadonlyArray<readonly Block[]> | null
}
