import type { Exchange } from '../store/journal.ts'
import type { CheckInput } from './check-input.ts'

/** One breach of a check: the requests concerned, first the one to report, and a message. */
export interface Breach {
  readonly about: readonly [Exchange, ...Exchange[]]
  readonly message: string
}

/** A rule of the conduct report. */
export interface ClientCheck {
  readonly id: string
  /** An error breaks an integration, now or later; a warning deserves a look. */
  readonly severity: 'error' | 'warning'
  readonly description: string
  readonly findBreaches: (input: CheckInput) => Breach[]
}
