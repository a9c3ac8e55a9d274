import type { FileHandle } from 'node:fs/promises'
import { imageSize } from 'image-size'
import { readAt } from './bytes.ts'
import { Damaged } from './unreadable.ts'

/** The number of bytes that are read of an image: embedded pictures may come before its size. */
const HEAD = 1024 * 1024

/** Throws Damaged unless the head of a PNG or JPEG tells a size. */
export async function checkImage (file: FileHandle): Promise<void> {
  const head = await readAt(file, 0, HEAD)
  if (!hasSize(head)) throw new Damaged()
}

function hasSize (head: Buffer): boolean {
  try {
    const { width, height } = imageSize(head)
    return width > 0 && height > 0
  } catch {
    return false
  }
}
