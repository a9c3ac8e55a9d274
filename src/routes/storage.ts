import { Readable } from 'node:stream'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { FileReceiver } from '../actions/receive-file.ts'
import type { NamespaceRegistry } from '../namespaces/registry.ts'
import { FileTooLarge, type UploadedFiles } from '../store/uploaded-files.ts'
import { documentContent } from '../domain/files/document-content.ts'
import { filenameOf } from '../domain/lifecycle/lifecycle.ts'
import { OCTET_STREAM } from '../domain/files/file-key.ts'
import { checksumOf } from '../http/checksums.ts'
import { dispositionOf, filenameIn } from '../http/content-disposition.ts'
import { preconditionStatus, rangeIn } from '../http/preconditions.ts'
import { sendStorageError, StorageError } from '../http/s3-error.ts'
import {
  DOWNLOAD_URL_LIFETIME, isExpired, readDownloadGrant, readUploadGrant, UPLOAD_URL_LIFETIME, type DownloadGrant, type UploadGrant
} from '../http/signed-url.ts'
import { queryOf } from '../http/url.ts'

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

  // S3 takes any content type, a malformed one too, and none.
  app.addHook('onRequest', async request => { request.headers = { 'content-type': OCTET_STREAM } })

  app.setErrorHandler((error, request, reply) => {
    // Let the rest of the body go by, so that the answer can be read on the connection it came by.
    request.raw.resume()
    return sendStorageError(error, request, reply)
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
        413: XmlError,
        507: XmlError
      }
    }
  }, async (request, reply) => {
    const { grant, namespace: { records }, now } = request
    if (isExpired(grant, UPLOAD_URL_LIFETIME, now)) throw new StorageError(403, 'AccessDenied', 'Request has expired')
    if (Number(request.headers['content-length']) > receiver.maxSize) throw tooLarge(receiver.maxSize)

    const { 'content-disposition': disposition = '' } = request.headers
    const filename = filenameIn(String(disposition)) ?? grant.filename
    const { key, contentType } = grant
    const { sha256 } = await receiver.receive(request.raw, { contentType, filename }, async received => {
      await records.putUpload({ key, filename, contentType, uploadedAt: now, ...received })
      return received
    }, checksumOf(request.headers)).catch((error: unknown) => {
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
      description: 'Returns the uploaded bytes; supports conditional requests and one range.',
      tags: ['Uploads'],
      params: Type.Object({ namespace: Type.String(), documentKey: Type.String() }),
      response: {
        200: File,
        206: File,
        304: Type.Unsafe<undefined>(Type.Null({ description: 'The client has the bytes already.' })),
        403: XmlError,
        404: XmlError,
        412: XmlError,
        416: XmlError
      }
    }
  }, async (request, reply) => {
    const { downloadGrant: grant, namespace: { records }, now, headers } = request
    if (isExpired(grant, DOWNLOAD_URL_LIFETIME, now)) throw new StorageError(403, 'AccessDenied', 'Request has expired')
    const [found] = await records.findDocuments([grant.documentId])
    const document = found?.document
    if (document === undefined || document.upload === null) {
      throw new StorageError(404, 'NoSuchKey', 'The document was deleted, or its bytes were never uploaded.')
    }
    const { sha256, mime } = documentContent(document)
    const file = await files.open(sha256)
    if (file === undefined) throw new StorageError(404, 'NoSuchKey', 'The bytes of the document are not stored on this server.')
    let isStreamed = false
    try {
      const { size } = await file.stat()
      const validators = { etag: sha256, modifiedAt: document.upload.uploadedAt }
      const status = preconditionStatus(headers, validators)
      if (status === 412) throw new StorageError(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
      const range = status === 304 ? undefined : rangeIn(headers, size, validators)
      if (range === 'unsatisfiable') {
        throw new StorageError(416, 'InvalidRange', 'The requested range is not satisfiable', { 'content-range': `bytes */${size}` })
      }
      // A page or picture with scripts must not run on the origin that the control API has.
      reply.headers({
        etag: `"${sha256}"`,
        'last-modified': new Date(validators.modifiedAt).toUTCString(),
        'x-content-type-options': 'nosniff',
        'content-security-policy': 'sandbox'
      })
      if (status === 304) return await reply.code(304).send(undefined)
      const { start, end } = range ?? { start: 0, end: size - 1 }
      reply.code(range === undefined ? 200 : 206).type(mime).headers({
        'accept-ranges': 'bytes',
        'content-length': end - start + 1,
        'content-disposition': dispositionOf(filenameOf(document), 'inline'),
        ...range === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }
      })
      isStreamed = request.method === 'GET' && size > 0
      return await reply.send((isStreamed ? file.createReadStream({ start, end }) : Readable.from([])) as never)
    } finally {
      if (!isStreamed) await file.close()
    }
  })
}

/** Returns the grant in the URL of a download. Throws a 403 if it was not signed here. */
async function downloadGrantOf ({ params, url }: FastifyRequest, namespaces: NamespaceRegistry): Promise<DownloadGrant> {
  const { namespace, documentKey } = params as { namespace: string, documentKey: string }
  const { seed } = await namespaces.find(namespace) ?? namespaces
  return readDownloadGrant(seed, { namespace, documentId: documentKey }, queryOf(url)) ?? refuseSignature('Send the URL unchanged.')
}

/** Returns the grant in the URL of an upload. Throws a 403 if it was not signed here. */
async function uploadGrantOf ({ params, url }: FastifyRequest, namespaces: NamespaceRegistry): Promise<UploadGrant> {
  const { namespace, name } = params as { namespace: string, name: string }
  const { seed } = await namespaces.find(namespace) ?? namespaces
  return readUploadGrant(seed, { namespace, key: `tmp/${name}` }, queryOf(url)) ??
    refuseSignature('Send the URL unchanged, with the headers that were returned with it.')
}

function refuseSignature (advice: string): never {
  throw new StorageError(
    403,
    'SignatureDoesNotMatch',
    `The request signature we calculated does not match the signature you provided. ${advice}`
  )
}

function tooLarge (limit: number): StorageError {
  return new StorageError(413, 'EntityTooLarge', `Your proposed upload exceeds the maximum allowed size of ${limit} bytes.`)
}
