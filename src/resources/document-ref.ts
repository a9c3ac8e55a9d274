import { Type, type Static } from '@sinclair/typebox'
import type { Document } from '../domain/lifecycle/records.ts'
import { documentContent } from '../domain/files/document-content.ts'
import { filenameOf } from '../domain/lifecycle/lifecycle.ts'
import { Digest, Enum, Instant, isoOf, Nullable, Uuid } from '../http/schema.ts'

export const DocumentRefBody = Type.Object({
  kind: Enum(['documentRef'], 'The kind of reference.'),
  documentId: Uuid('document'),
  workspaceId: Type.Integer({ examples: [1] }),
  filename: Type.String({ examples: ['invoice.pdf'] }),
  mime: Type.String({ examples: ['application/pdf'] }),
  size: Type.Integer({ description: 'Bytes.', examples: [9001] }),
  sha256: Digest('SHA-256 of the bytes.'),
  source: Type.Object({
    type: Type.String({ examples: ['upload'] }),
    url: Nullable(Type.String(), 'The URL it was imported from; null otherwise.', null)
  }),
  createdAt: Instant
}, { $id: 'DocumentRef', description: 'A snapshot of a document at the time of the reference.' })

export function presentDocumentRef (document: Document): Static<typeof DocumentRefBody> {
  const { mime, size, sha256 } = documentContent(document)
  return {
    kind: 'documentRef',
    documentId: document.id,
    workspaceId: document.workspaceId,
    filename: filenameOf(document),
    mime,
    size,
    sha256,
    source: document.source,
    createdAt: isoOf(document.createdAt)
  }
}
