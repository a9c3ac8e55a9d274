import send from '@fastify/send'
import contentDisposition from 'content-disposition'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { FileReceiver } from '../actions/receive-file.ts'
import type { NamespaceRegistry } from '../namespaces/registry.ts'
import { FileTooLarge, type UploadedFiles } from '../store/uploaded-files.ts'
import { documentContent } from '../domain/files/document-content.ts'
import { filenameOf } from '../domain/lifecycle/lifecycle.ts'
import { FILENAME_RULE, isFilename } from '../domain/files/file-key.ts'
import { HttpError, logUnexpected, renderError } from '../http/errors.ts'
import { escapeXml } from '../http/xml.ts'
import {
  DOWNLOAD_URL_LIFETIME, isExpired, readDownloadGrant, readUploadGrant, UPLOAD_URL_LIFETIME, type DownloadGrant, type UploadGrant
} from '../http/signed-url.ts'

const XmlError = { description: 'An error in the form of S3.', content: { 'application/xml': { schema: Type.String() } } }

const File = { description: 'The bytes, or the requested range of them.', content: { '*/*': { schema: Type.String() } } }

declare module 'fastify' {
  interface FastifyRequest {
    /** The grant in the signed URL of an upload. */
    grant: UploadGrant
    /** The grant in the signed URL of a document. */
    downloadGrant: DownloadGrant
  }
}

export interface StorageOptions {
  readonly namespaces: NamespaceRegistry
  readonly files: UploadedFiles
  readonly receiver: FileReceiver
}

/** Stands in for S3: where the URLs of `POST /vapor/signed-storage-url` lead. */
export const storageRoutes: FastifyPluginAsyncTypebox<StorageOptions> = async (app, { namespaces, files, receiver }) => {
  app.decorateRequest('grant')
  app.decorateRequest('downloadGrant')

  // Bodies of any type are left on the wire for the handler to stream.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => { done(null) })

  app.setErrorHandler((error, request, reply) => {
    // Let the rest of the body go by, so that the answer can be read on the connection it came by.
    request.raw.resume()
    const { status, headers, body: { message } } = renderError(error)
    logUnexpected(error, status, request)
    const code = error instanceof StorageError ? error.s3Code : S3_CODES.get(status) ?? 'InternalError'
    return reply.code(status).headers(headers).type('application/xml').send(xmlError(code, message, request))
  })

  app.put('/storage/:namespace/tmp/:name', {
    config: {
      async admit (request) {
        request.grant = await uploadGrantOf(request, namespaces)
        return request.grant.namespace
      }
    },
    schema: {
      operationId: 'putObject',
      summary: 'Upload a file to a signed URL',
      description: 'The body is the file; a later upload to the same URL replaces it.',
      tags: ['Uploads'],
      params: Type.Object({ namespace: Type.String(), name: Type.String() }),
      body: { content: { '*/*': { schema: Type.Unsafe<unknown>({ ...Type.String(), description: 'The bytes.' }) } } },
      response: {
        200: Type.Unsafe<undefined>(Type.Null({ description: 'The file was stored.' })),
        400: XmlError,
        403: XmlError,
        413: XmlError
      }
    }
  }, async (request, reply) => {
    const { grant, namespace: { records }, now } = request
    if (isExpired(grant, UPLOAD_URL_LIFETIME, now)) throw new StorageError(403, 'AccessDenied', 'Request has expired')
    if (Number(request.headers['content-length']) > receiver.maxSize) throw tooLarge(receiver.maxSize)

    const filename = dispositionOf(request) ?? grant.filename
    const { key, contentType } = grant
    const { sha256 } = await receiver.receive(request.raw, { contentType, filename }, async received => {
      await records.putUpload({ key, filename, contentType, uploadedAt: now, ...received })
      return received
    }).catch((error: unknown) => {
      if (error instanceof FileTooLarge) throw tooLarge(receiver.maxSize)
      if (request.raw.destroyed) throw new StorageError(400, 'IncompleteBody', 'The connection was closed before all bytes had arrived.')
      throw error
    })
    return await reply.header('etag', `"${sha256}"`).send(undefined)
  })

  app.get('/storage/:namespace/documents/:documentKey', {
    config: {
      async admit (request) {
        request.downloadGrant = await downloadGrantOf(request, namespaces)
        return request.downloadGrant.namespace
      }
    },
    schema: {
      operationId: 'getObject',
      summary: 'Download a document from a signed URL',
      description: 'Returns the uploaded bytes; supports range requests.',
      tags: ['Uploads'],
      params: Type.Object({ namespace: Type.String(), documentKey: Type.String() }),
      response: { 200: File, 206: File, 403: XmlError, 404: XmlError, 416: XmlError }
    }
  }, async (request, reply) => {
    const { downloadGrant: grant, namespace: { records }, now } = request
    if (isExpired(grant, DOWNLOAD_URL_LIFETIME, now)) throw new StorageError(403, 'AccessDenied', 'Request has expired')
    const [found] = await records.findDocuments([grant.documentId])
    const document = found?.document
    if (document === undefined || document.upload === null) {
      throw new StorageError(404, 'NoSuchKey', 'The document was deleted, or its bytes were never uploaded.')
    }
    const { sha256, mime } = documentContent(document)
    // What the file system says of times would not be the same twice.
    const options = { root: await files.folder(), contentType: false, cacheControl: false, lastModified: false, etag: false }
    const { statusCode, headers, stream } = await send(request.raw, sha256, options)
    if (statusCode === 416) throw new StorageError(416, 'InvalidRange', 'The requested range is not satisfiable')
    if (statusCode >= 400) throw new StorageError(404, 'NoSuchKey', 'The bytes of the document are not stored on this server.')
    reply.code(statusCode as 200 | 206).headers({
      ...headers,
      etag: `"${sha256}"`,
      'content-disposition': contentDisposition(filenameOf(document), { type: 'inline' })
    })
    return await reply.type(mime).send(stream as never)
  })
}

