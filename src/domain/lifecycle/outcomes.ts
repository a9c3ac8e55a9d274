import type { Upload } from '../files/upload.ts'
import type { Outcome, OutcomeRule, Script } from './outcome.ts'
import { filenameOfKey } from '../files/file-key.ts'
import { matchesWildcard } from '../wildcard.ts'
import { outcomeOfFilenames } from './filename-directives.ts'

/** How the attempts that an outcome is for are written: `1`, `2-3`, `*`. */
export function nameOfAttempts ({ from, to }: Pick<Script[number], 'from' | 'to'>): string {
  return to === Infinity ? '*' : from === to ? String(from) : `${from}-${to}`
}

/** The outcome of one attempt. */
export function outcomeOf (script: Script | undefined, attempt: number): Outcome {
  return script?.find(({ from, to }) => attempt >= from && attempt <= to)?.outcome ?? {}
}

/** What has been scripted in a namespace. */
export interface Outcomes {
  /** The rules by name, in the order in which they are tried. */
  readonly rules: ReadonlyMap<string, OutcomeRule>
  /** Sets the rule of that name; one that is new is tried after the others. */
  put (name: string, rule: OutcomeRule): void
  /** False if there is no rule of that name. */
  delete (name: string): boolean
  /**
   * The script for a file: of the first rule that matches, or what its name asks for; undefined if all goes as usual. Unless
   * said otherwise it is called as its uploader called it, or as its key tells.
   */
  scriptFor (templateId: string | undefined, key: string, upload: Upload | null | undefined, filename?: string): Script | undefined
}

export function createOutcomes (initial: ReadonlyMap<string, OutcomeRule> = new Map()): Outcomes {
  const rules = new Map(initial)
  return {
    rules,
    put (name, rule) {
      rules.set(name, rule)
    },
    delete (name) {
      return rules.delete(name)
    },
    scriptFor (templateId, key, upload, filename = upload?.filename ?? filenameOfKey(key)) {
      const names = [key, filename]
      for (const { match, script } of rules.values()) {
        const { file, template = templateId, sha256 } = match
        if (template !== templateId || (sha256 !== undefined && sha256 !== upload?.sha256)) continue
        if (file === undefined || names.some(name => matchesWildcard(name, file))) return script
      }
      const outcome = outcomeOfFilenames(names)
      return outcome === undefined ? undefined : [{ from: 1, to: Infinity, outcome }]
    }
  }
}

/** The candidates that have a script at all. */
export function scripted<Key> (candidates: ReadonlyArray<readonly [Key, Script | undefined]>): ReadonlyMap<Key, Script> {
  const found = candidates.filter((candidate): candidate is readonly [Key, Script] => candidate[1] !== undefined)
  return found.length === 0 ? NOTHING as ReadonlyMap<Key, Script> : new Map(found)
}

/** Shared, since most batches are kept with it. */
const NOTHING: ReadonlyMap<unknown, Script> = new Map()
