import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import type { Namespace } from '../namespaces/namespace.ts'
import type { FileReceiver } from '../actions/receive-file.ts'
import type { AddedDocument } from '../store/records.ts'
import { MAX_FILENAME_LENGTH } from '../domain/files/file-key.ts'
import { known } from '../domain/known.ts'
import { PARSER_VERSION } from '../domain/templates/config-hash.ts'
import { isParsed, nextParsingOf } from '../domain/lifecycle/reparse.ts'
import { annotated, BODY_ERRORS, Digest, errorResponses, FileKey, Nullable, Enum, Ref, TOKEN_ERRORS } from '../http/schema.ts'
import { DocumentBody, ParsingBody, presentDocument, presentParsing } from '../resources/document.ts'
import { DocumentRefBody, presentDocumentRef } from '../resources/document-ref.ts'
import { workspaceDocumentParams, workspaceParams } from '../resources/path-params.ts'
import { DownloadUrlBody, downloadUrlOf } from '../actions/download-url.ts'
import { importFile } from '../actions/import-file.ts'
import { pollDocument } from '../actions/poll-instant.ts'
import { scriptOf } from '../actions/start-runs.ts'
import { addUploadedDocuments } from '../actions/add-documents.ts'

const Filename = Type.String({ format: 'filename', maxLength: MAX_FILENAME_LENGTH, examples: ['invoice.pdf'] })

const Dedup = Type.Object({
  reused: Type.Boolean({ description: 'True if the workspace already had a document with the same bytes.' }),
  matched_by: Nullable(Enum(['sha256'], 'The matching property.'), 'Property by which an existing document matched; null for a new one.')
})

const AddedBody = Type.Object({
  document: Ref(DocumentBody),
  dedup: { ...Dedup, examples: [{ reused: false, matched_by: null }] },
  document_ref: Ref(DocumentRefBody)
})

const ReusedBody = Type.Object({ ...AddedBody.properties, dedup: { ...Dedup, examples: [{ reused: true, matched_by: 'sha256' }] } })

const ADDED = {
  200: annotated(ReusedBody, { description: 'An existing document with the same bytes.' }),
  201: annotated(AddedBody, { description: 'A new document.' })
}

const ReparseBody = Type.Object({
  config_hash: Digest('Fingerprint of the configuration to parse with.'),
  force: Type.Optional(Type.Boolean({ default: false, description: 'Parse again even if a parsing is ready.' })),
  parser_version: Type.Optional(Type.String({ minLength: 1, maxLength: 255, default: PARSER_VERSION }))
})

export interface WorkspaceDocumentOptions {
  readonly receiver: FileReceiver
  readonly publicUrl: string | null
  /** True if files may be fetched from addresses that are not public. */
  readonly importPrivate: boolean
}

