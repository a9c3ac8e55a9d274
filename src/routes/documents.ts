import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Document, Session } from '../domain/records.ts'
import { DOCUMENT_STATUSES, documentAt, filenameOf, nextEventAt, PARSING_STATUSES } from '../domain/lifecycle.ts'
import { configHashOf } from '../domain/fingerprint.ts'
import { chunksOf, type Chunk } from '../domain/chunks.ts'
import { contentOf } from '../domain/content.ts'
import { uuidOf } from '../domain/ids.ts'
import { originOf } from '../http/framework.ts'
import { DOWNLOAD_URL_LIFETIME, signDownload } from '../http/signed-url.ts'
import { Enum, errorResponses, Instant, isoOf, Nullable, Ref, TOKEN_ERRORS, Uuid } from '../http/wire.ts'

export const ParsingBody = Type.Object({
  id: Uuid('The parsing.'),
  config_hash: Type.String({ description: 'Fingerprint of the configuration, 64 hexadecimal digits.' }),
  status: Enum(PARSING_STATUSES, 'How far it has come.'),
  parser_version: Type.String({ examples: ['v1'] }),
  updated_at: Instant
})

export const DocumentBody = Type.Object({
  id: Uuid('The document.'),
  workspace_id: Type.Integer({ description: 'The workspace that the document belongs to.' }),
  filename: Type.String({ description: 'The name its uploader gave it, or else what the file key tells.' }),
  mime: Type.String({ description: 'Media type.', examples: ['application/pdf'] }),
  size: Type.Integer({ description: 'Bytes; made up if nothing was uploaded under the file key.' }),
  sha256: Type.String({ minLength: 64, maxLength: 64, description: 'Of the bytes, in hexadecimal digits.' }),
  status: Enum(DOCUMENT_STATUSES, 'How far it has come.'),
  source_type: Enum(['upload', 'url', 'connector'], 'How it got here.'),
  source_url: Nullable(Type.String(), 'Where it was fetched from.'),
  parsings: Type.Array(ParsingBody),
  meta: Type.Object({
    page_count: Nullable(Type.Integer(), 'Null until it has been parsed.'),
    file_size: Type.Integer({ description: 'Bytes.' })
  }),
  error: Type.Optional(Type.String({ description: 'Why parsing failed; only on a failed document.' })),
  created_at: Instant
}, { $id: 'Document', description: 'A document in a workspace.' })

const BlockBody = Type.Object({
  block_id: Type.String({ examples: ['doc:page:1:block:0'] }),
  type: Enum(['heading', 'paragraph'], 'What it is on the page.'),
  content: Type.String(),
  page_ref: Type.String({ examples: ['Page 1'] }),
  meta: Type.Object({})
})

export const ChunkBody = Type.Object({
  id: Uuid('The chunk.'),
  document_id: Uuid('The document.'),
  chunk_index: Type.Integer({ minimum: 0 }),
  blocks: Type.Array(BlockBody),
  page_range: Type.String({ examples: ['1'] })
}, { $id: 'Chunk', description: 'What parsing has made of one page.' })

export interface DocumentOptions {
  /** What URLs begin with; null for whatever host the client has called. */
  readonly publicUrl: string | null
}

export const documentRoutes: FastifyPluginAsyncTypebox<DocumentOptions> = async (app, { publicUrl }) => {
  app.get('/extractions/documents/:documentId', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'getDocument',
      summary: 'Get document',
      tags: ['Documents'],
      params: Type.Object({ documentId: Uuid('The document.') }),
      response: { 200: Ref(DocumentBody), ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async ({ found: { document, session }, namespace: { clock } }) => {
    return presentDocument(session, document, clock.observe(session.id, now => nextEventAt(session, now)))
  })

  app.get('/extractions/documents/:documentId/url', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'getDocumentUrl',
      summary: 'Get a URL to download a document from',
      description: 'It needs no token and lives for ten minutes.',
      tags: ['Documents'],
      params: Type.Object({ documentId: Uuid('The document.') }),
      response: {
        200: Type.Object({ url: Type.String({ format: 'uri' }), expires_at: Instant }, { description: 'The URL, and how long it is good.' }),
        ...errorResponses(...TOKEN_ERRORS, 404)
      }
    }
  }, async request => {
    const { found: { document }, namespace: { name, seed, clock } } = request
    const issuedAt = clock.now()
    const query = signDownload(seed, { namespace: name, documentId: document.id, issuedAt })
    return {
      url: `${originOf(request, publicUrl)}/storage/${name}/documents/${document.id}?${query}`,
      expires_at: isoOf(issuedAt + DOWNLOAD_URL_LIFETIME * 1000)
    }
  })

  app.get('/extractions/documents/:documentId/chunks', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'listChunks',
      summary: 'List the chunks of a document',
      description: 'One for each page; empty until the document has been parsed.',
      tags: ['Documents'],
      params: Type.Object({ documentId: Uuid('The document.') }),
      response: { 200: Type.Array(Ref(ChunkBody), { description: 'In the order of the pages.' }), ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async ({ found: { document, session }, namespace: { clock, seed } }) => {
    const now = clock.observe(session.id, now => nextEventAt(session, now))
    if (documentAt(session, document, now).parsing?.status !== 'ready') return []
    return (await chunksOf(seed, session, document)).map(chunk => presentChunk(document, chunk))
  })
}

function presentChunk ({ id: documentId }: Document, { id, page, blocks }: Chunk): Static<typeof ChunkBody> {
  return {
    id,
    document_id: documentId,
    chunk_index: page - 1,
    blocks: blocks.map(({ type, content }, index) => ({ block_id: `doc:page:${page}:block:${index}`, type, content, page_ref: `Page ${page}`, meta: {} })),
    page_range: String(page)
  }
}

/** A document of the session as it stands at `now`. */
export function presentDocument (session: Session, document: Document, now: number): Static<typeof DocumentBody> {
  const { status, failure, parsing } = documentAt(session, document, now)
  const { mime, size, sha256, pageCount } = contentOf(document)
  return {
    id: document.id,
    workspace_id: document.workspaceId,
    filename: filenameOf(document),
    mime,
    size,
    sha256,
    status,
    source_type: 'upload',
    source_url: null,
    parsings: parsing === null
      ? []
      : [{
          id: uuidOf('parsing', document.id),
          config_hash: configHashOf(session.template),
          status: parsing.status,
          parser_version: 'v1',
          updated_at: isoOf(parsing.updatedAt)
        }],
    meta: { page_count: parsing?.status === 'ready' ? pageCount : null, file_size: size },
    ...failure === null ? {} : { error: failure },
    created_at: isoOf(document.createdAt)
  }
}
