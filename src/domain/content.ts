import type { Document } from './records.ts'
import { digestOf, drawOf, uuidOf } from './ids.ts'
import { mimeOfFilename, OCTET_STREAM } from './file-key.ts'
import { filenameOf } from './lifecycle.ts'

/** What a document contains, as far as its metadata tells. */
export interface Content {
  readonly mime: string
  /** Bytes. */
  readonly size: number
  /** 64 hexadecimal digits. */
  readonly sha256: string
  readonly pageCount: number
}

/** The content of a document: of the uploaded bytes, or, with nothing uploaded, made up from the file key. */
export function contentOf (document: Document): Content {
  const { upload, key, parse: { plan } } = document
  const digest = upload?.sha256 ?? digestOf('file', key)
  return {
    mime: upload === null || upload.contentType === OCTET_STREAM ? mimeOfFilename(filenameOf(document)) : upload.contentType,
    size: upload?.size ?? 20_000 + Math.floor(drawOf(digest, 0) * 480_000),
    sha256: digest,
    pageCount: plan.pages ?? 1 + Math.floor(drawOf(digest, 1) * 4)
  }
}

/** The id of the chunk that parsing makes of a page (from 1). */
export function chunkIdOf (document: Document, page: number): string {
  return uuidOf('chunk', document.id, page)
}
