import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { HttpError } from './errors.ts'

/**
 * Throws a 400 or 417 for a request that Node.js reads although HTTP forbids it or the server cannot do what it asks for, so that
 * such a request has an answer in the usual form.
 */
export function assertWellFramed (request: IncomingMessage): void {
  const { httpVersion, headers: { host, expect, 'transfer-encoding': coding = 'chunked' } } = request
  if ((host === undefined && httpVersion === '1.1') || countHeaders(request, 'host') > 1) {
    throw new HttpError(400, 'The request must have one Host header.')
  }
  if (coding.toLowerCase() !== 'chunked') {
    throw new HttpError(400, 'The Transfer-Encoding is not supported: send chunked, or a Content-Length.')
  }
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    throw new HttpError(417, 'The Expect header is not supported: send 100-continue, or no such header.')
  }
}

/** Lets the usual hooks answer a request with an unknown expectation, which Node.js would answer without a body. */
export function answerExpectations ({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => { server.emit('request', request, response) })
}

/** Returns the number of headers with that name, given in lower case. */
export function countHeaders ({ rawHeaders }: IncomingMessage, name: string): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const one = rawHeaders[at]
    if (one?.length === name.length && one.toLowerCase() === name) count++
  }
  return count
}
