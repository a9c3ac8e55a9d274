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

/** Returns the path that the public URL adds to all paths, such as `/raydocs`; empty for none. */
export function prefixOf (publicUrl: string | null): string {
  return publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/$/, '')
}

/** Returns a path as the routes know it: some proxies leave the prefix of the public URL in place, others remove it. */
export function withoutPrefix (url: string, prefix: string): string {
  if (!url.startsWith(prefix)) return url
  const rest = url.slice(prefix.length)
  return /^[/?]|^$/.test(rest) ? rest.replace(/^(?!\/)/, '/') : url
}
