import multipart, { type MultipartFile } from '@fastify/multipart'
import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyError, FastifyRequest } from 'fastify'
import type { Upload } from '../domain/files/upload.ts'
import type { Document } from '../domain/lifecycle/records.ts'
import type { FileReceiver } from '../actions/receive-file.ts'
import { known } from '../domain/known.ts'
import { UPLOADED } from '../domain/lifecycle/new-document.ts'
import { FILENAME_RULE, isFilename, isMediaType, isSupported, MAX_FILENAME_LENGTH, SUPPORTED_RULE } from '../domain/files/file-key.ts'
import { filenameOf } from '../domain/lifecycle/lifecycle.ts'
import { HttpError, unprocessable } from '../http/errors.ts'
import { checked } from '../http/validation.ts'
import { BODY_ERRORS, errorResponses, FileKey, Instant, isoOf, TOKEN_ERRORS, Uuid } from '../http/schema.ts'
import { FileTooLarge } from '../store/uploaded-files.ts'
import { sessionParams } from '../resources/path-params.ts'
import { newId } from '../actions/new-id.ts'
import { addDocument, addUploadedDocuments } from '../actions/add-documents.ts'

const KeyBody = Type.Object({
  key: FileKey,
  filename: Type.String({ format: 'filename', maxLength: MAX_FILENAME_LENGTH, examples: ['invoice.pdf'] })
})

/** The file arrives as a stream: the handler checks it, not the validator. */
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
}, { description: 'The document, in the form of earlier versions of the API.' })

export interface SessionUploadOptions {
  readonly receiver: FileReceiver
}

/** The older ways to add one file to a session: by its key, or in the request itself. */
export const sessionUploadRoutes: FastifyPluginAsyncTypebox<SessionUploadOptions> = async (app, { receiver }) => {
  await app.register(
    multipart,
    { limits: { files: 1, fields: 10, fieldSize: 1_024, fileSize: receiver.maxSize + 1 }, throwFileSizeLimit: false }
  )

  app.post('/extractions/sessions/:sessionId/documents', {
    config: { ability: 'sessions-write' },
    schema: {
      operationId: 'createSessionDocument',
      summary: 'Attach one file to a session',
      description: 'Accepts an uploaded file by its key or the file itself, like earlier versions of the API.',
      tags: ['Extraction Sessions'],
      params: sessionParams,
      body: { content: { 'application/json': { schema: KeyBody }, 'multipart/form-data': { schema: FileBody } } },
      response: { 201: OldDocumentBody, ...errorResponses(...TOKEN_ERRORS, 404, ...BODY_ERRORS, 507) }
    }
  }, async (request, reply) => {
    const document = request.isMultipart() ? await addFile(request, receiver) : await addUpload(request)
    reply.code(201)
    return presentOldDocument(document, request.session.id)
  })
}

async function addUpload ({ session: { id, template: { workspaceId } }, namespace, now, body }: FastifyRequest): Promise<Document> {
  const { key, filename } = checked(KeyBody, body ?? {})
  const [added] = await addUploadedDocuments(namespace, key, 'key', { workspaceId, sessionId: id, now, filename })
  return known(added, 'one document was added').document
}

async function addFile (request: FastifyRequest, receiver: FileReceiver): Promise<Document> {
  const { session: { id: sessionId, template: { workspaceId } }, namespace, now } = request
  const parts = request.files()
  const { value: part } = await parts.next().catch(refuseForm) as IteratorResult<MultipartFile, undefined>
  if (part === undefined) throw unprocessable({ file: [NO_FILE] })
  const { filename, mimetype: contentType, file } = part
  const issue = part.fieldname === 'file' ? issueOf(filename, contentType, null) : NO_FILE
  if (issue !== null) {
    file.resume()
    throw unprocessable({ file: [issue] })
  }
  return await receiver.receive(file, { contentType, filename }, async received => {
    await parts.next().catch(refuseForm)
    const issue = issueOf(filename, contentType, received.inspection?.mime)
    if (issue !== null) throw unprocessable({ file: [issue] })
    const key = `tmp/${await newId(namespace, 'file', received.sha256)}`
    const upload: Upload = { key, filename, contentType, uploadedAt: now, ...received }
    return (await addDocument(namespace, upload, { workspaceId, sessionId, now, source: UPLOADED })).document
  }).catch((error: Error) => {
    file.resume()
    if (error instanceof FileTooLarge) throw unprocessable({ file: [`The file must not be larger than ${receiver.maxSize} bytes.`] })
    // Only the parser of the form ends the file early.
    throw file.destroyed && !file.readableEnded ? formError(error) : error
  })
}

const NO_FILE = 'The file field is required: send the file in a form field called file.'

function issueOf (filename: string, contentType: string, actual: string | null | undefined): string | null {
  if (!isFilename(filename)) return `The file name is invalid: ${FILENAME_RULE}`
  return isMediaType(contentType) && isSupported(filename, contentType, actual) ? null : `The file ${SUPPORTED_RULE}`
}

/** Returns the answer for a form that cannot be read. */
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
