import type { ReadableStream } from 'node:stream/web'
import { getResolvedPDFJS } from 'unpdf'
import { blocksOf } from './layout.ts'
import { createPageCollector, MAX_CHARACTERS, type PagedText } from './pages.ts'
import { annotationPieces, type Annotation } from './pdf-annotations.ts'
import type { Piece } from './piece.ts'
import { Damaged, Unreadable } from './unreadable.ts'
import { placeOf, turnedBack, turnOf, type Matrix } from './viewport.ts'

type PdfJs = Awaited<ReturnType<typeof getResolvedPDFJS>>
type Pdf = Awaited<ReturnType<PdfJs['getDocument']>['promise']>

interface TextItem {
  readonly str: string
  readonly width: number
  readonly transform: Matrix
}

/**
 * The content of a PDF: its true page count and the text of its pages, up to so many characters. Takes `data` over.
 * Throws Unreadable if it is encrypted or broken beyond what PDF.js can recover.
 */
export async function readPdf (data: Uint8Array, maxCharacters = MAX_CHARACTERS): Promise<PagedText> {
  const { getDocument } = await getResolvedPDFJS()
  const task = getDocument({
    data,
    verbosity: 0,
    isEvalSupported: false,
    useWasm: false,
    disableFontFace: true,
    useSystemFonts: false
  })
  return await task.promise
    .then(async pdf => await contentOf(pdf, maxCharacters))
    .catch(error => {
      throw (error as Error).name === 'PasswordException'
        ? new Unreadable('The PDF is encrypted: remove its password.')
        : new Damaged()
    })
    .finally(async () => { await task.destroy() })
}

async function contentOf (pdf: Pdf, maxCharacters: number): Promise<PagedText> {
  const pages = createPageCollector(maxCharacters)
  for (let page = 0; page < pdf.numPages && !pages.full(page); page++) {
    for (const { type, content } of blocksOf(await piecesOf(pdf, page, maxCharacters))) pages.add(page, type, content)
  }
  return pages.content(pdf.numPages)
}

async function piecesOf (pdf: Pdf, index: number, maxCharacters: number): Promise<Piece[]> {
  const pieces: Piece[] = []
  try {
    const page = await pdf.getPage(index + 1)
    const viewport = page.getViewport({ scale: 1 }).transform as Matrix
    const reader = (page.streamTextContent() as ReadableStream<{ items: TextItem[] }>).getReader()
    let characters = 0
    for (let read = await reader.read(); !read.done && characters <= maxCharacters; read = await reader.read()) {
      for (const item of read.value.items) {
        pieces.push(pieceOf(item, viewport))
        characters += item.str.length
      }
    }
    // PDF.js wants a reason, and that it is an error. A stream that has ended does not mind.
    await reader.cancel(new Error('enough'))
    pieces.push(...annotationPieces(await page.getAnnotations() as Annotation[], pieces, viewport))
    page.cleanup()
  } catch {
    // One broken page does not take the others with it.
  }
  return pieces
}

function pieceOf ({ str, width, transform: [a, b, c, d, x, y] }: TextItem, viewport: Matrix): Piece {
  const turn = turnOf(a, b, viewport)
  return { text: str, turn, ...turnedBack(placeOf(x, y, viewport), turn), width, size: Math.hypot(c, d) }
}
