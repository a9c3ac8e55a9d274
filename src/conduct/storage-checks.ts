import type { Exchange } from '../store/journal.ts'
import type { ClientCheck } from './client-check.ts'
import { askedType } from '../http/signed-url.ts'
import { queryOf } from '../http/url.ts'

const UPLOAD = '/storage/:namespace/tmp/:name'
const DOWNLOAD = '/storage/:namespace/documents/:documentKey'

/** Rules for signed URLs. This server lets pass what they forbid; S3 refuses all of it but another content type. */
export const STORAGE_CHECKS: readonly ClientCheck[] = [
  {
    id: 'token-sent-to-storage',
    severity: 'error',
    description: 'Send the token to the API only: a signed URL needs none, and points to another company\'s server.',
    findBreaches: ({ exchanges }) => exchanges
      .filter(({ url, headers }) => url.startsWith('/storage/') && headers.authorization !== undefined)
      .map(exchange => ({
        about: [exchange],
        message: exchange.route === DOWNLOAD
          ? 'The download has an Authorization header: S3 refuses it beside a signed URL.'
          : 'The upload has an Authorization header: send only the headers that were returned with the signed URL.'
      }))
  },
  {
    id: 'upload-without-length',
    severity: 'error',
    description: 'Send the length of a file with it: S3 refuses an upload without Content-Length, as of a stream in chunks.',
    findBreaches: ({ exchanges }) => storedIn(exchanges)
      .filter(({ headers }) => headers['content-length'] === undefined)
      .map(exchange => ({ about: [exchange], message: 'The upload has no Content-Length header: S3 answers 411.' }))
  },
  {
    id: 'head-on-signed-url',
    severity: 'error',
    description: 'Use a signed URL with the method that it was signed for: S3 refuses HEAD where it was GET.',
    findBreaches: ({ exchanges }) => exchanges
      .filter(({ method, route, status }) => method === 'HEAD' && route === DOWNLOAD && status !== 403)
      .map(exchange => ({ about: [exchange], message: 'The URL was signed for GET: S3 answers HEAD with 403.' }))
  },
  {
    id: 'upload-of-another-type',
    severity: 'warning',
    description: 'Send the headers that were returned with the signed URL: the content type that was asked for is that of the file.',
    findBreaches: ({ exchanges }) => storedIn(exchanges).flatMap(exchange => {
      const sent = exchange.headers['content-type'] || 'no content type'
      const asked = askedType(new URLSearchParams(queryOf(exchange.url)))
      if (normalized(sent) === normalized(asked)) return []
      return [{ about: [exchange], message: `The upload has ${sent} where ${asked} was asked for: send the returned headers.` }]
    })
  }
]

/** Returns the uploads that were stored. */
function storedIn (exchanges: readonly Exchange[]): Exchange[] {
  return exchanges.filter(({ method, route, status }) => method === 'PUT' && route === UPLOAD && status === 200)
}

function normalized (contentType: string): string {
  return contentType.toLowerCase().replaceAll(/\s/g, '')
}
