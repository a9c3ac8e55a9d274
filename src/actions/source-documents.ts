import type { Document } from '../domain/lifecycle/records.ts'
import type { SourceDocument } from '../domain/extraction/extraction.ts'
import type { NamespaceBlobs } from '../store/blobs.ts'
import { documentContent } from '../domain/files/document-content.ts'

/** Documents with the text that was read in them. What has none, a scan for one, is as if it had not been read. */
export async function sourceDocuments (blobs: NamespaceBlobs, documents: readonly Document[]): Promise<SourceDocument[]> {
  return await Promise.all(documents.map(async document => {
    const { sha256, pageCount } = documentContent(document)
    const pages = document.upload?.inspection == null ? undefined : await blobs.findPages(sha256)
    return { id: document.id, sha256, pageCount, pages: pages ?? null }
  }))
}
