import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Parsing } from '../domain/lifecycle/records.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import type { FileReceiver } from '../actions/receive-file.ts'
import type { AddedDocument } from '../store/store.ts'
import type { NamespaceRegistry } from '../namespaces/registry.ts'
import { MAX_FILENAME_LENGTH } from '../domain/files/file-key.ts'
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

const TakenInBody = Type.Object({
  document: Ref(DocumentBody),
  dedup: { ...Dedup, examples: [{ reused: false, matched_by: null }] },
  document_ref: Ref(DocumentRefBody)
})

const ReusedBody = Type.Object({ ...TakenInBody.properties, dedup: { ...Dedup, examples: [{ reused: true, matched_by: 'sha256' }] } })

const TAKEN_IN = {
  200: annotated(ReusedBody, { description: 'An existing document with the same bytes.' }),
  201: annotated(TakenInBody, { description: 'A new document.' })
}

const ReparseBody = Type.Object({
  config_hash: Digest('Fingerprint of the configuration to parse with.'),
  force: Type.Optional(Type.Boolean({ default: false, description: 'Parse again even if a parsing is ready.' })),
  parser_version: Type.Optional(Type.String({ minLength: 1, maxLength: 255, default: PARSER_VERSION }))
})

export interface WorkspaceDocumentOptions {
  readonly world: NamespaceRegistry
  readonly intake: FileReceiver
  readonly publicUrl: string | null
  /** Whether files may be fetched from addresses that are not public. */
  readonly importPrivate: boolean
}

/** Documents by themselves. */
export const workspaceDocumentRoutes: FastifyPluginAsyncTypebox<WorkspaceDocumentOptions> = async (app, { world, intake, publicUrl, importPrivate }) => {
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
      response: { ...TAKEN_IN, ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS) }
    }
  }, async ({ workspace: { id: workspaceId }, namespace, body: { key, filename, mime } }, reply) => {
    const [taken] = await addUploadedDocuments(namespace, world, key, 'key', { workspaceId, sessionId: null, filename, mime })
    reply.code(taken?.reused === true ? 200 : 201)
    return await presentTakenIn(namespace, taken as AddedDocument)
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
      response: { ...TAKEN_IN, ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS) }
    }
  }, async ({ workspace: { id: workspaceId }, namespace, body }, reply) => {
    const taken = await importFile(namespace, intake, { ...body, workspaceId, allowPrivate: importPrivate })
    reply.code(taken.reused ? 200 : 201)
    return await presentTakenIn(namespace, taken)
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
  }, async ({ found, namespace }) => presentDocument(found, pollDocument(namespace, found)))

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
  }, async ({ found, namespace, body }, reply) => {
    const { document } = found
    const { store, clock } = namespace
    const now = clock.now()
    const script = scriptOf(namespace, found.sessions[0]?.template.id, document)
    const parsings = await store.changeParsings(document.id, parsings => {
      const next = nextParsingOf({ ...document, parsings }, body, { requestedAt: now, pace: world.pace, script })
      return parsings.includes(next) ? parsings : [...parsings, next]
    })
    const parsing = parsings.findLast(({ configHash }) => configHash === body.config_hash) as Parsing
    reply.code(isParsed(parsing, now) ? 200 : 202)
    return presentParsing(document, parsing, now)
  })
}

async function presentTakenIn ({ store, clock }: Namespace, { document, reused }: AddedDocument): Promise<Static<typeof TakenInBody>> {
  // Somebody may have deleted it just now.
  const [found = { document, sessions: [] }] = await store.findDocuments([document.id])
  return {
    document: presentDocument(found, clock.now()),
    dedup: { reused, matched_by: reused ? 'sha256' : null },
    document_ref: presentDocumentRef(found.document)
  }
}
