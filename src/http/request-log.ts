import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'
import { VERSION } from '../package.ts'
import { pathOf } from './url.ts'

/** Sets the headers that every reply bears. */
export function stamp (request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({ 'x-raydocs-mock': VERSION, 'x-request-id': request.id })
}

/** Returns the client's own X-Request-Id if it is valid, so that the logs of both sides can be compared; else a new id. */
export function requestIdOf (request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && VALID_ID.test(given) ? given : randomUUID()
}

const VALID_ID = /^[\w.:-]{1,128}$/

/** Logs one line for each request when it is over: never a token, a query string or a body. */
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

/** Logs the line for a request whose connection was closed before the answer had been sent. */
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
    missing: request.missingAbilities,
    fault: request.injection?.id
  }
}
