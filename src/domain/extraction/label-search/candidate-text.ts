import type { Conventions } from './conventions.ts'

/** The text next to a label. */
export interface CandidateText {
  /** Blanks are never more than one; a tab is a gap. */
  readonly text: string
  /** Between the label and the text: a colon or the like; a gap or a new line; only a blank, as within a sentence. */
  readonly separator: 'colon' | 'gap' | 'blank'
  /** True if the label says so little that the text must be nothing but the value. */
  readonly isShort: boolean
  readonly conventions: Conventions
}
