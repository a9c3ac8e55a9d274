import type { Conventions } from './conventions.ts'

/** The text next to a label. */
export interface CandidateText {
  /** Blanks are never more than one; a tab is a gap. */
  readonly text: string
  readonly separator: Separator
  /** True if the label says so little that the text must be nothing but the value. */
  readonly isShort: boolean
  readonly conventions: Conventions
}

/** Between a label and its text: a colon or the like; a gap or a new line; only a blank; anything, as the label is a word of a sentence. */
export type Separator = 'colon' | 'gap' | 'blank' | 'sentence'
