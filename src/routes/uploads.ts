import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { MAX_FILENAME_LENGTH, OCTET_STREAM } from '../domain/files/file-key.ts'
import { originOf } from '../http/url.ts'
import { signUpload } from '../http/signed-url.ts'
import { BODY_ERRORS, errorResponses, Uuid } from '../http/schema.ts'
import { newId } from '../actions/new-id.ts'

const SignedUrlBody = Type.Object({
  content_type: Type.Optional(Type.String({
    format: 'media-type',
    maxLength: 255,
    default: OCTET_STREAM,
    description: 'Media type of the file, whatever the upload says.',
    examples: ['application/pdf']
  })),
  visibility: Type.Optional(Type.String({ maxLength: 255, default: 'private', description: 'Ignored.' })),
  filename: Type.Optional(Type.String({
    format: 'filename',
    maxLength: MAX_FILENAME_LENGTH,
    description: 'Filename of the document; an extension of raydocs-mock.',
    examples: ['invoice.pdf']
  }))
})

export interface UploadOptions {
  /** The beginning of upload URLs; null for the host that the client called. */
  readonly publicUrl: string | null
}

export const uploadRoutes: FastifyPluginAsyncTypebox<UploadOptions> = async (app, { publicUrl }) => {
  app.post('/vapor/signed-storage-url', {
    config: { ability: null },
    schema: {
      operationId: 'createSignedStorageUrl',
      summary: 'Create an upload URL',
      description: 'PUT the file to `url` within five minutes, with `headers` and without a token; then send `key` as the file key.',
      tags: ['Uploads'],
      body: SignedUrlBody,
      response: {
        200: Type.Object({
          uuid: Uuid('upload'),
          key: Type.String({ description: 'The file key.', examples: ['tmp/5f0c7c1e-8d0b-4e57-9d53-3f1f2a6a0b1c'] }),
          url: Type.String({
            format: 'uri',
            description: 'The URL to PUT the file to.',
            examples: ['http://127.0.0.1:4010/storage/default/tmp/5f0c7c1e-8d0b-4e57-9d53-3f1f2a6a0b1c?X-Amz-Signature=0']
          }),
          headers: Type.Record(Type.String(), Type.String(), {
            description: 'The headers of the PUT request.',
            examples: [{ 'Content-Type': 'application/pdf' }]
          })
        }, { description: 'An upload URL for one file key.' }),
        ...errorResponses(401, 429, ...BODY_ERRORS)
      }
    }
  }, async request => {
    const { namespace: { name, seed }, now, body: { content_type: contentType = OCTET_STREAM, filename = null } } = request
    const uuid = await newId(request.namespace, 'upload', contentType, filename)
    const query = signUpload(seed, { namespace: name, key: `tmp/${uuid}`, contentType, filename, issuedAt: now })
    return {
      uuid,
      key: `tmp/${uuid}`,
      url: `${originOf(request, publicUrl)}/storage/${name}/tmp/${uuid}?${query}`,
      headers: { 'Content-Type': contentType }
    }
  })
}
