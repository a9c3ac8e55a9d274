import type { FileHandle } from 'node:fs/promises'
import { readAt } from './bytes.ts'
import { createPageCollector, type PagedText } from './pages.ts'

/** The number of bytes that are read of a text. */
const MAX_BYTES = 2 * 1024 * 1024

/** The content of a plain text: form feeds part its pages, blank lines its paragraphs. What is not UTF-8 is replaced. */
export async function readText (file: FileHandle): Promise<PagedText> {
  const bytes = await readAt(file, 0, MAX_BYTES)
  const pages = createPageCollector()
  const sheets = textOf(bytes).replace(/\r\n?/g, '\n').trimEnd().split('\f')
  for (const [page, sheet] of sheets.entries()) {
    for (const paragraph of sheet.split(/\n[ \t]*\n/)) pages.add(page, 'paragraph', paragraph)
  }
  return pages.content(sheets.length)
}

/** True if bytes begin as text does: with no control characters but white space, or with the mark of UTF-16. */
export function isText (head: Buffer): boolean {
  return encodingOf(head) !== 'utf-8' || !head.some(byte => byte < 0x20 && !TEXT_CONTROLS.includes(byte))
}

/** Tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS = [0x09, 0x0a, 0x0c, 0x0d, 0x1b]

function textOf (bytes: Buffer): string {
  // The last character may be cut by the limit: as part of a stream it is left out.
  return new TextDecoder(encodingOf(bytes)).decode(bytes, { stream: true })
}

function encodingOf (bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}
