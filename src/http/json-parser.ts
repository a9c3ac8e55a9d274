import type { FastifyInstance } from 'fastify'
import { noteBody } from '../store/journal.ts'

/** Accepts JSON as the framework's own parser reads it, but for two things: an empty body is allowed, and so are keys like `__proto__`. */
export function acceptJson (app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('remove', 'remove')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (request.exchange !== undefined) noteBody(request.exchange, body)
    if (body === '') done(null)
    else parse(request, body, done)
  })
}
