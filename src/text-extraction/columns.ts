import type { Piece, Row } from './piece.ts'

/** A horizontal stretch. */
interface Span { readonly from: number, readonly to: number }

/** Rows below each other, and the gaps that run down through all of them. */
interface Run { readonly rows: Row[], gaps: readonly Span[] }

/**
 * Returns rows in the order in which they are read: where columns of prose stand beside each other, one comes after the
 * other. The columns of a table stay side by side, since its rows are what belongs together.
 */
export function inReadingOrder (rows: readonly Row[]): Row[] {
  return runsOf(rows).flatMap(({ rows, gaps }) => {
    const columns = columnsOf(rows, gaps)
    return columns.length > 1 && columns.every(isProse) ? columns.flatMap(inReadingOrder) : rows
  })
}

/** Parts rows into runs: one ends where none of its gaps goes on, or above white space. */
function runsOf (rows: readonly Row[]): Run[] {
  const middle = middleOf(rows)
  const runs: Run[] = []
  let run: Run | undefined
  let before = 0
  for (const row of rows) {
    const [{ y, size }] = row as readonly [Piece]
    const gaps = gapsIn(row, middle)
    const common = run === undefined || y - before > size * WHITE_SPACE ? [] : overlapsOf(run.gaps, gaps, GUTTER * narrowestOf(row))
    if (run === undefined || common.length === 0) runs.push(run = { rows: [], gaps })
    else run.gaps = common
    run.rows.push(row)
    before = y
  }
  return runs
}

/** Returns the part of the width of rows that is not near a margin: a gap there separates nothing. */
function middleOf (rows: readonly Row[]): Span {
  let [from, to] = [Infinity, -Infinity]
  for (const row of rows) {
    const span = spanOf(row)
    from = Math.min(from, span.from)
    to = Math.max(to, span.to)
  }
  const margin = (to - from) * MARGIN
  return { from: from + margin, to: to - margin }
}

function spanOf (row: Row): Span {
  const [{ x: from }] = row as readonly [Piece]
  return { from, to: row.reduce((to, { x, width }) => Math.max(to, x + width), from) }
}

/** Returns the gaps of a row, the white space before and after it among them; none if there are more than prose has. */
function gapsIn (row: Row, { from, to }: Span): Span[] {
  const gaps: Span[] = []
  let end = from
  for (const { x, width, size } of row) {
    if (x - end > size * GUTTER) gaps.push({ from: end, to: Math.min(x, to) })
    end = Math.max(end, x + width)
  }
  if (end < to) gaps.push({ from: end, to })
  return gaps.length > MAX_GAPS ? [] : gaps
}

/** Returns the stretches that are in both lists and wider than `least`. */
function overlapsOf (some: readonly Span[], others: readonly Span[], least: number): Span[] {
  const overlaps = some.flatMap(one => others.map(other => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) })))
  return overlaps.filter(({ from, to }) => to - from > least).slice(0, MAX_GAPS)
}

function narrowestOf (row: Row): number {
  return row.reduce((least, { size }) => Math.min(least, size), Infinity)
}

function columnsOf (rows: readonly Row[], gaps: readonly Span[]): Row[][] {
  const edges = [-Infinity, ...gaps.map(({ to }) => to), Infinity]
  const columns = edges.slice(1).map((edge, index) => {
    return rows.map(row => row.filter(({ x }) => x >= Number(edges[index]) && x < edge)).filter(row => row.length > 0)
  })
  return columns.filter(column => column.length > 0)
}

/** True for some full lines of several words, of which many begin within a sentence. */
function isProse (rows: readonly Row[]): boolean {
  const texts = rows.map(row => row.map(({ text }) => text.trim()).join(' '))
  const widths = rows.map(spanOf).map(({ from, to }) => to - from).sort((a, b) => a - b)
  const words = texts.reduce((sum, text) => sum + text.split(' ').length, 0)
  const isFull = Number(widths[Math.floor(widths.length / 2)]) > Number(widths.at(-1)) * 0.6
  return rows.length >= 4 && words >= rows.length * 3 && isFull && texts.filter(text => /^\p{Ll}/u.test(text)).length >= rows.length / 4
}

/** The least width of a gutter and the height of white space between two runs, in times the size of the text. */
const GUTTER = 0.8
const WHITE_SPACE = 3

/** The part of the width at either side in which a gap is no gutter. */
const MARGIN = 0.15

/** The number of gaps up to which a row can be of prose. */
const MAX_GAPS = 9