/** Documents by themselves. */
export const workspaceDocumentRoutes: FastifyPluginAsyncTypebox<WorkspaceDocumentOptions> = async (
  app,
  { receiver, publicUrl, importPrivate }
) => {
  app.post('/workspaces/:workspaceId/documents', {
    config: { ability: 'documents-write' },
    schema: {
      operationId: 'createWorkspaceDocument',
      summary: 'Create or reuse a document from an upload',
      description: 'Creates a document from an uploaded file, or returns the existing document with the same bytes.',
      tags: ['Documents'],
      params: workspaceParams,
      body: Type.Object({
        key: FileKey,
        filename: Type.Optional(annotated(Filename, { description: 'Filename of the document; by default that of the upload.' })),
        mime: Type.Optional(Type.String({
          format: 'media-type',
          maxLength: 255,
          description: 'Media type; by default that of the upload.',
          examples: ['application/pdf']
        }))
      }),
      response: { ...ADDED, ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS) }
    }
  }, async ({ workspace: { id: workspaceId }, namespace, now, body: { key, filename, mime } }, reply) => {
    const [added] = await addUploadedDocuments(namespace, key, 'key', { workspaceId, sessionId: null, now, filename, mime })
    return await sendAdded(reply, namespace, known(added, 'one document was added'), now)
  })

  // The colon of the path is doubled, for the router to take it for itself.
  app.post('/workspaces/:workspaceId/documents::importUrl', {
    config: { ability: 'documents-write' },
    schema: {
      operationId: 'importWorkspaceDocument',
      summary: 'Create or reuse a document from a URL',
      description: 'Downloads a file and creates a document from it, or returns the existing document with the same bytes.',
      tags: ['Documents'],
      params: workspaceParams,
      body: Type.Object({
        url: Type.String({
          format: 'web-url',
          maxLength: 2_048,
          description: 'An http or https URL at a public address.',
          examples: ['https://example.com/invoice.pdf']
        }),
        filename: Type.Optional(annotated(Filename, { description: 'Filename of the document; by default the one that the server sends.' }))
      }),
      response: { ...ADDED, ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS, 507) }
    }
  }, async ({ workspace: { id: workspaceId }, namespace, now, body }, reply) => {
    const added = await importFile(namespace, receiver, { ...body, workspaceId, now, allowPrivate: importPrivate })
    return await sendAdded(reply, namespace, added, now)
  })

  app.get('/workspaces/:workspaceId/documents/:documentId', {
    config: { ability: 'documents-read' },
    schema: {
      operationId: 'getWorkspaceDocument',
      summary: 'Get a document of a workspace',
      tags: ['Documents'],
      params: workspaceDocumentParams,
      response: { 200: Ref(DocumentBody), ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async request => presentDocument(request.found, await pollDocument(request, request.found)))

  app.get('/workspaces/:workspaceId/documents/:documentId/url', {
    config: { ability: ['workspaces-read', 'documents-read'] },
    schema: {
      operationId: 'getWorkspaceDocumentUrl',
      summary: 'Get the download URL of a document of a workspace',
      description: 'The URL needs no token and expires after ten minutes.',
      tags: ['Documents'],
      params: workspaceDocumentParams,
      response: { 200: DownloadUrlBody, ...errorResponses(...TOKEN_ERRORS, 404) }
    }
  }, async request => downloadUrlOf(request, publicUrl))

  app.post('/workspaces/:workspaceId/documents/:documentId/reparse', {
    config: { ability: 'documents-write' },
    schema: {
      operationId: 'reparseWorkspaceDocument',
      summary: 'Reparse a document of a workspace',
      description: 'Parses the document with a configuration, unless such a parsing is ready or in progress.',
      tags: ['Documents'],
      params: workspaceDocumentParams,
      body: ReparseBody,
      response: {
        200: { ...Ref(ParsingBody), description: 'A parsing with that configuration is ready.' },
        202: { ...Ref(ParsingBody), description: 'The parsing is queued or in progress.' },
        ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS)
      }
    }
  }, async ({ found: { document }, namespace, now, body }, reply) => {
    const { records, pace } = namespace
    const [session] = await records.sessionsOf(document.id)
    const script = scriptOf(await namespace.outcomeRules(), session?.template.id, document)
    const parsings = await records.changeParsings(document.id, parsings => {
      const next = nextParsingOf({ ...document, parsings }, body, { requestedAt: now, pace, script })
      return parsings.includes(next) ? parsings : [...parsings, next]
    })
    const parsing = known(parsings.findLast(({ configHash }) => configHash === body.config_hash), 'there is a parsing with the hash')
    reply.code(isParsed(parsing, now) ? 200 : 202)
    return presentParsing(document, parsing, now)
  })
}

async function sendAdded (
  reply: FastifyReply,
  { records }: Namespace,
  { document, reused }: AddedDocument,
  now: number
): Promise<FastifyReply> {
  // It may have been deleted meanwhile.
  const [found = { document, runs: [] }] = await records.findDocuments([document.id])
  const body: Static<typeof AddedBody> = {
    document: presentDocument(found, now),
    dedup: { reused, matched_by: reused ? 'sha256' : null },
    document_ref: presentDocumentRef(found.document)
  }
  return await reply.code(reused ? 200 : 201).send(body)
}
