import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * An upload URL in the style of S3: it allows its bearer to PUT one key with one content type until it expires. The content type
 * is signed but not part of the URL, so the upload must send it.
 */
export interface UploadGrant {
  readonly namespace: string
  readonly key: string
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

/** Returns the query string of a download URL. */
export function signDownload (seed: string, grant: DownloadGrant): string {
  return queryOf(grant.issuedAt, DOWNLOAD_URL_LIFETIME, 'host', downloadSignatureOf(seed, grant))
}

/** Verifies the query of a GET and returns its grant; undefined if the query was forged or altered. */
export function readDownloadGrant (
  seed: string,
  get: Pick<DownloadGrant, 'namespace' | 'documentId'>,
  query: Query
): DownloadGrant | undefined {
  const { 'X-Amz-Date': date, 'X-Amz-Signature': signature } = query
  const issuedAt = readAmzDate(date)
  if (issuedAt === undefined) return undefined
  const grant = { ...get, issuedAt }
  return isSame(signature, downloadSignatureOf(seed, grant)) ? grant : undefined
}

type Query = Readonly<Record<string, unknown>>

/** Returns the query string of an upload URL. The signing key derives from the seed, so replicas accept each other's URLs. */
export function signUpload (seed: string, grant: UploadGrant): string {
  const extra = grant.filename === null ? {} : { filename: grant.filename }
  return queryOf(grant.issuedAt, UPLOAD_URL_LIFETIME, 'content-type;host', uploadSignatureOf(seed, grant), extra)
}

function queryOf (
  issuedAt: number,
  lifetime: number,
  signedHeaders: string,
  signature: string,
  extra: Record<string, string> = {}
): string {
  return new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': amzDateOf(issuedAt),
    'X-Amz-Expires': String(lifetime),
    'X-Amz-SignedHeaders': signedHeaders,
    ...extra,
    'X-Amz-Signature': signature
  }).toString()
}

/** Verifies the query and content type of a PUT and returns its grant; undefined if the query was forged or altered. */
export function readUploadGrant (
  seed: string,
  put: Pick<UploadGrant, 'namespace' | 'key' | 'contentType'>,
  query: Query
): UploadGrant | undefined {
  const { 'X-Amz-Date': date, 'X-Amz-Signature': signature, filename = null } = query
  const issuedAt = readAmzDate(date)
  if (issuedAt === undefined || (filename !== null && typeof filename !== 'string')) return undefined
  const grant = { ...put, filename, issuedAt }
  return isSame(signature, uploadSignatureOf(seed, grant)) ? grant : undefined
}

export function isExpired ({ issuedAt }: { readonly issuedAt: number }, lifetime: number, now: number): boolean {
  return now >= issuedAt + lifetime * 1000
}

function isSame (signature: unknown, expected: string): boolean {
  const sent = Buffer.from(String(signature))
  const own = Buffer.from(expected)
  return sent.length === own.length && timingSafeEqual(sent, own)
}

function downloadSignatureOf (seed: string, { namespace, documentId, issuedAt }: DownloadGrant): string {
  const signed = ['GET', namespace, documentId, amzDateOf(issuedAt), DOWNLOAD_URL_LIFETIME]
  return createHmac('sha256', `document URLs of ${seed}`).update(JSON.stringify(signed)).digest('hex')
}

function uploadSignatureOf (seed: string, { namespace, key, contentType, filename, issuedAt }: UploadGrant): string {
  const signed = ['PUT', namespace, key, contentType, filename, amzDateOf(issuedAt), UPLOAD_URL_LIFETIME]
  return createHmac('sha256', `upload URLs of ${seed}`).update(JSON.stringify(signed)).digest('hex')
}

/** Formats an instant as `20240115T103000Z`. */
function amzDateOf (instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

function readAmzDate (value: unknown): number | undefined {
  const [, year, month, day, hour, minute, second] = AMZ_DATE.exec(String(value)) ?? []
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(instant) ? undefined : instant
}

const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
