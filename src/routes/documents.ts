import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Document } from '../domain/lifecycle/records.ts'
import type { Extractor } from '../actions/extract-values.ts'
import type { Chunk } from '../domain/extraction/chunks.ts'
import { isParsed } from '../domain/lifecycle/reparse.ts'
import { Enum, errorResponses, NoContentBody, Ref, TOKEN_ERRORS, UNREAD_BODY_ERRORS, Uuid } from '../http/schema.ts'
import { DocumentBody, presentDocument } from '../resources/document.ts'
import { documentParams } from '../resources/path-params.ts'
import { DownloadUrlBody, downloadUrlOf } from '../actions/download-url.ts'
import { pollDocument } from '../actions/poll-instant.ts'

const BlockBody = Type.Object({
  block_id: Type.String({ examples: ['doc:page:1:block:0'] }),
  type: Enum(['heading', 'paragraph'], 'What it is on the page.'),
  content: Type.String({ examples: ['Invoice'] }),
  page_ref: Type.String({ examples: ['Page 1'] }),
  meta: Type.Object({})
})

export const ChunkBody = Type.Object({
  id: Uuid('chunk'),
  document_id: Uuid('document'),
  chunk_index: Type.Integer({ minimum: 0, examples: [0] }),
  blocks: Type.Array(BlockBody),
  page_range: Type.String({ examples: ['1'] })
}, { $id: 'Chunk', description: 'What parsing has made of one page.' })

export interface DocumentOptions {
  readonly extractor: Extractor
  /** What URLs begin with; null for whatever host the client has called. */
  readonly publicUrl: string | null
}

export const documentRoutes: FastifyPluginAsyncTypebox<DocumentOptions> = async (app, { extractor, publicUrl }) => {
  app.get('/extractions/documents/:documentId', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'getDocument',
      summary: 'Get document',
      tags: ['Documents'],
      params: documentParams,
      response: { 200: Ref(DocumentBody), ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async request => presentDocument(request.found, await pollDocument(request, request.found)))

  app.get('/extractions/documents/:documentId/url', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'getDocumentUrl',
      summary: 'Get a URL to download a document from',
      description: 'It needs no token and lives for ten minutes.',
      tags: ['Documents'],
      params: documentParams,
      response: { 200: DownloadUrlBody, ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async request => downloadUrlOf(request, publicUrl))

  app.get('/extractions/documents/:documentId/chunks', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'listChunks',
      summary: 'List the chunks of a document',
      description: 'One for each page; empty until a parsing of the document is ready.',
      tags: ['Documents'],
      params: documentParams,
      response: { 200: Type.Array(Ref(ChunkBody), { description: 'In the order of the pages.' }), ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async request => {
    const { found: { document }, namespace: { records, seed } } = request
    const now = await pollDocument(request, request.found)
    if (!document.parsings.some(parsing => isParsed(parsing, now))) return []
    const chunks = await extractor.chunks(seed, document, await records.sessionsOf(document.id))
    return chunks.map(chunk => presentChunk(document, chunk))
  })

  app.delete('/extractions/documents/:documentId', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'deleteDocument',
      summary: 'Delete document',
      description: 'No session has it any more. Results of runs over it stay.',
      tags: ['Documents'],
      params: documentParams,
      response: { 204: NoContentBody, ...errorResponses(...TOKEN_ERRORS, 404, ...UNREAD_BODY_ERRORS) }
    }
  }, async ({ found: { document, runs }, namespace: { records }, now }, reply) => {
    const coming = runs.filter(({ requestedAt }) => requestedAt > now)
    await records.remove([document.id, ...coming.map(({ id }) => id)])
    return await reply.code(204).send(undefined)
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
