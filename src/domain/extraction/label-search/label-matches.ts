import { CURRENCY_CODES } from './currencies.ts'
import type { Cell } from './document-lines.ts'
import { normalWord, NUMBER_WORDS, WORD } from './words.ts'

/** A known label in a cell. */
export interface LabelMatch {
  /** The words of the label, separated by blanks. */
  readonly key: string
  /** As it is printed. */
  readonly label: string
  /** Its index in the cell. */
  readonly start: number
  /** True if a label may be here. Elsewhere it is a word of a text. */
  readonly mayStand: boolean
  /** Between the label and the text after it: a colon or the like, or only a blank. */
  readonly separator: 'colon' | 'blank'
  /** The text after it, up to the next label with a colon; empty at the end of the cell. */
  readonly text: string
}

/** Finds the labels of a set. */
export interface LabelScanner {
  /** Returns the labels in a cell, in order; of those that begin with the same word the longest. */
  matchesIn (cell: Cell): LabelMatch[]
}

/** The continuations of labels with the same beginning. */
interface Node { readonly next: Map<string, Node>, isLabel: boolean }

/** Returns a scanner for labels whose words are given in lower case. */
export function createLabelScanner (labels: Iterable<readonly string[]>): LabelScanner {
  const root: Node = { next: new Map(), isLabel: false }
  for (const words of labels) {
    let node = root
    for (const word of words) {
      const next: Node = node.next.get(word) ?? { next: new Map(), isLabel: false }
      node.next.set(word, next)
      node = next
    }
    node.isLabel = true
  }

  return {
    matchesIn ({ text }) {
      const matches: LabelMatch[] = []
      let end = text.length
      for (const { valueAt, ...position } of positionsIn(root, text).reverse()) {
        const value = text.slice(valueAt, Math.min(end, valueAt + MAX_VALUE))
        matches.push({ ...position, text: (end < text.length ? value.replace(/[ /]+$/, '') : value).trim() })
        if (position.separator === 'colon') end = position.start
      }
      return matches.reverse()
    }
  }
}

/** Characters. */
const MAX_VALUE = 500

interface LabelPosition extends Omit<LabelMatch, 'text'> { readonly valueAt: number }

interface Word { readonly word: string, readonly start: number, readonly end: number }

function positionsIn (root: Node, text: string): LabelPosition[] {
  const words = [...text.matchAll(WORD)].map(({ 0: word, index }): Word => ({
    word: normalWord(word),
    start: index,
    end: index + word.length
  }))
  const positions: LabelPosition[] = []
  let next = 0
  let isLabelFirst = false
  for (const [index, { start }] of words.entries()) {
    const last = index < next ? undefined : lastWordOf(root, words, index, text)
    if (last === undefined) continue
    const { word, end } = words[last] as Word
    const separation = separationAt(text, end, word)
    if (separation === undefined) continue
    const label = text.slice(start, end)
    if (index === 0) isLabelFirst = true
    positions.push({
      key: words.slice(index, last + 1).map(({ word }) => word).join(' '),
      label,
      start,
      mayStand: index === 0 || mayFollow(text, start, separation.separator === 'colon' || (isLabelFirst && /^\p{Lu}/u.test(label))),
      ...separation
    })
    next = last + 1
  }
  return positions
}

type Separation = Pick<LabelPosition, 'separator' | 'valueAt'>

/** True if a label may be after other text in its cell: after a value, after a rate, or after the same label in another language. */
function mayFollow (text: string, start: number, mayFollowValue: boolean): boolean {
  const before = text.slice(Math.max(0, start - MAX_BEFORE), start)
  if (mayFollowValue && VALUE_END.test(before)) return true
  return start <= MAX_BEFORE && (RATE.test(before) || ALTERNATIVE.test(before))
}

/** Characters. */
const MAX_BEFORE = 60

/** A word with a digit or an `@`, or a slash. */
const VALUE_END = /(?:[\p{N}@][^ ]*[^\p{L}\p{N}]*| \/ )$/u

/** `zzgl. 19 % `. */
const RATE = /^(?:[+(]|\p{L}+\.? )? ?[0-9]{1,2}(?:[.,][0-9]{1,2})? ?% $/u

/** `Rechnungsnummer / `. */
const ALTERNATIVE = /^\p{L}[^:\p{N}]{0,40}\/ ?$/u

/** The index of the last word of the longest label that begins with a word. */
function lastWordOf (root: Node, words: readonly Word[], first: number, text: string): number | undefined {
  let last: number | undefined
  let node: Node | undefined = root
  for (let index = first; index < words.length; index++) {
    const { word, end } = words[index] as Word
    node = node.next.get(word)
    if (node === undefined) break
    if (node.isLabel) last = index
    if (!JOINT.test(text.slice(end, words[index + 1]?.start ?? end))) break
  }
  return last
}

/** Between the words of a label: "VAT-No", "Invoice no. #", "19% VAT", "Total TTC (EUR)". */
const JOINT = /^[ .,\-_/'’&%()]{0,3}$/

/** Returns what separates a label from its value; undefined if the label is part of a longer word or of a list. */
function separationAt (text: string, end: number, lastWord: string): Separation | undefined {
  const rest = text.slice(end, end + MAX_SEPARATOR)
  // A number sign needs no blank: "n°5", "No.5".
  const [glue] = (NUMBER_SIGNS.has(lastWord) ? GLUE : NUMBER_WORDS.includes(lastWord) ? DOT : NOTHING).exec(rest) ?? []
  if (glue !== undefined) return { separator: 'blank', valueAt: end + glue.length }
  const match = SEPARATOR.exec(rest)
  if (match === null) return undefined
  const [{ length }, percent, currency, colon] = match
  if (percent !== undefined && !/[0-9]$/.test(lastWord)) return undefined
  if (currency !== undefined && currency.length === 3 && !CURRENCY_CODES.has(currency)) return undefined
  return { separator: colon === undefined ? 'blank' : 'colon', valueAt: end + length }
}

const NUMBER_SIGNS = new Set(['#', 'n°', '№', 'º', '°'])

const GLUE = /^\.?(?=[\p{N}\p{Lu}])/u
const DOT = /^\.(?=[0-9])/
const NOTHING = /(?!)/

/**
 * A dot, the same label in another language, a remark or a currency, and then a colon or the like (or dots that lead to the
 * value), a dash, a blank or the end. A number in parentheses is a remark only before a colon.
 */
const SEPARATOR = new RegExp([
  '^( ?%)?\\)?\\.?',
  '(?: ?/ ?\\p{L}[^:/\\p{N}]{0,40}(?= ?[:：]|$)',
  '| ?\\((?=[^()]*(?:[\\p{L}%][^()]*\\)|\\) ?[:：]))[^()]{0,40}\\)',
  '| ?\\[[^\\[\\]]{0,40}\\]| ?\\*{1,3}(?![\\p{L}\\p{N}]))?',
  '(?: (?:in )?([A-Z]{3}|\\p{Sc})(?= ?[:：]))?',
  '(?:( {0,20}(?:[:：=#]+|[._…]{2,}) ?)| ?[-–—] | |$)'
].join(''), 'u')

const MAX_SEPARATOR = 100
