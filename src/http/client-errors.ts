import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { VERSION } from '../package.ts'

/** Answers what is not a complete HTTP request: too slow, headers too large, or not HTTP. */
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
