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

/** The query string of an upload URL. What it is signed with follows from the seed: any replica accepts the others' URLs, and the same test gets the same bytes. */
export function signUpload (seed: string, grant: UploadGrant): string {
  return new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': amzDateOf(grant.issuedAt),
    'X-Amz-Expires': String(UPLOAD_URL_LIFETIME),
    'X-Amz-SignedHeaders': 'content-type;host',
    ...grant.filename === null ? {} : { filename: grant.filename },
    'X-Amz-Signature': signatureOf(seed, grant)
  }).toString()
}

/** The grant that a PUT with this query and content type makes use of; undefined if it was forged or altered. */
export function readUploadGrant (
  seed: string,
  put: Pick<UploadGrant, 'namespace' | 'key' | 'contentType'>,
  query: Readonly<Record<string, unknown>>
): UploadGrant | undefined {
  const { 'X-Amz-Date': date, 'X-Amz-Signature': signature, filename = null } = query
  const issuedAt = readAmzDate(date)
  if (issuedAt === undefined || typeof signature !== 'string' || (filename !== null && typeof filename !== 'string')) return undefined
  const grant = { ...put, filename, issuedAt }
  const expected = Buffer.from(signatureOf(seed, grant))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected) ? grant : undefined
}

export function isExpired ({ issuedAt }: UploadGrant, now: number): boolean {
  return now >= issuedAt + UPLOAD_URL_LIFETIME * 1000
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
