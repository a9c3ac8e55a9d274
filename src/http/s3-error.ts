import type { FastifyReply, FastifyRequest } from 'fastify'
import { HttpError, logUnexpected, renderError } from './errors.ts'
import { escapeXml } from './xml.ts'

/** An error of the storage, with the code that S3 gives it. */
export class StorageError extends HttpError {
  readonly s3Code: string

  constructor (statusCode: number, s3Code: string, message: string, headers: Record<string, string> = {}) {
    super(statusCode, message, { headers })
    this.s3Code = s3Code
  }
}

/** Answers a request with an error in the form of S3, and logs it if it is unexpected. */
export function sendStorageError (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, headers, body: { message } } = renderError(error)
  logUnexpected(error, status, request)
  const code = error instanceof StorageError ? error.s3Code : S3_CODES.get(status) ?? 'InternalError'
  return reply.code(status).headers(headers).type('application/xml').send(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message><RequestId>${request.id}</RequestId></Error>`
  )
}

/** The codes of errors that come from elsewhere. S3 has no full disks. */
const S3_CODES: ReadonlyMap<number, string> = new Map([
  [403, 'AccessDenied'],
  [404, 'NoSuchKey'],
  [429, 'SlowDown'],
  [503, 'SlowDown'],
  [507, 'InsufficientStorage']
])
