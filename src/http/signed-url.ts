import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Upload URLs as S3 signs them: whoever holds one may PUT that key, with that content type, until it expires. The content
 * type is not part of the URL: it must come with the upload and must be the one that was signed.
 */
export interface UploadGrant {
  readonly namespace: string
  readonly key: string
  readonly contentType: string
  /** The name the file is to have; null if it was not given with the request for the URL. */
  readonly filename: string | null
  readonly issuedAt: number
}

/** How long an upload URL lives, in seconds. Documented as about five minutes. */
export const UPLOAD_URL_LIFETIME = 300

/** Who holds this may read a document until it expires. */
export interface DownloadGrant {
  readonly namespace: string
  readonly documentId: string
  readonly issuedAt: number
}

/** How long a document's URL lives, in seconds. Documented. */
export const DOWNLOAD_URL_LIFETIME = 600

/** The query string of a document's URL. */
export function signDownload (seed: string, grant: DownloadGrant): string {
  return queryOf(grant.issuedAt, DOWNLOAD_URL_LIFETIME, 'host', downloadSignatureOf(seed, grant))
}

/** The grant that a GET with this query makes use of; undefined if it was forged or altered. */
export function readDownloadGrant (seed: string, get: Pick<DownloadGrant, 'namespace' | 'documentId'>, { 'X-Amz-Date': date, 'X-Amz-Signature': signature }: Query): DownloadGrant | undefined {
  const issuedAt = readAmzDate(date)
  if (issuedAt === undefined) return undefined
  const grant = { ...get, issuedAt }
  return isSame(signature, downloadSignatureOf(seed, grant)) ? grant : undefined
}

type Query = Readonly<Record<string, unknown>>

/** The query string of an upload URL. What it is signed with follows from the seed: any replica accepts the others' URLs, and the same test gets the same bytes. */
export function signUpload (seed: string, grant: UploadGrant): string {
  return queryOf(grant.issuedAt, UPLOAD_URL_LIFETIME, 'content-type;host', signatureOf(seed, grant), grant.filename === null ? {} : { filename: grant.filename })
}

function queryOf (issuedAt: number, lifetime: number, signedHeaders: string, signature: string, more: Record<string, string> = {}): string {
  return new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': amzDateOf(issuedAt),
    'X-Amz-Expires': String(lifetime),
    'X-Amz-SignedHeaders': signedHeaders,
    ...more,
    'X-Amz-Signature': signature
  }).toString()
}

/** The grant that a PUT with this query and content type makes use of; undefined if it was forged or altered. */
export function readUploadGrant (
  seed: string,
  put: Pick<UploadGrant, 'namespace' | 'key' | 'contentType'>,
  query: Query
): UploadGrant | undefined {
  const { 'X-Amz-Date': date, 'X-Amz-Signature': signature, filename = null } = query
  const issuedAt = readAmzDate(date)
  if (issuedAt === undefined || (filename !== null && typeof filename !== 'string')) return undefined
  const grant = { ...put, filename, issuedAt }
  return isSame(signature, signatureOf(seed, grant)) ? grant : undefined
}

export function isExpired ({ issuedAt }: { readonly issuedAt: number }, lifetime: number, now: number): boolean {
  return now >= issuedAt + lifetime * 1000
}

function isSame (signature: unknown, right: string): boolean {
  const given = Buffer.from(String(signature))
  const expected = Buffer.from(right)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function downloadSignatureOf (seed: string, { namespace, documentId, issuedAt }: DownloadGrant): string {
  const signed = ['GET', namespace, documentId, amzDateOf(issuedAt), DOWNLOAD_URL_LIFETIME]
  return createHmac('sha256', `document URLs of ${seed}`).update(JSON.stringify(signed)).digest('hex')
}

function signatureOf (seed: string, { namespace, key, contentType, filename, issuedAt }: UploadGrant): string {
  const signed = ['PUT', namespace, key, contentType, filename, amzDateOf(issuedAt), UPLOAD_URL_LIFETIME]
  return createHmac('sha256', `upload URLs of ${seed}`).update(JSON.stringify(signed)).digest('hex')
}

/** `20240115T103000Z` */
function amzDateOf (instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

function readAmzDate (value: unknown): number | undefined {
  const [, year, month, day, hour, minute, second] = AMZ_DATE.exec(String(value)) ?? []
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(instant) ? undefined : instant
}

const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
