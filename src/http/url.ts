import type { FastifyRequest } from 'fastify'

/** Returns the path of a request without the query, which may hold a signature. */
export function pathOf (url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}

/** Returns the query of a request, without its question mark. */
export function queryOf (url: string): string {
  return url.slice(pathOf(url).length + 1)
}

/** Returns the beginning of URLs that are handed out: the configured one, or else the host that the client called. */
export function originOf ({ protocol, host }: FastifyRequest, publicUrl: string | null): string {
  return publicUrl ?? `${protocol}://${host}`
}
