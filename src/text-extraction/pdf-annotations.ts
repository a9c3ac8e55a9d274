import type { Piece } from './piece.ts'
import { placeOf, type Matrix } from './viewport.ts'

/** The parts of an annotation, as PDF.js describes it, that have to do with text. */
export interface Annotation {
  readonly subtype: string
  readonly annotationFlags: number
  /** Left, bottom, right, top. */
  readonly rect: readonly [number, number, number, number]
  readonly defaultAppearanceData?: { readonly fontSize: number }
  /** Of form fields: `Tx` for text, `Ch` for a choice. */
  readonly fieldType?: string
  readonly fieldValue?: string | readonly string[]
  readonly options?: ReadonlyArray<{ readonly exportValue: string, readonly displayValue: string }>
  readonly password?: boolean
  /** The lines of a text that stands on the page. */
  readonly textContent?: readonly string[]
}

/**
 * Returns the values of form fields and the texts that were added to a page: on the baseline of what is printed beside them,
 * if there is something.
 */
export function annotationPieces (annotations: readonly Annotation[], printed: readonly Piece[], viewport: Matrix): Piece[] {
  const baselines = [...new Set(printed.filter(({ turn }) => turn === 0).map(({ y }) => Math.round(y)))]
  return annotations.filter(isShown).flatMap(annotation => {
    const lines = linesOf(annotation).filter(line => line.trim() !== '')
    const [left, bottom, right, top] = annotation.rect
    const corners = [placeOf(left, bottom, viewport), placeOf(right, top, viewport)] as const
    const x = Math.min(corners[0].x, corners[1].x)
    const [y, end] = corners.map(({ y }) => y).sort((a, b) => a - b) as [number, number]
    const height = end - y
    const size = Math.min(annotation.defaultAppearanceData?.fontSize || USUAL_SIZE, height)
    // One line stands in the middle of a field, several begin at its top.
    const first = height < size * 3 ? y + (height + size * CAPITALS) / 2 : y + size
    return lines.map((text, line): Piece => {
      const estimated = first + line * size * LEADING
      const near = baselines.filter(baseline => Math.abs(baseline - estimated) < size)
      const [baseline = estimated] = near.sort((a, b) => Math.abs(a - estimated) - Math.abs(b - estimated))
      return { text, turn: 0, x, y: baseline, width: text.length * size / 2, size, isCell: true }
    })
  })
}

function isShown ({ annotationFlags, rect: [left, bottom, right, top] }: Annotation): boolean {
  return (annotationFlags & (HIDDEN | NO_VIEW)) === 0 && left !== right && bottom !== top
}

const HIDDEN = 2
const NO_VIEW = 32

function linesOf ({ subtype, fieldType, fieldValue = [], options = [], password, textContent = [] }: Annotation): readonly string[] {
  if (subtype === 'FreeText') return textContent
  if (subtype !== 'Widget' || password === true || (fieldType !== 'Tx' && fieldType !== 'Ch')) return []
  const shown = new Map(options.map(({ exportValue, displayValue }) => [exportValue, displayValue]))
  const values = [fieldValue].flat()
  return fieldType === 'Ch' ? [values.map(value => shown.get(value) ?? value).join(', ')] : values.flatMap(value => value.split(/\r\n?|\n/))
}

/** The size of text that is fitted into its field, the height of its capitals and the distance of its lines, in times its size. */
const USUAL_SIZE = 12
const CAPITALS = 0.7
const LEADING = 1.15
