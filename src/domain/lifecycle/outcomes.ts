import type { Upload } from './records.ts'
import { filenameOfKey } from '../files/file-key.ts'
import { matchesWildcard } from '../wildcard.ts'
import { outcomeOfFilenames } from './filename-directives.ts'

/** How the work on a file goes where it does not go as usual. What is left out goes as usual. */
export interface Outcome {
  /** Milliseconds, as the other two; Infinity for never. */
  readonly queueMs?: number
  readonly parseMs?: number
  readonly extractMs?: number
  /** Why parsing fails. */
  readonly parseFailure?: string
  /** Why the extraction fails. */
  readonly extractFailure?: string
  /** How many pages the document has. */
  readonly pages?: number
  /** The session takes the document's name only when parsing has ended. */
  readonly lateName?: boolean
  /** What the extraction finds. */
  readonly fixture?: Fixture
}

/** Exact values for a result, as they are to appear on the wire; what is left out is made up. */
export interface Fixture {
  readonly data?: Values
  readonly auditData?: Values
  readonly title?: string
}

/** By group and field; a group that runs over a list has a list of those. */
type Values = { readonly [group: string]: Fields | readonly Fields[] }

type Fields = { readonly [field: string]: unknown }

/** Outcomes by attempt, first match first. A session's first run is attempt 1, the automatic one included; so is its parsing. */
export type Script = ReadonlyArray<{ readonly from: number, readonly to: number, readonly outcome: Outcome }>

/** A script, and what it is for: all that is named must match. */
export interface OutcomeRule {
  readonly match: {
    /** A file key or a filename, `*` standing for any text. */
    readonly file?: string
    /** The id of a template. */
    readonly template?: string
    /** The digest of an uploaded file. */
    readonly sha256?: string
  }
  readonly script: Script
}

/** How the attempts that an outcome is for are written: `1`, `2-3`, `*`. */
export function nameOfAttempts ({ from, to }: Pick<Script[number], 'from' | 'to'>): string {
  return to === Infinity ? '*' : from === to ? String(from) : `${from}-${to}`
}

/** The outcome of one attempt. */
export function outcomeOf (script: Script | undefined, attempt: number): Outcome {
  return script?.find(({ from, to }) => attempt >= from && attempt <= to)?.outcome ?? {}
}

/** The rules of a namespace by name, in the order in which they are tried. */
export type OutcomeRules = ReadonlyMap<string, OutcomeRule>

/**
 * The script for a file: that of the first rule that matches, or what its name asks for; undefined if there is neither. The
 * file goes by `filename`, which is by default the name that its uploader gave it, or else the name in its key.
 */
export function scriptFor (
  rules: OutcomeRules,
  templateId: string | undefined,
  key: string,
  upload: Upload | null | undefined,
  filename = upload?.filename ?? filenameOfKey(key)
): Script | undefined {
  const names = [key, filename]
  for (const { match, script } of rules.values()) {
    const { file, template = templateId, sha256 } = match
    if (template !== templateId || (sha256 !== undefined && sha256 !== upload?.sha256)) continue
    if (file === undefined || names.some(name => matchesWildcard(name, file))) return script
  }
  const outcome = outcomeOfFilenames(names)
  return outcome === undefined ? undefined : [{ from: 1, to: Infinity, outcome }]
}

/** The candidates that have a script. */
export function scripted<Key> (candidates: ReadonlyArray<readonly [Key, Script | undefined]>): ReadonlyMap<Key, Script> {
  const found = candidates.filter((candidate): candidate is readonly [Key, Script] => candidate[1] !== undefined)
  return found.length === 0 ? NONE as ReadonlyMap<Key, Script> : new Map(found)
}

/** Shared, since most batches are kept with it. */
const NONE: ReadonlyMap<unknown, Script> = new Map()
