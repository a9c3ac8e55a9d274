import type { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'

/** Returns the path of a request, without a slash at its end, as the router sees it; the query may hold a signature. */
export function pathOf (url: string): string {
  const end = url.indexOf('?')
  const path = end === -1 ? url : url.slice(0, end)
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

/** Returns the query of a request, without its question mark. */
export function queryOf (url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? '' : url.slice(end + 1)
}

/** Returns the beginning of URLs that are handed out: the configured one, or else the host or address that the client called. */
export function originOf (
  { protocol, host, raw: { socket } }: Pick<FastifyRequest, 'protocol' | 'host'> & { readonly raw: { readonly socket: LocalEnd } },
  publicUrl: string | null
): string {
  return publicUrl ?? `${protocol}://${host || addressOf(socket)}`
}

type LocalEnd = Pick<Socket, 'localAddress' | 'localPort'>

/** Returns the address that was called, for clients of HTTP/1.0, which need not name a host. */
function addressOf ({ localAddress, localPort }: LocalEnd): string {
  const address = String(localAddress).replace(/^::ffff:(?=[\d.]+$)/, '')
  return `${address.includes(':') ? `[${address}]` : address}:${localPort}`
}
