import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { VERSION } from '../package.ts'
import { noteBody } from '../traffic/journal.ts'

/** What every reply bears. */
export function stamp (request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({ 'x-raydocs-mock': VERSION, 'x-request-id': request.id })
}

/** The client's own X-Request-Id if it is a sane one, so that both sides' logs can be laid side by side; else a new one. */
export function requestIdOf (request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID()
}

const SANE_ID = /^[\w.:-]{1,128}$/

/** One line for each request when it is over: never a token, a query string or a body. */
export class RequestLog extends LogController {
  override incomingRequest (): void {}

  override requestCompleted (error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const line = { ...lineOf(request, reply, reply.statusCode), ...error == null ? {} : { err: error } }
    request.log[reply.statusCode >= 500 && request.injection === undefined ? 'error' : 'info'](line, 'request')
  }

  override streamError ({ message: reason }: Error, request: FastifyRequest, reply: FastifyReply): void {
    logBrokenOff(request, reply, reason)
  }
}

/** The line for a request whose connection was closed before the answer had been sent. */
export function logBrokenOff (request: FastifyRequest, reply: FastifyReply, reason: string): void {
  request.log.info({ ...lineOf(request, reply, null), reason }, 'request')
}

function lineOf (request: FastifyRequest, reply: FastifyReply, status: number | null): object {
  return {
    reqId: request.id,
    method: request.method,
    route: request.routeOptions.url,
    path: pathOf(request.url),
    status,
    duration: Math.round(reply.elapsedTime * 10) / 10,
    caller: request.caller?.name,
    fault: request.injection?.id
  }
}

/** The path of a request, without the query: that may hold a signature. */
export function pathOf (url: string): string {
  return url.replace(/\?.*/s, '')
}

/** What URLs that are handed out begin with: what is configured, or whatever host the client has called. */
export function originOf ({ protocol, host }: FastifyRequest, publicUrl: string | null): string {
  return publicUrl ?? `${protocol}://${host}`
}

/** JSON, as the framework's own parser reads it but for two things: no body at all is fine, and so are keys like `__proto__`. */
export function acceptJson (app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('remove', 'remove')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (request.exchange !== undefined) noteBody(request.exchange, body)
    if (body === '') done(null)
    else parse(request, body, done)
  })
}

/** Ends connections with the answer that is under way when the application is closed: kept alive, each would hold up its end. */
export function endConnectionsOnClose (app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => { closing = true })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close')
    done(null, payload)
  })
}

/** Given when the application begins to close: nobody is to be waited for any longer. */
export function signalOnClose (app: FastifyInstance): AbortSignal {
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  app.addHook('preClose', async () => { closing.abort() })
  return closing.signal
}

/** The answer to what is not even a request: too slow, headers too long, not HTTP. */
export function answerClientError (error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return
  const [status, message] = CLIENT_ERRORS.get(String(error.code)) ?? [400, 'The request is not valid HTTP.']
  const body = JSON.stringify({ message })
  socket.end([
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    `X-Raydocs-Mock: ${VERSION}`,
    `X-Request-Id: ${randomUUID()}`,
    '',
    body
  ].join('\r\n'), () => { socket.destroy() })
}

const CLIENT_ERRORS: ReadonlyMap<string, readonly [number, string]> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'The request took too long to arrive.']],
  ['HPE_HEADER_OVERFLOW', [431, 'The request headers are too large.']]
])
