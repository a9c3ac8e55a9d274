import type { Block } from '../domain/files/extracted-text.ts'
import { inReadingOrder } from './columns.ts'
import type { Piece, Row } from './piece.ts'

/** The texts on one baseline, from left to right. */
interface Line {
  readonly text: string
  readonly y: number
  readonly size: number
}

/** The blocks of a page, as they are read: what stands on one baseline is one line, however far apart, except in columns of prose. */
export function blocksOf (pieces: readonly Piece[]): Block[] {
  return byDirection(pieces).flatMap(pieces => {
    const lines = linesOf(pieces)
    const usualSize = usualSizeOf(lines)
    return groupsOf(lines).map((group, index): Block => ({
      type: isHeading(group, usualSize, index === 0 && lines.length > 1) ? 'heading' : 'paragraph',
      content: group.map(line => line.text).join('\n')
    }))
  })
}

/** Parts pieces by their direction: text that runs sideways across a page is no part of its lines. Most of the text comes first. */
function byDirection (pieces: readonly Piece[]): Piece[][] {
  const directions = new Map<number, { pieces: Piece[], length: number }>()
  for (const piece of pieces) {
    const direction = directions.get(piece.turn) ?? { pieces: [], length: 0 }
    direction.pieces.push(piece)
    direction.length += piece.text.length
    directions.set(piece.turn, direction)
  }
  return [...directions.values()].sort((a, b) => b.length - a.length).map(({ pieces }) => pieces)
}

function linesOf (pieces: readonly Piece[]): Line[] {
  return inReadingOrder(rowsOf(pieces)).map(lineOf)
}

function rowsOf (pieces: readonly Piece[]): Row[] {
  const rows: Piece[][] = []
  let baseline = -Infinity
  const printed = pieces
    .filter(({ text }) => text.trim() !== '')
    .map(piece => ({ ...piece, text: piece.text.replace(/\s+/g, ' ') }))
  for (const piece of printed.sort((a, b) => a.y - b.y)) {
    // Raised and lowered text belongs to the line that it stands beside.
    if (piece.y - baseline > piece.size * 0.4) {
      rows.push([])
      baseline = piece.y
    }
    rows.at(-1)?.push(piece)
  }
  return rows.map(row => row.sort((a, b) => a.x - b.x))
}

function lineOf (row: Row): Line {
  let [text, end, baseline, height, isCellBefore] = ['', Infinity, -Infinity, 0, false]
  for (const { text: more, x, y, width, size, isCell = false } of row) {
    text = text === '' ? more : joined(text, more, isCell || isCellBefore ? Infinity : (x - end) / size)
    isCellBefore = isCell
    end = x + width
    baseline = Math.max(baseline, y)
    height = Math.max(height, size)
  }
  return { text: text.trim(), y: baseline, size: height }
}

/** Joins two pieces of a line that are so many times their size apart. A wide gap is kept, since it separates cells. */
function joined (text: string, more: string, apart: number): string {
  if (apart > 1.5) return `${text.trimEnd()}${GAP}${more.trimStart()}`
  const isSpaced = apart > 0.1 || text.endsWith(' ') || more.startsWith(' ')
  return isSpaced ? `${text.trimEnd()} ${more.trimStart()}` : text + more
}

const GAP = '  '

/** The size that most characters have. */
function usualSizeOf (lines: readonly Line[]): number {
  const characters = new Map<number, number>()
  for (const { size, text } of lines) characters.set(size, (characters.get(size) ?? 0) + text.length)
  const [[size] = [0]] = [...characters].sort((a, b) => b[1] - a[1])
  return size
}

/** Lines that follow each other closely and are about as large as each other. */
function groupsOf (lines: readonly Line[]): Line[][] {
  const usualGap = usualGapOf(lines)
  const groups: Line[][] = []
  let before: Line | undefined
  for (const line of lines) {
    // A line that is higher than the one before it begins a column.
    const isNear = before !== undefined && line.y >= before.y && line.y - before.y <= 1.4 * Math.max(usualGap, line.size)
    if (before === undefined || !isNear || differ(line.size, before.size)) groups.push([])
    groups.at(-1)?.push(line)
    before = line
  }
  return groups
}

/** A quarter of the gaps are no larger: what is between paragraphs must not count as usual, even if there are many. */
function usualGapOf (lines: readonly Line[]): number {
  const gaps = lines.map(({ y }, index) => y - (lines[index - 1]?.y ?? y)).slice(1).filter(gap => gap >= 0).sort((a, b) => a - b)
  return gaps[Math.floor(gaps.length / 4)] ?? 0
}

function differ (one: number, other: number): boolean {
  return Math.max(one, other) > Math.min(one, other) * LARGER
}

function isHeading (group: readonly Line[], usualSize: number, first: boolean): boolean {
  const [{ text, size }] = group as [Line]
  if (size > usualSize * LARGER) return group.length <= 3
  return first && group.length === 1 && text.length <= 60 && /^\p{L}[^:]*[^:.,;\p{N}]$/u.test(text)
}

/** From what ratio of sizes on a text is meant to be larger than another. */
const LARGER = 1.15
