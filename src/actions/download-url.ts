import { Type, type Static } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { originOf } from '../http/url.ts'
import { DOWNLOAD_URL_LIFETIME, signDownload } from '../http/signed-url.ts'
import { annotated, Instant, isoOf } from '../http/schema.ts'

export const DownloadUrlBody = Type.Object({
  url: Type.String({
    format: 'uri',
    examples: ['http://127.0.0.1:4010/storage/default/documents/6fa459ea-ee8a-4ca4-894e-db77e160355e?X-Amz-Signature=0']
  }),
  expires_at: annotated(Instant, { examples: ['2024-01-15T10:40:00Z'] })
}, { description: 'The URL, and how long it is good.' })

/** A signed URL that leads to the bytes of the request's document. */
export function downloadUrlOf (request: FastifyRequest, publicUrl: string | null): Static<typeof DownloadUrlBody> {
  const { found: { document: { id } }, namespace: { name, seed }, now: issuedAt } = request
  const query = signDownload(seed, { namespace: name, documentId: id, issuedAt })
  return {
    url: `${originOf(request, publicUrl)}/storage/${name}/documents/${id}?${query}`,
    expires_at: isoOf(issuedAt + DOWNLOAD_URL_LIFETIME * 1000)
  }
}
