import type { Outcome } from './outcome.ts'
import { readDuration } from './durations.ts'

/** A directive that a file's name can contain, anywhere in its file key or filename. */
export interface FilenameDirective {
  readonly name: string
  /** The effect, for the control API's list of directives. */
  readonly meaning: string
  readonly pattern: RegExp
  /** Returns the outcome; `detail` is the first group of the pattern, empty if the pattern has none. */
  readonly outcome: (detail: string) => Outcome
}

export const FILENAME_DIRECTIVES: readonly FilenameDirective[] = [
  {
    name: 'mock-parse-failed',
    meaning: 'parsing fails, and every run with it',
    pattern: /mock-parse-failed/,
    outcome: () => ({ parseFailure: 'Parsing failed, as the file name requests (mock-parse-failed).' })
  },
  {
    name: 'mock-extract-failed',
    meaning: 'every extraction fails',
    pattern: /mock-extract-failed/,
    outcome: () => ({ extractFailure: 'The extraction failed, as the file name requests (mock-extract-failed).' })
  },
  {
    name: 'mock-slow-30s',
    meaning: 'parsing and every extraction take that long; any duration such as 500ms or 2m',
    pattern: /mock-slow-(\d+[a-z]+)/,
    outcome: detail => {
      const ms = readDuration(detail)
      return ms === undefined ? {} : { parseMs: ms, extractMs: ms }
    }
  },
  {
    name: 'mock-stuck',
    meaning: 'no extraction ever ends',
    pattern: /mock-stuck/,
    outcome: () => ({ extractMs: Infinity })
  },
  {
    name: 'mock-pages-12',
    meaning: 'the document has that many pages, 1 to 9999',
    pattern: /mock-pages-([1-9]\d{0,3})(?!\d)/,
    outcome: detail => ({ pages: Number(detail) })
  },
  {
    name: 'mock-name-late',
    meaning: 'the session is called Pending... until parsing ends',
    pattern: /mock-name-late/,
    outcome: () => ({ lateName: true })
  }
]

/** Returns the combined outcome of all directives in the names of a file; undefined if there are none. */
export function outcomeOfFilenames (names: readonly string[]): Outcome | undefined {
  if (!names.some(name => name.includes('mock-'))) return undefined
  const text = names.join('\n')
  const outcomes = FILENAME_DIRECTIVES.flatMap(({ pattern, outcome }) => {
    const match = pattern.exec(text)
    return match === null ? [] : [outcome(match[1] ?? '')]
  })
  return outcomes.length === 0 ? undefined : Object.assign({}, ...outcomes)
}