/** Returns the grant in the URL of a download. Throws a 403 if it was not signed here. */
async function downloadGrantOf ({ params, query }: FastifyRequest, namespaces: NamespaceRegistry): Promise<DownloadGrant> {
  const { namespace, documentKey } = params as { namespace: string, documentKey: string }
  const { seed } = await namespaces.find(namespace) ?? namespaces
  const grant = readDownloadGrant(seed, { namespace, documentId: documentKey }, query as Record<string, unknown>)
  if (grant === undefined) {
    throw new StorageError(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Send the URL unchanged.'
    )
  }
  return grant
}

/** Returns the grant in the URL of an upload. Throws a 403 if it was not signed here. */
async function uploadGrantOf ({ params, headers, query }: FastifyRequest, namespaces: NamespaceRegistry): Promise<UploadGrant> {
  const { namespace, name } = params as { namespace: string, name: string }
  const { seed } = await namespaces.find(namespace) ?? namespaces
  const grant = readUploadGrant(
    seed,
    { namespace, key: `tmp/${name}`, contentType: headers['content-type'] ?? '' },
    query as Record<string, unknown>
  )
  if (grant === undefined) throw new StorageError(403, 'SignatureDoesNotMatch', SIGNATURE_DOES_NOT_MATCH)
  return grant
}

class StorageError extends HttpError {
  readonly s3Code: string

  constructor (statusCode: number, s3Code: string, message: string) {
    super(statusCode, message)
    this.s3Code = s3Code
  }
}

/** The codes of S3 for errors that come from elsewhere. */
const S3_CODES: ReadonlyMap<number, string> = new Map([
  [403, 'AccessDenied'],
  [404, 'NoSuchKey'],
  [429, 'SlowDown'],
  [503, 'SlowDown']
])

const SIGNATURE_DOES_NOT_MATCH = 'The request signature we calculated does not match the signature you provided. ' +
  'Send the URL unchanged, with the headers that were returned with it.'

function tooLarge (limit: number): StorageError {
  return new StorageError(413, 'EntityTooLarge', `Your proposed upload exceeds the maximum allowed size of ${limit} bytes.`)
}

/** The name in a Content-Disposition header, null if there is none. */
function dispositionOf ({ headers }: FastifyRequest): string | null {
  const header = headers['content-disposition']
  if (header === undefined) return null
  const name = filenameIn(header)
  if (name === undefined || isFilename(name)) return name ?? null
  throw new StorageError(400, 'InvalidArgument', `The file name in Content-Disposition is not valid: ${FILENAME_RULE}`)
}

function filenameIn (header: string): string | undefined {
  try {
    return contentDisposition.parse(header).parameters['filename']
  } catch {
    throw new StorageError(400, 'InvalidArgument', 'The Content-Disposition header is not valid: send attachment; filename="invoice.pdf".')
  }
}

function xmlError (code: string, message: string, request: FastifyRequest): string {
  return '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message><RequestId>${request.id}</RequestId></Error>`
}
