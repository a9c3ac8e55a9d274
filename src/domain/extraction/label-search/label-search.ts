import type { Block } from '../../files/extracted-text.ts'
import type { Field } from '../../templates/schema.ts'
import { candidatesIn, rankOf, type Candidate, type DocumentCandidates } from './candidates.ts'
import { conventionsOf, type Conventions } from './conventions.ts'
import { readDate } from './date-text.ts'
import { linesOf, type Line } from './document-lines.ts'
import { createLabelScanner } from './label-matches.ts'
import { EXACT, labelsOf, QUOTED, SHORT, type Label } from './labels.ts'
import { beginsWithMoney } from './number-text.ts'
import { typedValue } from './typed-value.ts'
import { NUMBER_WORDS } from './words.ts'

/** A value that is looked for in the text of documents. */
export interface FieldQuery {
  /** The names of the group, of the field, and of properties inside of it. */
  readonly path: readonly string[]
  /** No reference, and no object with properties. */
  readonly field: Field
  /** The items of an array. */
  readonly items: Field | undefined
}

/** A value and where it is printed. */
export interface FoundValue {
  readonly value: unknown
  /** The index of the document. */
  readonly document: number
  /** From 1. */
  readonly page: number
  /** The line that it is in. */
  readonly text: string
  /** As it is printed. */
  readonly label: string
}

/** Answers its queries from the pages of documents. The text is read once, regardless of the number of queries. */
export type LabelSearch = (documents: ReadonlyArray<ReadonlyArray<readonly Block[]>>) => ReadonlyMap<FieldQuery, FoundValue>

/** Prepares a search for values that are printed next to a label of their field and are of its type. */
export function createLabelSearch (queries: readonly FieldQuery[]): LabelSearch {
  const labels = new Map(queries.map(query => [query, labelsOf(query.path, query.field)]))
  const scanner = createLabelScanner([...labels.values()].flatMap(labels => labels.map(({ words }) => words)))
  const isShared = sharedShortLabels(labels)
  const telling = [...labels].map(([query, own]) => [query, own.filter(label => !isShared(label))] as const)
  return documents => {
    const sources = documents.map((pages, document) => {
      const lines = linesOf(pages)
      return { document, conventions: conventionsOf(textsOf(lines)), candidates: candidatesIn(lines, scanner) }
    })
    return new Map(telling.flatMap(([query, own]) => {
      const found = sources.flatMap(source => bestIn(source, query, own) ?? [])
      found.sort((a, b) => compare(a.score, b.score))
      return found[0] === undefined ? [] : [[query, found[0].found] as const]
    }))
  }
}

function * textsOf (lines: readonly Line[]): Iterable<string> {
  for (const { text } of lines) yield text.replace(/\s/g, ' ')
}

interface Source {
  readonly document: number
  readonly conventions: Conventions
  readonly candidates: DocumentCandidates
}

/** Less is better, the first difference decides. */
type Score = readonly number[]

/** The number of candidates that are looked at for a query in a document. */
const MAX_TRIES = 30

/** Returns the value of the candidates with the best score that have one. Returns undefined if they have different values. */
function bestIn (
  { document, conventions, candidates: { printed, byLabel } }: Source,
  query: FieldQuery,
  labels: readonly Label[]
): { readonly found: FoundValue, readonly score: Score } | undefined {
  const quoted = labels.filter(({ kind }) => kind === QUOTED)
  const relevant = quoted.some(label => printed.has(keyOf(label))) ? quoted : labels
  const scored = relevant.flatMap(label => {
    return (byLabel.get(keyOf(label)) ?? []).map(candidate => ({ label, candidate, score: scoreOf(label, candidate) }))
  })
  scored.sort((a, b) => compare(a.score, b.score))
  const valued = scored.slice(0, MAX_TRIES).flatMap(({ label, candidate, score }) => {
    const value = valueOf(query, label, candidate, conventions)
    return value === undefined ? [] : [{ candidate, score, value }]
  })
  const [best] = valued
  if (best === undefined) return undefined
  const chosen = unanimous(valued.filter(({ score }) => compare(score, best.score) === 0))
  if (chosen === undefined) return undefined
  const { value, candidate: { page, cited, label }, score } = chosen
  return { found: { value, document, page, text: cited, label }, score }
}

/** Returns the first of several values if they are all the same; of amounts that grow, the last. */
function unanimous<T extends { readonly value: unknown, readonly candidate: Candidate }> (valued: readonly T[]): T | undefined {
  if (new Set(valued.map(({ value }) => JSON.stringify(value))).size === 1) return valued[0]
  const last = valued.at(-1)
  const isTotal = valued.every(({ value, candidate }) =>
    typeof value === 'number' && value <= Number(last?.value) && !candidate.cited.includes('%'))
  return isTotal ? last : undefined
}

/**
 * A quoted label comes first, then the very name with a colon at the beginning of a line; short labels come last. The longest
 * label decides, then its kind, and then how clearly the text belongs to it.
 */
function scoreOf ({ kind, words }: Label, candidate: Candidate): Score {
  const isPlain = kind === EXACT && candidate.isFirst && candidate.separator === 'colon' && !candidate.isBelow
  return [kind === QUOTED ? 0 : isPlain ? 1 : 2, kind === SHORT ? 1 : 0, -words.length, kind, rankOf(candidate)]
}

function compare (a: Score, b: Score): number {
  const index = a.findIndex((part, index) => part !== b[index])
  return index < 0 ? 0 : Number(a[index]) - Number(b[index])
}

function valueOf (
  { path, field, items }: FieldQuery,
  { kind, words }: Label,
  { text, separator, isFirst, isBelow, isItem }: Candidate,
  conventions: Conventions
): unknown {
  if ((kind === SHORT && isBelow) || (kind !== QUOTED && separator === 'sentence')) return undefined
  // "No" within a line is a column of a table, or the answer to a question.
  if (isNumberSign(words) && (!isFirst || isBelow)) return undefined
  const value = typedValue({ text, separator, isShort: kind === SHORT, conventions }, String(path.at(-1)), field, items)
  return isItem && isOfItem(value) ? undefined : value
}

/** True for a number, an amount of money or a date: in a row that describes an item they are those of the item. */
function isOfItem (value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && (beginsWithMoney(value) || readDate(value) !== undefined))
}

function isNumberSign (words: readonly string[]): boolean {
  const [word = ''] = words
  return words.length === 1 && (NUMBER_WORDS.includes(word) || word.length <= 2)
}

/** Returns a test for short labels that could mean several fields, or are the name of another field. */
function sharedShortLabels (labels: ReadonlyMap<FieldQuery, readonly Label[]>): (label: Label) => boolean {
  const names = new Map<string, Set<string>>()
  for (const [{ path }, own] of labels) {
    for (const label of own) {
      if (label.kind !== SHORT && label.kind !== EXACT) continue
      const meant = names.get(keyOf(label)) ?? new Set()
      names.set(keyOf(label), meant.add(String(path.at(-1))))
    }
  }
  return label => label.kind === SHORT && Number(names.get(keyOf(label))?.size) > 1
}

function keyOf ({ words }: Label): string {
  return words.join(' ')
}
