import type { FastifyInstance, FastifyRequest } from 'fastify'
import { OCTET_STREAM } from '../domain/files/file-key.ts'
import { noteBody } from '../store/journal.ts'
import { HttpError } from './errors.ts'

/** JSON by its own name, or by that of a format built on it, such as `application/vnd.api+json`. */
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:;|$)/

/**
 * Accepts JSON as the framework's own parser reads it, but for two things: an empty body is allowed, whatever its type is called,
 * and so are keys like `__proto__`. A route without a schema for its body ignores what is sent. `read` returns the value that is
 * validated.
 */
export function acceptJson (app: FastifyInstance, read: (value: unknown) => unknown): void {
  const parse = app.getDefaultJsonParser('remove', 'remove')
  app.removeAllContentTypeParsers()

  // The framework refuses a type that is none, even where there is no body.
  app.addHook('preParsing', ({ raw }, _reply, _payload, done) => {
    const { 'content-type': type } = raw.headers
    if (type !== undefined && !MEDIA_TYPE.test(type)) raw.headers = { ...raw.headers, 'content-type': OCTET_STREAM }
    done()
  })

  app.addContentTypeParser(JSON_TYPE, { parseAs: 'string' }, (request, body: string, done) => {
    if (body === '') return done(null)
    const { 'content-encoding': encoding = 'identity' } = request.headers
    const isPlain = encoding.toLowerCase() === 'identity'
    if (isPlain && request.exchange !== undefined) noteBody(request.exchange, body)
    if (!takesBody(request)) return done(null)
    if (!isPlain) return done(new HttpError(415, 'The request body has a Content-Encoding: send it without one.'))
    parse(request, body, (error, value) => {
      if (error !== null) done(error)
      else done(null, read(value))
    })
  })

  app.addContentTypeParser('*', (request, payload, done) => {
    payload.resume()
    if (!takesBody(request)) return done(null)
    const accept = (): void => { done(null) }
    payload.once('end', accept)
    payload.once('error', done)
    // The rest goes by unread.
    payload.once('data', () => {
      payload.off('end', accept)
      done(new HttpError(415, 'Unsupported media type: send the body as application/json.'))
    })
  })
}

const MEDIA_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/

function takesBody ({ routeOptions: { schema } }: FastifyRequest): boolean {
  return schema?.body !== undefined
}
