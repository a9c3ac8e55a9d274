import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { MAX_BATCH } from '../domain/lifecycle/batch.ts'
import { findDocuments } from '../actions/find-documents.ts'
import { pollSession } from '../actions/poll-instant.ts'
import { comingRunsOver } from '../domain/lifecycle/lifecycle.ts'
import { notFound, rejectItems } from '../http/errors.ts'
import { Page, PageQuery, pageOf } from '../http/pagination.ts'
import { BODY_ERRORS, errorResponses, FileKey, NoContentBody, Ref, TOKEN_ERRORS, UNREAD_BODY_ERRORS, Uuid } from '../http/schema.ts'
import { DocumentBody, presentDocument } from '../resources/document.ts'
import { sessionDocumentParams, sessionParams } from '../resources/path-params.ts'
import { addUploadedDocuments } from '../actions/add-documents.ts'

const Documents = Type.Object(
  { data: Type.Array(Ref(DocumentBody)) },
  { description: 'The documents, in the order of the request, without repeats.' }
)

/** The documents of a session. */
export const sessionDocumentRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/extractions/sessions/:sessionId/documents', {
    config: { ability: 'sessions-read' },
    schema: {
      operationId: 'listSessionDocuments',
      summary: 'List the documents of a session',
      tags: ['Extraction Sessions'],
      params: sessionParams,
      querystring: PageQuery,
      response: {
        200: Page(Ref(DocumentBody), 'The documents, in the order in which they were attached.'),
        ...errorResponses(...TOKEN_ERRORS, 404, 422)
      }
    }
  }, async request => {
    const { session, namespace, query } = request
    const now = await pollSession(request, session)
    const documents = await findDocuments(namespace, session.documents.map(({ id }) => id))
    return pageOf(documents.map(document => presentDocument(document, now)), query)
  })

  app.post('/extractions/sessions/:sessionId/documents/upload', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'uploadSessionDocuments',
      summary: 'Attach uploaded files to a session',
      description: 'Attaches a document for each file, reusing documents with the same bytes; a run parses them when it needs them.',
      tags: ['Extraction Sessions'],
      params: sessionParams,
      body: Type.Object({
        keys: Type.Array(FileKey, {
          minItems: 1,
          maxItems: MAX_BATCH,
          description: 'File keys from signed URL uploads.',
          examples: [['tmp/5f0c7c1e-8d0b-4e57-9d53-3f1f2a6a0b1c']]
        })
      }),
      response: { 200: Documents, ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS) }
    }
  }, async ({ session: { id, template: { workspaceId } }, namespace, now, body: { keys } }) => {
    const added = await addUploadedDocuments(namespace, keys, 'keys', { workspaceId, sessionId: id, now })
    const documents = await findDocuments(namespace, [...new Set(added.map(({ document }) => document.id))])
    return { data: documents.map(document => presentDocument(document, now)) }
  })

  app.post('/extractions/sessions/:sessionId/documents/attach', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'attachSessionDocuments',
      summary: 'Attach existing documents to a session',
      tags: ['Extraction Sessions'],
      params: sessionParams,
      body: Type.Object({
        document_ids: Type.Array(Uuid('document', 'A document of the workspace.'), {
          minItems: 1,
          maxItems: MAX_BATCH,
          description: 'Documents in the workspace of the session.'
        })
      }),
      response: { 200: Documents, ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS) }
    }
  }, async ({ session: { id, template: { workspaceId } }, namespace, now, body: { document_ids: sent } }) => {
    const ids = sent.map(documentId => documentId.toLowerCase())
    const found = await namespace.records.findDocuments(ids)
    rejectItems(
      ids,
      'document_ids',
      (_, index) => found[index]?.document.workspaceId === workspaceId
        ? null
        : 'is invalid: send the id of a document in the workspace of the session.'
    )
    await namespace.records.attach(id, ids)
    const documents = await findDocuments(namespace, [...new Set(ids)])
    return { data: documents.map(document => presentDocument(document, now)) }
  })

  app.delete('/extractions/sessions/:sessionId/documents/:documentId', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'detachSessionDocument',
      summary: 'Detach a document from a session',
      description: 'Detaches the document; it stays in the workspace, and results of runs over it stay too.',
      tags: ['Extraction Sessions'],
      params: sessionDocumentParams,
      response: { 204: NoContentBody, ...errorResponses(...TOKEN_ERRORS, 404, ...UNREAD_BODY_ERRORS) }
    }
  }, async ({ session, found: { document }, namespace: { records }, now }, reply) => {
    if (!session.documents.some(({ id }) => id === document.id)) throw notFound('Document')
    await records.detach(session.id, document.id, comingRunsOver(document, session, now).map(({ id }) => id))
    return await reply.code(204).send(undefined)
  })
}
