import type { Document } from '../domain/lifecycle/records.ts'
import type { SourceDocument } from '../domain/extraction/source-document.ts'
import type { FileReceiver } from './receive-file.ts'
import { documentContent } from '../domain/files/document-content.ts'

/** Returns a document with the text of its file. A document without text, such as a scan, is treated as unread. */
export async function sourceDocument (receiver: FileReceiver, document: Document): Promise<SourceDocument> {
  const { sha256, pageCount } = documentContent(document)
  const pages = document.upload === null ? undefined : await receiver.textOf(document.upload)
  return { id: document.id, sha256, pageCount, pages: pages ?? null }
}
