import type { FileHandle } from 'node:fs/promises'
import { readAt } from './bytes.ts'
import { createPageCollector, type PagedText } from './pages.ts'

/** The number of bytes that are read of a text. */
const MAX_BYTES = 2 * 1024 * 1024

/**
 * The content of a plain text: form feeds part its pages, blank lines its paragraphs. It is in the encoding that its first
 * bytes mark, else in the one that is `claimed`, else in UTF-8, or, if it is not valid as such, in Windows-1252.
 */
export async function readText (file: FileHandle, claimed: string | undefined): Promise<PagedText> {
  const bytes = await readAt(file, 0, MAX_BYTES)
  const pages = createPageCollector()
  const sheets = textOf(bytes, claimed).replace(/\r\n?/g, '\n').trimEnd().split('\f')
  for (const [page, sheet] of sheets.entries()) {
    for (const paragraph of sheet.split(/\n[ \t]*\n/)) pages.add(page, 'paragraph', paragraph)
  }
  return pages.content(sheets.length)
}

/** True if bytes begin as text does: with no control characters but white space, or with the mark of UTF-16. */
export function isText (head: Buffer): boolean {
  return markedEncodingOf(head) !== undefined || !head.some(byte => byte < 0x20 && !TEXT_CONTROLS.includes(byte))
}

/** Tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS = [0x09, 0x0a, 0x0c, 0x0d, 0x1b]

function textOf (bytes: Buffer, claimed: string | undefined): string {
  const encoding = markedEncodingOf(bytes) ?? claimed ?? UTF_8
  if (encoding === WINDOWS_1252) return windows1252Of(bytes)
  // The last character may be cut by the limit: as part of a stream it is left out.
  const stream = bytes.length === MAX_BYTES
  try {
    return new TextDecoder(encoding, { fatal: encoding === UTF_8 }).decode(bytes, { stream })
  } catch {
    return windows1252Of(bytes)
  }
}

function markedEncodingOf (bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined
}

/** Decodes Windows-1252. Some versions of Node.js take it for Latin-1, which has other characters at 0x80 to 0x9f. */
function windows1252Of (bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\u0080-\u009f]/g, character => String(NOT_LATIN_1[character.charCodeAt(0) - 0x80]))
}

const UTF_8 = 'utf-8'
const WINDOWS_1252 = 'windows-1252'
const NOT_LATIN_1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'
