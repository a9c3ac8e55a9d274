import { known } from '../../known.ts'
import type { Line } from './document-lines.ts'
import type { LabelMatch } from './label-matches.ts'
import { beginsWithMoney } from './number-text.ts'
import { COLUMN_WORDS, printedWords } from './words.ts'

/** Tells how the cells of lines belong together. */
export interface TableReader {
  /** Returns the texts of the cells after one, up to the next label. */
  textAfter (line: number, column: number): string[]
  /** Returns the text below a label: on the next line, alone or in the same column. */
  textBelow (line: number, column: number): TextBelow | undefined
  /** True if the cell after a label without a colon could be the head of another column rather than its value. */
  mayBeHead (line: number, column: number): boolean
}

export interface TextBelow {
  readonly text: string
  /** A blank where the label could be one of several in a column, so that the text is another label. */
  readonly separator: 'gap' | 'blank'
  readonly isItem: boolean
}

/** Returns a reader for the lines of a document. `labelAt` returns the known label that a cell begins with. */
export function createTableReader (lines: readonly Line[], labelAt: (line: number, column: number) => LabelMatch | undefined): TableReader {
  const textsByLine = lines.map(({ cells }) => cells.map(({ text }) => text))

  /** The texts of a line's cells. */
  function textsOf (line: number): readonly string[] {
    return known(textsByLine[line], 'a line')
  }

  /** The line after one on its page. */
  function nextOf (line: number): number | undefined {
    return lines[line + 1]?.page === lines[line]?.page ? line + 1 : undefined
  }

  function isLabelled (line: number, column: number): boolean {
    return labelAt(line, column) !== undefined || LABELLED.test(textsOf(line)[column] ?? '')
  }

  /** True if a cell is a label and nothing else. */
  function isBareLabel (line: number, column: number): boolean {
    const text = String(textsOf(line)[column])
    return labelAt(line, column)?.text === '' || /^\p{L}[^:]{0,39}:$/u.test(text)
  }

  // Facts about a whole line are worked out once: a line can have thousands of labels, each of which asks for them.
  const hasDigits = once(line => textsOf(line).some(hasDigit))

  /** True if a row describes an item: it is the first one, or it has words and a price. */
  const isItem = once(row => {
    const texts = textsOf(row)
    return /^0*1\.?$/.test(String(texts[0])) || (texts.some(beginsWithMoney) && !texts.every(hasDigit))
  })

  /** True if a line consists of labels and nothing else. */
  const isClear = once(line => textsOf(line).every((_, column) => isBareLabel(line, column)))

  /** True if a line is `label  value`, or several of them, the first label a known one. */
  const arePairs = once(line => {
    const { length } = textsOf(line)
    const alternate = textsOf(line).every((_, column) => isLabelled(line, column) === (column % 2 === 0))
    return labelAt(line, 0)?.text === '' && length % 2 === 0 && alternate
  })

  /** True if the line before or after one consists of pairs too. */
  function isBesidePairs (line: number): boolean {
    return [line - 1, line + 1].some(other => lines[other]?.page === lines[line]?.page && arePairs(other))
  }

  /** True if the words of a cell are those of the head of a column. */
  function isHead (line: number, column: number): boolean {
    const words = printedWords(String(textsOf(line)[column]))
    return COLUMN_WORDS.has(String(words[0])) || COLUMN_WORDS.has(String(words.at(-1)))
  }

  /** True if a line with one label is among labels below each other, whose values are somewhere else. */
  function isStacked (line: number): boolean {
    const isSingle = (other: number): boolean => lines[other]?.page === lines[line]?.page && textsOf(other).length === 1
    if (!isSingle(line - 1)) return false
    if (isBareLabel(line - 1, 0)) return true
    const hasValues = [line + 1, line + 2].every(other => isSingle(other) && hasDigits(other) && !isLabelled(other, 0))
    return hasValues && !hasDigits(line - 1)
  }

  function hasRowBelow (line: number): boolean {
    const next = nextOf(line)
    return next !== undefined && textsOf(next).length === textsOf(line).length && !isLabelled(next, 0)
  }

  /** The texts of a row below a line, one for each of its cells. */
  const valuesIn = once(row => isClear(row - 1) ? valuesOf(textsOf(row), textsOf(row - 1).length) : textsOf(row))

  /** True if the next line is one of several alike: then a column has several values. */
  const isRepeated = once(row => {
    const next = nextOf(row)
    if (next === undefined || textsOf(next).length !== textsOf(row).length || isLabelled(next, 0)) return false
    const forms = textsOf(next).map(formOf)
    return textsOf(row).every((text, column) => formOf(text) === forms[column])
  })

  return {
    textAfter (line, column) {
      const texts = textsOf(line)
      const after: string[] = []
      for (let index = column + 1; index < texts.length && after.length < MAX_CELLS && !isLabelled(line, index); index++) {
        const text = String(texts[index])
        if (text !== '') after.push(text)
      }
      return after
    },

    textBelow (line, column) {
      const row = nextOf(line)
      if (row === undefined || isLabelled(row, 0)) return undefined
      const heads = textsOf(line)
      const texts = valuesIn(row)
      if (heads.length === 1) {
        // Another column may have labels of its own.
        const isAlone = texts.length === 1 || isLabelled(row, 1)
        if (!isAlone || isStacked(line)) return undefined
        return { text: String(texts[0]), separator: isHead(row, 0) ? 'blank' : 'gap', isItem: false }
      }
      const text = texts[column]
      const mayBeHead = column === heads.length - 1 || isLabelled(line, column + 1) || !hasDigits(line)
      if (text === undefined || texts.length !== heads.length || !mayBeHead || isLabelled(row, column) || isRepeated(row)) return undefined
      return {
        text,
        // There are digits in the row of a table, and none in its heads.
        separator: isClear(line) || (heads.length > 2 && hasDigits(row) && !hasDigits(line)) ? 'gap' : 'blank',
        isItem: !isClear(line) && isItem(row)
      }
    },

    mayBeHead (line, column) {
      const texts = textsOf(line)
      const value = String(texts[column + 1])
      if (isHead(line, column + 1)) return true
      if (/[\p{N}@&,]/u.test(value)) return false
      if (texts.length > 2 && hasDigits(line)) return false
      const isAlone = !hasRowBelow(line)
      // Among three cells or more, a single word could as well be a head.
      if (arePairs(line) && (isBesidePairs(line) || (isAlone && (texts.length === 2 || value.includes(' '))))) return false
      return texts.length > 2 || !isAlone
    }
  }
}

/** The texts of a row below `count` labels; where only blanks separate its values, as many words. */
function valuesOf (texts: readonly string[], count: number): readonly string[] {
  const words = texts.length === 1 ? String(texts[0]).split(' ') : []
  return words.length === count ? words : texts
}

/** The maximum number of cells in a value. */
const MAX_CELLS = 10

/** A text with a label of its own, known or not. */
const LABELLED = /^\p{L}[^:]{0,39}[:：](?: |$)/u

function hasDigit (text: string): boolean {
  return /\p{N}/u.test(text)
}

/** Returns a function that computes the fact about each line when it is first asked for. */
function once<T> (compute: (line: number) => T): (line: number) => T {
  const facts: T[] = []
  return line => (facts[line] ??= compute(line))
}

/** Returns the shape of a text: the values of a column have the same one. */
function formOf (text: string): string {
  return text.replace(/\p{N}+(?:[.,'’ ]\p{N}+)*/gu, '0').replace(/\p{L}[\p{L}, ]*/gu, 'a')
}
