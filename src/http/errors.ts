import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from '@sinclair/typebox'
import { DomainError } from '../domain/domain-error.ts'
import { NotFound } from '../store/records.ts'
import { TooManyNamespaces } from '../store/store.ts'

/**
 * One door out for errors: code throws, `renderError` decides what the client sees. The bodies are Laravel's, as the
 * API's stack suggests (the documentation shows none).
 */

/** The body of an error: `message` always, `errors` (by dotted path) for a body that is not valid. */
export const ErrorBody = Type.Object({
  message: Type.String({ description: 'What was wrong, and what to send instead.' }),
  errors: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()), {
    description: 'Every issue of the body, by the dotted path of the field.'
  }))
}, { $id: 'Error', description: 'The body of every error.' })

export type ErrorBody = Static<typeof ErrorBody>

export type FieldErrors = Record<string, string[]>

/** An error with its own status and body. */
export class HttpError extends Error {
  readonly statusCode: number
  readonly errors: FieldErrors | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor (
    statusCode: number,
    message: string,
    { errors, headers = {} }: { errors?: FieldErrors, headers?: Record<string, string> } = {}
  ) {
    super(message)
    this.statusCode = statusCode
    this.errors = errors
    this.headers = headers
  }
}

/** Returns a 404: there is no such `kind` ("Template", "Session", ...), or it is hidden from the caller. */
export function notFound (kind: string): HttpError {
  return new HttpError(404, `${kind} not found.`)
}

/** Returns a 404: there is nothing at this path. `nearest` is a route that may have been meant. */
export function routeNotFound (path: string, nearest: string | null = null): HttpError {
  const hint = nearest === null ? '' : ` Did you mean ${nearest}?`
  return new HttpError(404, `The route ${path.slice(1)} could not be found.${hint}`)
}

/** Returns a 422: the body is well-formed but not valid; `errors` names every issue. */
export function unprocessable (errors: FieldErrors): HttpError {
  const [first = 'The given data was invalid.', ...others] = Object.values(errors).flat()
  const more = others.length === 0 ? '' : ` (and ${others.length} more error${others.length === 1 ? '' : 's'})`
  return new HttpError(422, first + more, { errors })
}

/** Throws a 422 that names every item of a list, or of a field that holds one item, for which `issueOf` returns an issue. */
export function rejectItems (
  items: string | readonly string[],
  field: string,
  issueOf: (item: string, index: number) => string | null
): void {
  const errors = [items].flat().flatMap((item, index): Array<[string, string[]]> => {
    const path = typeof items === 'string' ? field : `${field}.${index}`
    const issue = issueOf(item, index)
    return issue === null ? [] : [[path, [`The selected ${path} ${issue}`]]]
  })
  if (errors.length > 0) throw unprocessable(Object.fromEntries(errors))
}

/** Returns a 403: the caller is a member of the workspace, but the role does not suffice. */
export function notAuthorized (): HttpError {
  return new HttpError(403, 'This action is unauthorized.')
}

export interface RenderedError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ErrorBody
}

/** Returns the answer for anything thrown. An unexpected error becomes a 500 without details. */
export function renderError (error: unknown): RenderedError {
  if (error instanceof HttpError) {
    const { statusCode: status, message, errors, headers } = error
    return { status, headers, body: errors === undefined ? { message } : { message, errors } }
  }
  if (error instanceof DomainError) return renderError(httpErrorOf(error))
  if (error instanceof NotFound) return renderError(notFound(error.kind))
  if (error instanceof TooManyNamespaces) return { status: 429, headers: {}, body: { message: error.message } }
  if (error instanceof Error) {
    const { code = '', statusCode = 500 } = error as Partial<FastifyError>
    const known = FRAMEWORK_ERRORS.get(code)
    if (known !== undefined) return { headers: {}, ...known }
    if (statusCode >= 400 && statusCode < 500) return { status: statusCode, headers: {}, body: { message: error.message } }
  }
  return { status: 500, headers: {}, body: { message: 'Server Error' } }
}

/** Returns the answer for a command that the domain refused. */
export function httpErrorOf ({ reason, message }: DomainError): HttpError {
  if (typeof reason === 'object') return unprocessable({ [reason.field]: [message] })
  return new HttpError(reason === 'missing' ? 404 : 403, message)
}

/** Answers a request with an error, and logs it if it is unexpected. */
export function sendError (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, headers, body } = renderError(error)
  logUnexpected(error, status, request)
  return reply.code(status).headers(headers).type('application/json; charset=utf-8').send(body)
}

/** Logs an error that is no answer of ours. */
export function logUnexpected (error: unknown, status: number, request: FastifyRequest): void {
  if (status >= 500 && !(error instanceof HttpError)) request.log.error({ reqId: request.id, err: error }, 'unexpected error')
}

const UNAUTHENTICATED = { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: { message: 'Unauthenticated.' } }
const DISK_FULL = { status: 507, body: { message: 'The server has no space left for the file: make room, and send it again.' } }
const NOT_JSON = { status: 400, body: { message: 'The request body is not valid JSON.' } }

/** The errors of the framework, its plugins and the system that a client can provoke. */
const FRAMEWORK_ERRORS: ReadonlyMap<string, { status: number, headers?: Record<string, string>, body: ErrorBody }> = new Map([
  ['FST_BEARER_AUTH_MISSING_AUTHORIZATION_HEADER', UNAUTHENTICATED],
  ['FST_BEARER_AUTH_INVALID_AUTHORIZATION_HEADER', UNAUTHENTICATED],
  ['FST_ERR_CTP_INVALID_JSON_BODY', NOT_JSON],
  ['FST_ERR_CTP_BODY_TOO_LARGE', { status: 413, body: { message: 'The request body is too large: send 1 MiB at most.' } }],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', { status: 415, body: { message: 'Unsupported media type: send the body as application/json.' } }],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', { status: 400, body: { message: 'The request body is not as long as Content-Length says.' } }],
  ['ENOSPC', DISK_FULL],
  ['EDQUOT', DISK_FULL],
  ['EFBIG', DISK_FULL],
  ['FST_ERR_BAD_URL', { status: 400, body: { message: 'The path is not valid: percent-encode it as UTF-8.' } }]
])
