import type { Outcome } from './outcomes.ts'
import { readDuration } from './durations.ts'

/** What a file's name can ask for, by standing anywhere in its key or filename. */
export interface FilenameDirective {
  readonly name: string
  readonly meaning: string
  readonly pattern: RegExp
  readonly outcome: (detail: string) => Outcome
}

export const FILENAME_DIRECTIVES: readonly FilenameDirective[] = [
  {
    name: 'mock-parse-failed',
    meaning: 'parsing fails, and with it every run',
    pattern: /mock-parse-failed/,
    outcome: () => ({ parseFailure: 'Parsing failed, as the name of the file asks for (mock-parse-failed).' })
  },
  {
    name: 'mock-extract-failed',
    meaning: 'every extraction fails',
    pattern: /mock-extract-failed/,
    outcome: () => ({ extractFailure: 'The extraction failed, as the name of the file asks for (mock-extract-failed).' })
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
    meaning: 'every extraction goes on for ever',
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
    meaning: 'the session is called Pending... until parsing has ended',
    pattern: /mock-name-late/,
    outcome: () => ({ lateName: true })
  }
]

/** What the names of a file ask for, all of it together; undefined if nothing. */
export function outcomeOfFilenames (names: readonly string[]): Outcome | undefined {
  if (!names.some(name => name.includes('mock-'))) return undefined
  const text = names.join('\n')
  const asked = FILENAME_DIRECTIVES.flatMap(({ pattern, outcome }) => {
    const found = pattern.exec(text)
    return found === null ? [] : [outcome(String(found[1]))]
  })
  return asked.length === 0 ? undefined : Object.assign({}, ...asked)
}
