import type { FileHandle } from 'node:fs/promises'
import { readAt } from './bytes.ts'

/** The media type of a compound file of which nothing more is known: an encrypted Office document, for one. */
export const COMPOUND_FILE = 'application/x-cfb'

/**
 * The media type of a compound file (the container of Office before 2007, and of its encrypted documents since), by what
 * its directory lists first.
 */
export async function compoundTypeOf (file: FileHandle): Promise<string> {
  const header = await readAt(file, 0, HEADER)
  if (header.length < HEADER) return COMPOUND_FILE
  const sectorSize = 1 << Math.min(header.readUInt16LE(30), 12)
  const directory = await readAt(file, (header.readUInt32LE(48) + 1) * sectorSize, 4096)
  return STREAMS.find(([name]) => directory.includes(name, 0, 'utf16le'))?.[1] ?? COMPOUND_FILE
}

const HEADER = 512

const STREAMS = [
  ['WordDocument', 'application/msword'],
  ['PowerPoint Document', 'application/vnd.ms-powerpoint'],
  ['Workbook', 'application/vnd.ms-excel']
] as const
