import { Type, type Static } from '@sinclair/typebox'
import type { Document, FoundDocument, Parsing } from '../domain/lifecycle/records.ts'
import { documentAt, filenameOf, parsingAt } from '../domain/lifecycle/lifecycle.ts'
import { DOCUMENT_STATUSES, PARSING_STATUSES } from '../domain/lifecycle/statuses.ts'
import { documentContent } from '../domain/files/document-content.ts'
import { uuidOf } from '../domain/ids.ts'
import { Digest, Enum, Instant, isoOf, Nullable, Uuid } from '../http/schema.ts'

export const ParsingBody = Type.Object({
  id: Uuid('parsing'),
  config_hash: Digest('Fingerprint of the parsing configuration.'),
  status: Enum(PARSING_STATUSES, 'Status of the parsing.', 'ready'),
  parser_version: Type.String({ examples: ['v1'] }),
  updated_at: Instant
}, { $id: 'Parsing', description: 'One parsing of a document.' })

export const DocumentBody = Type.Object({
  id: Uuid('document'),
  workspace_id: Type.Integer({ description: 'The workspace that the document belongs to.', examples: [1] }),
  filename: Type.String({ description: 'The name given at upload, else the name in the file key.', examples: ['invoice.pdf'] }),
  mime: Type.String({ description: 'Media type.', examples: ['application/pdf'] }),
  size: Type.Integer({ description: 'Bytes; generated if nothing was uploaded under the file key.', examples: [9001] }),
  sha256: Digest('SHA-256 of the bytes.'),
  status: Enum(DOCUMENT_STATUSES, 'Status of the document.', 'processed'),
  source_type: Enum(['upload', 'url', 'connector'], 'Origin of the document.'),
  source_url: Nullable(Type.String(), 'The URL it was imported from; null otherwise.', null),
  parsings: Type.Array(Type.Unsafe<Static<typeof ParsingBody>>(Type.Ref('Parsing#')), { description: 'Oldest first.' }),
  meta: Type.Object({
    page_count: Nullable(Type.Integer(), 'Number of pages; null until the document is parsed.', 2),
    file_size: Type.Integer({ description: 'Bytes.', examples: [9001] })
  }),
  error: Type.Optional(Type.String({ description: 'Reason of the failure; present only on a failed document.' })),
  created_at: Instant
}, { $id: 'Document', description: 'A document in a workspace.' })

/** Presents a document as it stands at `now`. */
export function presentDocument (found: FoundDocument, now: number): Static<typeof DocumentBody> {
  const { document } = found
  const { status, failure } = documentAt(found, now)
  const { mime, size, sha256, pageCount } = documentContent(document)
  return {
    id: document.id,
    workspace_id: document.workspaceId,
    filename: filenameOf(document),
    mime,
    size,
    sha256,
    status,
    source_type: document.source.type,
    source_url: document.source.url,
    parsings: document.parsings.map(parsing => presentParsing(document, parsing, now)),
    meta: { page_count: status === 'parsed' || status === 'processed' ? pageCount : null, file_size: size },
    ...failure === null ? {} : { error: failure },
    created_at: isoOf(document.createdAt)
  }
}

export function presentParsing ({ id }: Document, parsing: Parsing, now: number): Static<typeof ParsingBody> {
  const { index, configHash, parserVersion } = parsing
  const { status, updatedAt } = parsingAt(parsing, now)
  return {
    id: index === 0 ? uuidOf('parsing', id) : uuidOf('parsing', id, index),
    config_hash: configHash,
    status,
    parser_version: parserVersion,
    updated_at: isoOf(updatedAt)
  }
}
