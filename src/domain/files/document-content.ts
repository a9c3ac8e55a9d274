import type { Document } from '../lifecycle/records.ts'
import { digestOf, uniform } from '../ids.ts'
import { mimeOfFilename, OCTET_STREAM } from './file-key.ts'
import { filenameOf } from '../lifecycle/lifecycle.ts'

/** What a document contains, as far as its metadata tells. */
export interface DocumentContent {
  readonly mime: string
  /** Bytes. */
  readonly size: number
  /** 64 hexadecimal digits. */
  readonly sha256: string
  readonly pageCount: number
}

/** The content of a document: of the uploaded bytes, or, with nothing uploaded, made up from the file key. */
export function documentContent (document: Document): DocumentContent {
  const { upload, key } = document
  const digest = upload?.sha256 ?? digestOf('file', key)
  return {
    mime: mimeOf(document),
    size: upload?.size ?? 20_000 + Math.floor(uniform(digest, 0) * 480_000),
    sha256: digest,
    pageCount: pagesAskedFor(document) ?? upload?.inspection?.pageCount ?? 1 + Math.floor(uniform(digest, 1) * 4)
  }
}

/** As it was uploaded; a type that says nothing is told by the bytes, or else by the name. */
function mimeOf (document: Document): string {
  const { contentType = OCTET_STREAM, inspection } = document.upload ?? {}
  return [contentType, inspection?.mime].find(mime => mime !== undefined && mime !== OCTET_STREAM) ?? mimeOfFilename(filenameOf(document))
}

/** How many pages it is to have, whatever was uploaded. */
function pagesAskedFor ({ parsings }: Document): number | null {
  return parsings.at(-1)?.plan.pages ?? null
}
