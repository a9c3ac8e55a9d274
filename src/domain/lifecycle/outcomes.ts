import type { Upload } from '../files/upload.ts'
import type { Outcome, OutcomeRule, Script } from './outcome.ts'
import { filenameOfKey } from '../files/file-key.ts'
import { matchesWildcard } from '../wildcard.ts'
import { outcomeOfFilenames } from './filename-directives.ts'

/** Returns the written form of the attempts that an outcome is for: `1`, `2-3`, `*`. */
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
