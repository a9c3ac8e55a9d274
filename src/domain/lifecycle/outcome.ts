/** A scripted deviation from the normal course of the work on a file. An absent property leaves that part normal. */
export interface Outcome {
  /** Milliseconds, like the other two durations; Infinity for work that never ends. */
  readonly queueMs?: number
  readonly parseMs?: number
  readonly extractMs?: number
  /** The reason with which parsing fails. */
  readonly parseFailure?: string
  /** The reason with which the extraction fails. */
  readonly extractFailure?: string
  /** The number of pages of the document. */
  readonly pages?: number
  /** The session takes the document's name when parsing ends, not when it begins. */
  readonly lateName?: boolean
  /** Exact values that the extraction returns. */
  readonly fixture?: Fixture
}

/** Exact values for a result, in the form in which the API shows them; absent values are generated. */
export interface Fixture {
  readonly data?: Values
  readonly auditData?: Values
  readonly title?: string
}

/** By group and field; an iterated group has a list of field objects, one for each item. */
type Values = { readonly [group: string]: Fields | readonly Fields[] }

type Fields = { readonly [field: string]: unknown }

/**
 * Outcomes by attempt; the first match applies. The first run of a session is attempt 1, the automatic run included; so is
 * the first parsing of a document.
 */
export type Script = ReadonlyArray<{ readonly from: number, readonly to: number, readonly outcome: Outcome }>

/** A script and the files that it applies to: every criterion that is present must match. */
export interface OutcomeRule {
  readonly match: {
    /** A file key or a filename, in which `*` stands for any text. */
    readonly file?: string
    /** The id of a template. */
    readonly template?: string
    /** The SHA-256 digest of an uploaded file. */
    readonly sha256?: string
  }
  readonly script: Script
}
