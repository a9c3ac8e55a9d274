import type { ClaimedType } from '../domain/files/extracted-text.ts'
import { documentTypeOf, essenceOf, mimeOfFilename, OCTET_STREAM } from '../domain/files/file-key.ts'

export const PDF = mimeOfFilename('.pdf')
export const DOCX = mimeOfFilename('.docx')
export const DOC = mimeOfFilename('.doc')
export const PPTX = mimeOfFilename('.pptx')
export const PNG = mimeOfFilename('.png')
export const JPEG = mimeOfFilename('.jpeg')
export const TIFF = mimeOfFilename('.tiff')

/** Returns the media type that a file is said to have; by its name, if its content type says nothing about a document. */
export function claimedTypeOf ({ contentType, filename }: ClaimedType): string {
  const named = documentTypeOf(contentType) ?? mimeOfFilename(filename ?? '')
  return named === OCTET_STREAM ? essenceOf(contentType) || OCTET_STREAM : named
}

/** Returns the encoding that the media type of a file names, by its standard name; undefined if it names none that is known. */
export function encodingOf (contentType: string): string | undefined {
  const [, label = ''] = /;\s*charset\s*=\s*"?([\w.:+-]{1,40})/i.exec(contentType) ?? []
  try {
    return label === '' ? undefined : new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}
