import type { ClaimedType } from '../domain/files/extracted-text.ts'
import { mimeOfFilename, OCTET_STREAM } from '../domain/files/file-key.ts'

export const PDF = mimeOfFilename('.pdf')
export const DOCX = mimeOfFilename('.docx')
export const DOC = mimeOfFilename('.doc')
export const PPTX = mimeOfFilename('.pptx')
export const PNG = mimeOfFilename('.png')
export const JPEG = mimeOfFilename('.jpeg')
export const TIFF = mimeOfFilename('.tiff')

/** The media type a file is said to have, without parameters; by its name, if nothing else is said. */
export function claimedTypeOf ({ contentType, filename }: ClaimedType): string {
  const [essence = ''] = contentType.toLowerCase().split(';', 1)
  const type = essence.trim()
  return type === '' || type === OCTET_STREAM ? mimeOfFilename(filename ?? '') : ALIASES.get(type) ?? type
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['application/x-pdf', PDF],
  ['image/jpg', JPEG],
  ['image/pjpeg', JPEG],
  ['image/x-png', PNG],
  ['image/tif', TIFF],
  ['image/x-tiff', TIFF]
])
