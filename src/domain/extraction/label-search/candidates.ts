import { known } from '../../known.ts'
import type { Separator } from './candidate-text.ts'
import type { Cell, Line } from './document-lines.ts'
import type { LabelMatch, LabelScanner } from './label-matches.ts'
import { createTableReader } from './tables.ts'

/** A text that could be the value of a label. */
export interface Candidate {
  /** The words of the label, separated by blanks. */
  readonly key: string
  readonly label: string
  /** From 1. */
  readonly page: number
  /** Its cell and those after it up to the next label, with a tab between them. */
  readonly text: string
  /** A gap counts as a blank where the text could be the head of another column. */
  readonly separator: Separator
  /** True if the label is the first thing in its line. */
  readonly isFirst: boolean
  /** True if the text is on the next line. */
  readonly isBelow: boolean
  /** True if the text is in a row that describes an item. */
  readonly isItem: boolean
  /** The line with the text, or a part of it. */
  readonly cited: string
}

/** The candidates of a document. */
export interface DocumentCandidates {
  /** The labels that are printed anywhere, even within a sentence. */
  readonly printed: ReadonlySet<string>
  /** By label, in order. */
  readonly byLabel: ReadonlyMap<string, readonly Candidate[]>
}

/** The number of candidates that are kept for a label, of each rank. */
const MAX_CANDIDATES = 8

/** Finds what is printed after or below each label of the scanner in the lines of a document. */
export function candidatesIn (lines: readonly Line[], scanner: LabelScanner): DocumentCandidates {
  const printed = new Set<string>()
  const byLabel = new Map<string, Candidate[]>()
  const matches = lines.map(({ cells }) => cells.map(cell => scanner.matchesIn(cell)))
  const table = createTableReader(lines, (line, cell) => matches[line]?.[cell]?.find(({ mayStand }) => mayStand))
  for (const [index, line] of lines.entries()) {
    for (const [column, cell] of line.cells.entries()) {
      for (const match of known(matches[index]?.[column], 'matches of a cell')) {
        printed.add(match.key)
        for (const candidate of candidatesOf(index, line, column, cell, match)) keep(candidate)
      }
    }
  }
  return { printed, byLabel }

  function candidatesOf (
    index: number,
    line: Line,
    column: number,
    cell: Cell,
    { key, label, start, mayStand, separator, text }: LabelMatch
  ): Candidate[] {
    const shared = { key, label, page: line.page, isFirst: column === 0 && start === cell.text.search(/[\p{L}\p{N}#№]/u) }
    const here = { ...shared, isBelow: false, isItem: false, cited: excerptOf(line.text, cell.start + start) }
    if (!mayStand) return [{ ...here, text, separator: 'sentence' }]
    const after = table.textAfter(index, column)
    if (text !== '') return [{ ...here, text: [text, ...after].join('\t'), separator }]
    const below = table.textBelow(index, column)
    return [
      ...after.length === 0
        ? []
        : [{
            ...here,
            text: after.join('\t'),
            separator: separator === 'colon' ? 'colon' as const : table.mayBeHead(index, column) ? 'blank' as const : 'gap' as const
          }],
      ...below === undefined
        ? []
        : [{ ...shared, ...below, isBelow: true, cited: excerptOf(known(lines[index + 1], 'a line below').text, 0) }]
    ]
  }

  function keep (candidate: Candidate): void {
    const kept = byLabel.get(candidate.key) ?? []
    byLabel.set(candidate.key, kept)
    if (kept.filter(other => rankOf(other) === rankOf(candidate)).length < MAX_CANDIDATES) kept.push(candidate)
  }
}

/** Returns the rank of a text: the lower, the more clearly it belongs to its label. */
export function rankOf ({ isBelow, separator }: Candidate): number {
  return separator === 'sentence' ? 3 : isBelow ? 2 : separator === 'blank' ? 1 : 0
}

/** The line, or, if it is long, a part that begins at an index. */
function excerptOf (line: string, from: number): string {
  return (line.length > MAX_CITED ? line.slice(from, from + MAX_CITED) : line).trim()
}

/** Characters. */
const MAX_CITED = 500
