import type { Document } from '../lifecycle/records.ts'
import { digestOf, uniform } from '../ids.ts'
import { filenameOf } from '../lifecycle/lifecycle.ts'
import { documentTypeOf, isGeneric, mimeOfFilename, OCTET_STREAM } from './file-key.ts'

/** The metadata of a document's content. */
export interface DocumentContent {
  readonly mime: string
  /** Bytes. */
  readonly size: number
  /** 64 hexadecimal digits. */
  readonly sha256: string
  readonly pageCount: number
}

/** Returns the metadata of the uploaded bytes; without an upload, plausible metadata generated from the file key. */
export function documentContent (document: Document): DocumentContent {
  const { upload, key } = document
  const digest = upload?.sha256 ?? digestOf('file', key)
  return {
    mime: mimeOf(document),
    size: upload?.size ?? 20_000 + Math.floor(uniform(digest, 0) * 480_000),
    sha256: digest,
    pageCount: plannedPageCount(document) ?? upload?.inspection?.pageCount ?? 1 + Math.floor(uniform(digest, 1) * 4)
  }
}

/** The claimed media type, if it is one of a document; or else that of the bytes, what else was claimed, or that of the filename. */
function mimeOf (document: Document): string {
  const { contentType = OCTET_STREAM, inspection } = document.upload ?? {}
  if (documentTypeOf(contentType) !== undefined) return contentType
  return [inspection?.mime, contentType].find(mime => mime !== undefined && !isGeneric(mime)) ?? mimeOfFilename(filenameOf(document))
}

/** The scripted number of pages; null if there is none. */
function plannedPageCount ({ parsings }: Document): number | null {
  return parsings.at(-1)?.plan.pages ?? null
}
