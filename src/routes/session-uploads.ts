import multipart, { type MultipartFile } from '@fastify/multipart'
import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyError, FastifyRequest } from 'fastify'
import type { Upload } from '../domain/files/upload.ts'
import type { Document } from '../domain/lifecycle/records.ts'
import type { FileReceiver } from '../actions/receive-file.ts'
import type { NamespaceRegistry } from '../namespaces/registry.ts'
import { UPLOADED } from '../domain/lifecycle/new-document.ts'
import { FILENAME_RULE, isFilename, isMediaType, isSupported, MAX_FILENAME_LENGTH, SUPPORTED_RULE } from '../domain/files/file-key.ts'
import { filenameOf } from '../domain/lifecycle/lifecycle.ts'
import { HttpError, unprocessable } from '../http/errors.ts'
import { checked } from '../http/validation.ts'
import { BODY_ERRORS, errorResponses, FileKey, Instant, isoOf, TOKEN_ERRORS, Uuid } from '../http/schema.ts'
import { BlobTooLarge } from '../store/blobs.ts'
import { sessionParams } from '../resources/path-params.ts'
import { newId } from '../actions/new-id.ts'
import { addDocument, addUploadedDocuments } from '../actions/add-documents.ts'

const KeyBody = Type.Object({
  key: FileKey,
  filename: Type.String({ format: 'filename', maxLength: MAX_FILENAME_LENGTH, examples: ['invoice.pdf'] })
})

/** It comes as a stream: the handler looks at it, not the validator. */
const FileBody = Type.Any({
  type: 'object',
  required: ['file'],
  properties: { file: { type: 'string', format: 'binary', description: 'The file itself.' } }
})

const OldDocumentBody = Type.Object({
  id: Uuid('document'),
  filename: Type.String({ examples: ['invoice.pdf'] }),
  status: Type.Literal('uploaded'),
  extraction_session_id: Uuid('session'),
  meta: Type.Object({}),
  created_at: Instant
}, { description: 'The document, as earlier versions of the API show it.' })

export interface SessionUploadOptions {
  readonly world: NamespaceRegistry
  readonly intake: FileReceiver
}

/** The older ways to get one file into a session: by its key, or with the request itself. */
export const sessionUploadRoutes: FastifyPluginAsyncTypebox<SessionUploadOptions> = async (app, { world, intake }) => {
  await app.register(multipart, { limits: { files: 1, fields: 10, fieldSize: 1_024, fileSize: intake.maxSize + 1 }, throwFileSizeLimit: false })

  app.post('/extractions/sessions/:sessionId/documents', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'createSessionDocument',
      summary: 'Attach one file to a session',
      description: 'As earlier versions of the API have it: an uploaded file by its key, or the file itself.',
      tags: ['Extraction Sessions'],
      params: sessionParams,
      body: { content: { 'application/json': { schema: KeyBody }, 'multipart/form-data': { schema: FileBody } } },
      response: { 201: OldDocumentBody, ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS) }
    }
  }, async (request, reply) => {
    const document = request.isMultipart() ? await takeInFile(request, intake) : await takeInKey(request, world)
    reply.code(201)
    return presentOldDocument(document, request.session.id)
  })
}

async function takeInKey ({ session: { id, template: { workspaceId } }, namespace, body }: FastifyRequest, world: NamespaceRegistry): Promise<Document> {
  const { key, filename } = checked(KeyBody, body ?? {})
  const [taken] = await addUploadedDocuments(namespace, world, key, 'key', { workspaceId, sessionId: id, filename })
  return (taken as { document: Document }).document
}

async function takeInFile (request: FastifyRequest, intake: FileReceiver): Promise<Document> {
  const { session: { id: sessionId, template: { workspaceId } }, namespace } = request
  const parts = request.files()
  const { value: part } = await parts.next().catch(refuseForm) as IteratorResult<MultipartFile, undefined>
  if (part === undefined) throw unprocessable({ file: [NO_FILE] })
  const { filename, mimetype: contentType, file } = part
  const fault = part.fieldname === 'file' ? faultOf(filename, contentType) : NO_FILE
  if (fault !== null) {
    file.resume()
    throw unprocessable({ file: [fault] })
  }
  const received = await intake.receive(namespace, file, { contentType, filename }).catch((error: Error) => {
    file.resume()
    if (error instanceof BlobTooLarge) throw unprocessable({ file: [`The file must not be larger than ${intake.maxSize} bytes.`] })
    // Nobody else than the form's reader ends it early.
    throw file.destroyed && !file.readableEnded ? formError(error) : error
  })
  await parts.next().catch(refuseForm)
  const key = `tmp/${await newId(namespace, 'file', received.sha256)}`
  const upload: Upload = { key, filename, contentType, uploadedAt: namespace.clock.now(), ...received }
  return (await addDocument(namespace, upload, { workspaceId, sessionId, source: UPLOADED })).document
}

const NO_FILE = 'The file field is required: send the file in a form field of that name.'

function faultOf (filename: string, contentType: string): string | null {
  if (!isFilename(filename)) return `The file name is invalid: ${FILENAME_RULE}`
  return isMediaType(contentType) && isSupported(filename, contentType) ? null : `The file ${SUPPORTED_RULE}`
}

/** What is wrong with a form is for its sender to mend. */
function formError (error: Error): HttpError {
  const { code, message } = error as FastifyError
  if (code === 'FST_FILES_LIMIT') return unprocessable({ file: ['The file field must be one file: send each with a request of its own.'] })
  return new HttpError(400, `The form cannot be read (${message}): send it as multipart/form-data, with the file in a field called file.`)
}

function refuseForm (error: Error): never {
  throw formError(error)
}

function presentOldDocument (document: Document, sessionId: string): Static<typeof OldDocumentBody> {
  return {
    id: document.id,
    filename: filenameOf(document),
    status: 'uploaded',
    extraction_session_id: sessionId,
    meta: {},
    created_at: isoOf(document.createdAt)
  }
}
