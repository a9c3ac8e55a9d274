import type { FileHandle } from 'node:fs/promises'
import { readAt } from './bytes.ts'
import { Damaged } from './unreadable.ts'

/** Field tags of TIFF 6.0 and their meaning. */
const SUBFILE_TYPE = 254
const WIDTH = 256
const HEIGHT = 257

const MAX_FIELDS = 4096
const MAX_DIRECTORIES = 10_000

/** Widths in bytes: of TIFF, and of BigTIFF, which is the same with larger numbers. */
const TIFF = { count: 2, field: 12, offset: 4, first: 4 }
const BIG_TIFF = { count: 8, field: 20, offset: 8, first: 8 }

/**
 * Counts the pages of a TIFF: its image file directories, without those that are smaller versions of another. Reads nothing
 * but them. Throws Damaged if one lies outside of the file or has no size.
 */
export async function countTiffPages (file: FileHandle): Promise<number> {
  const header = await readAt(file, 0, 16)
  const numbers = createNumbers(header[0] === 0x49)
  const format = numbers.read(header, 2, 2) === 43 ? BIG_TIFF : TIFF
  const seen = new Set<number>()
  let pages = 0
  let at = numbers.read(header, format.first, format.offset)
  do {
    seen.add(at)
    const fields = numbers.read(await readAt(file, at, format.count), 0, format.count)
    if (fields > MAX_FIELDS) throw new Damaged()
    const directory = await readAt(file, at + format.count, fields * format.field + format.offset)
    if (isPage(directory, fields)) pages++
    at = numbers.read(directory, fields * format.field, format.offset)
  } while (at !== 0 && !seen.has(at) && seen.size < MAX_DIRECTORIES)
  return Math.max(pages, 1)

  function isPage (directory: Buffer, fields: number): boolean {
    const values = new Map<number, number>()
    for (let field = 0; field < fields; field++) {
      const start = field * format.field
      // The numbers asked for here have two or four bytes; in the other order, two of them are at the front.
      const width = numbers.read(directory, start + 2, 2) === 3 ? 2 : 4
      values.set(numbers.read(directory, start, 2), numbers.read(directory, start + format.field - format.offset, width))
    }
    if (!values.get(WIDTH) || !values.get(HEIGHT)) throw new Damaged()
    return ((values.get(SUBFILE_TYPE) ?? 0) & 1) === 0
  }
}

function createNumbers (littleEndian: boolean): { read (bytes: Buffer, at: number, width: number): number } {
  return {
    read (bytes, at, width) {
      if (at + width > bytes.length) throw new Damaged()
      if (width === 8) return Number(littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
      return littleEndian ? bytes.readUIntLE(at, width) : bytes.readUIntBE(at, width)
    }
  }
}
