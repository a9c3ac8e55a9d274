import { firstWordOf, WORD } from './names.ts'

/** A known label in a line. */
export interface LabelMatch {
  /** The words of the label, parted by blanks. */
  readonly key: string
  /** As it is printed. */
  readonly label: string
  /** Its index in the line. */
  readonly start: number
  /** Whether it is the first thing in the line. */
  readonly isFirst: boolean
  readonly separator: Separator
  /** What follows, up to the next label; empty at the end of the line. */
  readonly text: string
}

/** A colon or the like; a gap; nothing but a blank; nothing at all. */
export type Separator = 'colon' | 'gap' | 'blank' | 'none'

/** Finds the labels of a set in lines. */
export interface LabelScanner {
  /** The labels that stand where a label may stand, of those that begin with the same word the longest. */
  marksIn (line: string): LabelMatch[]
  /** Whether a text begins as a label does. */
  begins (text: string): boolean
}

/** Finds labels of which the words are given, in lower case. */
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
    marksIn (line) {
      const marks: LabelMatch[] = []
      let end = line.length
      for (const { valueAt, mayStand, ...mark } of placesIn(root, line).reverse()) {
        if (mayStand) marks.push({ ...mark, text: line.slice(valueAt, Math.min(end, valueAt + MAX_VALUE)).trim() })
        // What belongs to the next label is not part of the value.
        if (mark.separator === 'colon') end = mark.start
      }
      return marks.reverse()
    },
    begins (text) {
      return root.next.has(firstWordOf(text))
    }
  }
}

/** Characters. */
const MAX_VALUE = 500

/** Where labels that have begun alike go on. */
interface Node { readonly next: Map<string, Node>, isLabel: boolean }

interface LabelPosition extends Omit<LabelMatch, 'text'> {
  readonly valueAt: number
  /** Elsewhere it is but a word of the text. */
  readonly mayStand: boolean
}

interface Word { readonly word: string, readonly start: number, readonly end: number }

function placesIn (root: Node, line: string): LabelPosition[] {
  const words = [...line.matchAll(WORD)].map(({ 0: word, index }): Word => ({ word: word.toLowerCase(), start: index, end: index + word.length }))
  const places: LabelPosition[] = []
  let next = 0
  for (const [index, { start }] of words.entries()) {
    const last = index < next ? undefined : lastOf(root, words, index, line)
    if (last === undefined) continue
    const { end } = words[last] as Word
    const match = SEPARATOR.exec(line.slice(end, end + MAX_SEPARATOR))
    if (match === null) continue
    const [text, colon, gap, blank] = match
    const separator = colon !== undefined ? 'colon' : gap !== undefined ? 'gap' : blank !== undefined ? 'blank' : 'none'
    const before = words[index - 1]
    places.push({
      key: words.slice(index, last + 1).map(({ word }) => word).join(' '),
      label: line.slice(start, end),
      isFirst: before === undefined,
      separator,
      start,
      valueAt: end + text.length,
      // Values that end with a number are seldom the beginning of a label.
      mayStand: before === undefined || line.slice(before.end, start).includes('\t') || (separator === 'colon' && /\p{N}/u.test(before.word))
    })
    next = last + 1
  }
  return places
}

/** The index of the last word of the longest label that begins with a word. */
function lastOf (root: Node, words: readonly Word[], first: number, line: string): number | undefined {
  let last: number | undefined
  let node: Node | undefined = root
  for (let index = first; index < words.length; index++) {
    const { word, end } = words[index] as Word
    node = node.next.get(word)
    if (node === undefined) break
    if (node.isLabel) last = index
    if (!JOINT.test(line.slice(end, words[index + 1]?.start ?? end))) break
  }
  return last
}

/** What may stand between the words of a label: "VAT-No", "Invoice no. #". */
const JOINT = /^[ .\-_/'’&]{0,3}$/

/** A dot, a remark, and then a colon or the like (dots that lead to the value, for one), a gap, a blank or the end. */
const SEPARATOR = /^\.?(?: ?\([^()\t]{0,40}\))?(?:([ \t]{0,9}(?:[:=#]+|[._…]{2,}|[-–—](?=[ \t]))[ \t]?)|(\t)|( )|$)/u

const MAX_SEPARATOR = 100
