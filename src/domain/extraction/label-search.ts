import type { Block } from '../files/extracted-text.ts'
import type { Field } from '../templates/schema.ts'
import { createLabelScanner, type LabelMatch, type LabelScanner } from './label-matches.ts'
import { EXACT, labelsOf, SHORT, type Label } from './labels.ts'
import { COLUMNS, firstWordOf } from './names.ts'
import { typedValue } from './typed-value.ts'

/** A value that is looked for in the text of documents. */
export interface FieldQuery {
  /** The names of the group, of the field, and of properties inside of it. */
  readonly path: readonly string[]
  /** What is wished for: no reference, no object with properties. */
  readonly field: Field
  /** What an array is made of. */
  readonly items: Field | undefined
}

/** A value that is plainly there, and where. */
export interface FoundValue {
  readonly value: unknown
  /** The index of the document. */
  readonly document: number
  /** From 1. */
  readonly page: number
  /** The line that it stands in. */
  readonly text: string
  /** As it is printed. */
  readonly label: string
}

/** Looks for its wishes in the pages of documents. The text is gone through once, however many wishes there are. */
export type LabelSearch = (documents: ReadonlyArray<ReadonlyArray<readonly Block[]>>) => ReadonlyMap<FieldQuery, FoundValue>

/**
 * Finds what stands behind a label that the field goes by, at the beginning of a line or after a gap, on the same line or the
 * next, and is of the field's type.
 */
export function createLabelSearch (wishes: readonly FieldQuery[]): LabelSearch {
  const labels = new Map(wishes.map(wish => [wish, labelsOf(wish.path, wish.field)]))
  const marker = createLabelScanner([...labels.values()].flatMap(labels => labels.map(({ words }) => words)))
  const isShared = sharedShortLabels(labels)
  const telling = [...labels].map(([wish, own]) => [wish, own.filter(label => !isShared(label))] as const)
  return documents => {
    const hits = candidatesIn(documents, marker)
    return new Map(telling.flatMap(([wish, own]) => {
      const candidates = own.flatMap(label => (hits.get(keyOf(label)) ?? []).map(hit => ({ label, hit, merits: scoreOf(label, hit) })))
      candidates.sort((a, b) => compare(a.merits, b.merits))
      for (const { label, hit } of candidates.slice(0, MAX_TRIES)) {
        const value = valueOf(wish, label, hit, marker)
        if (value !== undefined) return [[wish, { value, document: hit.document, page: hit.page, text: hit.cited, label: hit.label }] as const]
      }
      return []
    }))
  }
}

/** How many places are looked at for a wish. */
const MAX_TRIES = 30

/** A place at which a value could stand. */
interface LabelCandidate {
  readonly document: number
  readonly page: number
  /** How many lines come before. */
  readonly line: number
  readonly label: string
  readonly text: string
  /** The line, as it is. */
  readonly cited: string
  readonly isFirst: boolean
  /** What parts it from its label. */
  readonly separator: LabelMatch['separator']
  /** Whether it is on the next line. */
  readonly isBelow: boolean
}

/** How many places are kept for a label, of each rank: whoever has more of them repeats himself. */
const MAX_CANDIDATES = 8

/** The places behind each label that stands in the documents, in order. */
function candidatesIn (documents: ReadonlyArray<ReadonlyArray<readonly Block[]>>, marker: LabelScanner): ReadonlyMap<string, readonly LabelCandidate[]> {
  const hits = new Map<string, LabelCandidate[]>()
  let line = 0
  documents.forEach((pages, document) => pages.forEach((blocks, index) => {
    let open: readonly LabelMatch[] = []
    for (const cited of blocks.flatMap(({ content }) => content.split('\n'))) {
      if (cited.trim() === '') continue
      const text = evened(cited)
      const marks = marker.marksIn(text)
      const place = { document, page: index + 1, line: line++ }
      const isLabelled = marks.some(({ isFirst }) => isFirst) || LABELLED.test(text)
      for (const mark of isLabelled ? [] : open) keep(mark, { ...place, ...mark, text: text.trim().slice(0, MAX_CITED), cited: excerptOf(cited, 0), isBelow: true })
      for (const mark of marks) if (mark.text !== '') keep(mark, { ...place, ...mark, cited: excerptOf(cited, mark.start), isBelow: false })
      open = marks.filter(({ isFirst, text }) => isFirst && text === '')
    }
  }))
  return hits

  function keep ({ key }: LabelMatch, hit: LabelCandidate): void {
    const kept = hits.get(key) ?? []
    hits.set(key, kept)
    if (kept.filter(other => rankOf(other) === rankOf(hit)).length < MAX_CANDIDATES) kept.push(hit)
  }
}

/** Characters. */
const MAX_CITED = 500

/** The line, or if it is long, as much of it as follows. */
function excerptOf (line: string, from: number): string {
  return (line.length > MAX_CITED ? line.slice(from, from + MAX_CITED) : line).trim()
}

/** Each blank is a space, and each gap is made of tabs: so wide is what is between the columns of a table. What marks a heading or an item is blank. */
function evened (line: string): string {
  return line.replace(/[\s|]+/g, blank => blank.length > 1 || blank === '\t' || blank === '|' ? '\t'.repeat(blank.length) : ' ').replace(BULLETS, bullets => ' '.repeat(bullets.length))
}

const BULLETS = /^[ \t]*(?:[#>•·*-]+[ \t]+)+/

/** A line that has a label of its own, known or not. */
const LABELLED = /^[^:]{1,40}:(?:\s|$)/

/** Short labels that several names could be meant by, or that are the name of another field: they tell nothing. */
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

/**
 * What speaks for a place, the first difference decides and less is better: the very name with a colon at the beginning of a
 * line; what is not short; the longest label; the likeliest; what stands clearly apart; what comes first.
 */
function scoreOf ({ kind, words }: Label, hit: LabelCandidate): readonly number[] {
  const isPlain = kind === EXACT && hit.isFirst && hit.separator === 'colon' && !hit.isBelow
  return [isPlain ? 0 : 1, kind === SHORT ? 1 : 0, -words.length, kind, rankOf(hit), hit.line]
}

function rankOf ({ isBelow, separator }: LabelCandidate): number {
  return isBelow ? 2 : separator === 'blank' ? 1 : 0
}

function compare (a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((merit, index) => merit !== b[index])
  return (a[index] ?? 0) - (b[index] ?? 0)
}

function valueOf ({ path, field, items }: FieldQuery, { kind }: Label, { text, separator, isBelow }: LabelCandidate, marker: LabelScanner): unknown {
  const isLoose = separator === 'blank' || separator === 'none'
  if (separator !== 'colon' && isText(field) && (marker.begins(text) || COLUMNS.has(firstWordOf(text)))) return undefined
  if (kind === SHORT && isBelow) return undefined
  return typedValue({ text, isLoose, isSole: kind === SHORT }, String(path.at(-1)), field, items)
}

/** Whether anything could be a value of a field, the head of the next column too. */
function isText ({ type, enum: choices }: Field): boolean {
  return choices === undefined && !['number', 'integer', 'boolean', 'date'].includes(type)
}

function keyOf ({ words }: Label): string {
  return words.join(' ')
}
