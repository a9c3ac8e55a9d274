import type { Block } from '../../files/extracted-text.ts'

/** A line of a document, in cells. */
export interface Line {
  /** From 1. */
  readonly page: number
  /** As it is. */
  readonly text: string
  readonly cells: readonly Cell[]
}

/**
 * A piece of a line up to the next gap: two blanks, a tab, a bar, or a dash, bullet or comma with another label after it.
 * Blanks inside are never more than one, except before a colon.
 */
export interface Cell {
  readonly text: string
  /** Its index in the line. */
  readonly start: number
}

/** Returns the lines of a document's pages that are not blank. */
export function linesOf (pages: ReadonlyArray<readonly Block[]>): Line[] {
  return pages.flatMap((blocks, index) => {
    const texts = blocks.flatMap(({ content }) => content.split('\n'))
    return texts.flatMap(text => text.trim() === '' ? [] : [{ page: index + 1, text, cells: cellsOf(text) }])
  })
}

/** Returns the cells of a line. An empty one stands for nothing between two bars or tabs. */
export function cellsOf (line: string): Cell[] {
  const text = line.replace(/[^\S\t]/g, ' ').replace(BULLETS, bullets => ' '.repeat(bullets.length))
  const cells: Cell[] = []
  let start = 0
  const add = (end: number): void => {
    const piece = text.slice(start, end)
    const trimmed = piece.trim()
    cells.push({ text: trimmed, start: start + piece.indexOf(trimmed) })
  }
  for (const { 0: gap, index } of text.matchAll(GAP)) {
    add(index)
    for (let empty = gap.replace(/[^\t|]/g, '').length; empty > 1; empty--) cells.push({ text: '', start: index })
    start = index + gap.length
  }
  add(text.length)
  const first = cells.findIndex(cell => cell.text !== '')
  const last = cells.findLastIndex(cell => cell.text !== '')
  return cells.slice(first, last + 1).flatMap(headsOf)
}

const LABEL_AHEAD = '(?=\\p{L}[^\\s:,;]{0,30}(?: [^\\s:,;]{1,30}){0,2} ?[:：](?!/))'

/**
 * Two blanks, a tab or a bar, though not before a colon, which belongs to the label: `SIRET   : 5`. Or a dash, a bullet or a
 * comma, if one to three words and a colon follow.
 */
const GAP = new RegExp(
  `(?<![ \\t|])(?:(?= {2}| ?[\\t|])[ \\t|]+(?![ \\t|:=：])|(?: [-–—] | ?[•·▪●] ?|[,;] )${LABEL_AHEAD})`,
  'gu'
)

/** Marks of headings and items. */
const BULLETS = /^[ \t]*(?:[#>•·*-]+[ \t]+)+/

/** Labels without values that only blanks separate are cells of their own: `Invoice Date: Due Date: Reference:`. */
function headsOf (cell: Cell): Cell[] {
  if (!HEADS.test(cell.text)) return [cell]
  return [...cell.text.matchAll(HEAD)].map(({ 0: text, index }) => ({ text: text.trim(), start: cell.start + index }))
}

const HEADS = /^(?:[^:]{1,40}:(?: |$)){2,20}$/

const HEAD = /[^:]{1,40}: ?/g
