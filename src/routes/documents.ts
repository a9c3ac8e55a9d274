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
  type: Enum(['heading', 'paragraph'], 'Kind of block.'),
  content: Type.String({ examples: ['Invoice'] }),
  page_ref: Type.String({ examples: ['Page 1'] }),
  meta: Type.Object({})
})

export const ChunkBody = Type.Object({
  id: Uuid('chunk'),
  document_id: Uuid('document'),
  chunk_index: Type.Integer({ minimum: 0, examples: [0] }),
  blocks: Type.Array(BlockBody),
  page_range: Type.String({ examples: ['1'] }),
  generated: Type.Optional(Type.Boolean({
    description: 'True on chunks whose text is made up, because the file has none that can be read; absent on all others.'
  }))
}, { $id: 'Chunk', description: 'The text of one page, in blocks.' })

export interface DocumentOptions {
  readonly extractor: Extractor
  /** The beginning of URLs; null for the host that the client called. */
  readonly publicUrl: string | null
}

export const documentRoutes: FastifyPluginAsyncTypebox<DocumentOptions> = async (app, { extractor, publicUrl }) => {
  app.get('/extractions/documents/:documentId', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'getDocument',
      summary: 'Get a document',
      tags: ['Documents'],
      params: documentParams,
      response: { 200: Ref(DocumentBody), ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async request => presentDocument(request.found, await pollDocument(request, request.found)))

  app.get('/extractions/documents/:documentId/url', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'getDocumentUrl',
      summary: 'Get the download URL of a document',
      description: 'The URL needs no token and expires after ten minutes.',
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
      description: 'Returns one chunk per page; empty until a parsing of the document is ready.',
      tags: ['Documents'],
      params: documentParams,
      response: {
        200: Type.Array(Ref(ChunkBody), { description: 'The chunks, in the order of the pages.' }),
        ...errorResponses(...TOKEN_ERRORS, 404)
      }
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
      summary: 'Delete a document',
      description: 'Deletes the document and removes it from all sessions; results of runs over it stay.',
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

function presentChunk ({ id: documentId }: Document, { id, page, blocks, isGenerated }: Chunk): Static<typeof ChunkBody> {
  return {
    id,
    document_id: documentId,
    chunk_index: page - 1,
    blocks: blocks.map(({ type, content }, index) => ({
      block_id: `doc:page:${page}:block:${index}`,
      type,
      content,
      page_ref: `Page ${page}`,
      meta: {}
    })),
    page_range: String(page),
    ...isGenerated ? { generated: true } : {}
  }
}
