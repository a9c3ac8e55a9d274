import { createHmac, timingSafeEqual } from 'node:crypto'
import { known } from '../domain/known.ts'
import { OCTET_STREAM } from '../domain/files/file-key.ts'

/**
 * An upload URL in the style of S3: it allows its bearer to PUT one key until it expires. What was asked for with the URL is
 * part of its query, so that any replica knows it. No header but `host` is signed, as in the real API.
 */
export interface UploadGrant {
  readonly namespace: string
  readonly key: string
  /** The content type that was asked for, whatever the upload says. */
  readonly contentType: string
  /** The filename sent with the request for the URL; null if there was none. */
  readonly filename: string | null
  readonly issuedAt: number
}

/** The lifetime of an upload URL, in seconds. Documented as about five minutes. */
export const UPLOAD_URL_LIFETIME = 300

/** A download URL: it allows its bearer to GET one document until it expires. */
export interface DownloadGrant {
  readonly namespace: string
  readonly documentId: string
  readonly issuedAt: number
}

/** The lifetime of a download URL, in seconds. Documented. */
export const DOWNLOAD_URL_LIFETIME = 600

/** Returns the query string of an upload URL. The signing key derives from the seed, so replicas accept each other's URLs. */
export function signUpload (seed: string, { namespace, key, contentType, filename, issuedAt }: UploadGrant): string {
  return sign(seed, ['PUT', namespace, key], issuedAt, UPLOAD_URL_LIFETIME, {
    ...contentType === OCTET_STREAM ? {} : { content_type: contentType },
    ...filename === null ? {} : { filename }
  })
}

/** Verifies the query of a PUT and returns its grant; undefined if it is not the query that was signed. */
export function readUploadGrant (seed: string, put: Pick<UploadGrant, 'namespace' | 'key'>, query: string): UploadGrant | undefined {
  const signed = verify(seed, ['PUT', put.namespace, put.key], query)
  return signed && { ...put, contentType: askedType(signed), filename: signed.get('filename'), issuedAt: issuedAtOf(signed) }
}

/** Returns the content type that was asked for with an upload URL, by the query of that. */
export function askedType (query: URLSearchParams): string {
  return query.get('content_type') ?? OCTET_STREAM
}

/** Returns the query string of a download URL. */
export function signDownload (seed: string, { namespace, documentId, issuedAt }: DownloadGrant): string {
  return sign(seed, ['GET', namespace, documentId], issuedAt, DOWNLOAD_URL_LIFETIME, {})
}

/** Verifies the query of a GET and returns its grant; undefined if it is not the query that was signed. */
export function readDownloadGrant (
  seed: string,
  get: Pick<DownloadGrant, 'namespace' | 'documentId'>,
  query: string
): DownloadGrant | undefined {
  const signed = verify(seed, ['GET', get.namespace, get.documentId], query)
  return signed && { ...get, issuedAt: issuedAtOf(signed) }
}

export function isExpired ({ issuedAt }: { readonly issuedAt: number }, lifetime: number, now: number): boolean {
  return now >= issuedAt + lifetime * 1000
}

/** The method, the namespace and the name of what a URL leads to. */
type Target = readonly [method: string, namespace: string, name: string]

function sign (seed: string, target: Target, issuedAt: number, lifetime: number, asked: Record<string, string>): string {
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': amzDateOf(issuedAt),
    'X-Amz-Expires': String(lifetime),
    'X-Amz-SignedHeaders': 'host',
    ...asked
  })
  query.append(SIGNATURE, signatureOf(seed, target, query))
  // A `+` means a space to some clients only.
  return query.toString().replaceAll('+', '%20')
}

/** Returns the signed parameters of a query; undefined if any was changed, left out, doubled or added. Their order does not matter. */
function verify (seed: string, target: Target, query: string): URLSearchParams | undefined {
  const parameters = new URLSearchParams(query)
  const signatures = parameters.getAll(SIGNATURE)
  parameters.delete(SIGNATURE)
  return isSame(signatures.join(), signatureOf(seed, target, parameters)) ? parameters : undefined
}

const SIGNATURE = 'X-Amz-Signature'

function signatureOf (seed: string, target: Target, parameters: URLSearchParams): string {
  const signed = [...target, ...[...parameters].map(parameter => JSON.stringify(parameter)).sort()]
  return createHmac('sha256', `signed URLs of ${seed}`).update(JSON.stringify(signed)).digest('hex')
}

function isSame (signature: string, expected: string): boolean {
  const sent = Buffer.from(signature)
  const own = Buffer.from(expected)
  return sent.length === own.length && timingSafeEqual(sent, own)
}

/** Formats an instant as `20240115T103000Z`. */
function amzDateOf (instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

function issuedAtOf (signed: URLSearchParams): number {
  const date = known(signed.get('X-Amz-Date'), 'a signed query has a date')
  return Date.parse(date.replace(AMZ_DATE, '$1-$2-$3T$4:$5:$6Z'))
}

const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
