import type { FileHandle } from 'node:fs/promises'
import { fileTypeFromBuffer } from 'file-type'
import { withArchive } from './archive.ts'
import { readAt } from './bytes.ts'
import { compoundTypeOf } from './compound-file.ts'
import { DOCX, JPEG, PDF, PNG, PPTX, TIFF } from './media-type.ts'
import { mainPartOf, OFFICE_PARTS } from './office-parts.ts'
import { isText } from './plain-text.ts'

export const RTF = 'application/rtf'

/** The number of bytes that are looked at first. */
const HEAD = 4100

/** The media type that the bytes of a file tell; undefined if they do not, as those of a plain text. */
export async function detectType (file: FileHandle, path: string, claimed: string): Promise<string | undefined> {
  const head = await readAt(file, 0, HEAD)
  if (begins(head, COMPOUND)) return await compoundTypeOf(file)
  if (begins(head, ZIP)) return await archiveTypeOf(head, path, claimed)
  const picture = PICTURES.find(([signature]) => begins(head, signature))
  return picture?.[1] ?? await otherTypeOf(head)
}

function begins (head: Buffer, hex: string): boolean {
  return head.toString('hex', 0, hex.length / 2) === hex
}

const COMPOUND = 'd0cf11e0a1b11ae1'
const ZIP = '504b0304'

const PICTURES = [
  ['89504e470d0a1a0a', PNG],
  ['ffd8ff', JPEG],
  ['49492a00', TIFF],
  ['4d4d002a', TIFF],
  ['49492b00', TIFF],
  ['4d4d002b', TIFF]
] as const

async function otherTypeOf (head: Buffer): Promise<string | undefined> {
  // A PDF need not begin at once.
  if (head.subarray(0, 1024).includes('%PDF-')) return PDF
  if (head.subarray(0, 5).toString('latin1') === '{\\rtf') return RTF
  // A text may well begin as another format does: with `BM`, for one, as bitmaps do.
  return isText(head) ? undefined : (await fileTypeFromBuffer(head))?.mime
}

/** The folder of the main part tells the kind of an Office document. */
const OFFICE = [['word/', DOCX], ['ppt/', PPTX]] as const

function isOffice (type: string | undefined): boolean {
  return OFFICE.some(([, office]) => office === type)
}

async function archiveTypeOf (head: Buffer, path: string, claimed: string): Promise<string | undefined> {
  try {
    return await withArchive(path, OFFICE_PARTS, async archive => {
      const main = await mainPartOf(archive)
      const office = OFFICE.find(([folder]) => main.startsWith(folder))
      if (office !== undefined) return office[1]
      const detected = (await fileTypeFromBuffer(head))?.mime
      return isOffice(detected) ? 'application/zip' : detected
    })
  } catch {
    // It is broken. Reading it as what it is meant to be will say how.
    return isOffice(claimed) ? claimed : 'application/zip'
  }
}
