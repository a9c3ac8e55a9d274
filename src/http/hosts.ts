import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { HttpError } from './errors.ts'

/**
 * One place decides by which names the server may be called, and from which web pages. A browser sends what any page asks it
 * to, so that without these rules every page could use a server that listens on its reader's own machine.
 */
export interface Hosts {
  /**
   * Throws a 400 for a Host header that names no host. Throws a 403 for a name that the server is not known by: a name that
   * resolves to this machine only while a page is open gives the page access to it (DNS rebinding).
   */
  assertKnown (host: string): void
  /** Returns whether pages of the origin may call the API. */
  mayCall (origin: string): boolean
  /** Returns whether a browser sent the request for a page that the server did not send itself. */
  isForeign (request: FastifyRequest): boolean
}

export interface HostOptions {
  /** True if only this machine can reach the server. */
  readonly onLoopback: boolean
  /** The URL by which clients reach the server, if it is not the address that it listens on. */
  readonly publicUrl: string | null
  /** Further names of the server; `*.example.org` stands for all names that end like this. */
  readonly allowedHosts: readonly string[]
  /** Origins of pages that may call, in addition to those of this machine; `*` for all. Null for the default, empty for none. */
  readonly cors: readonly string[] | null
}

export function createHosts ({ onLoopback, publicUrl, allowedHosts, cors }: HostOptions): Hosts {
  const isRestricted = onLoopback || allowedHosts.length > 0
  const own = publicUrl === null ? undefined : new URL(publicUrl)
  const names = own === undefined ? allowedHosts : [...allowedHosts, own.hostname]
  const origins = new Set(cors)
  const allowsLocalPages = onLoopback && (cors === null || cors.length > 0)

  return {
    assertKnown (host) {
      const name = nameIn(host)
      if (name === undefined) throw new HttpError(400, 'The Host header is not valid.')
      if (!isRestricted || isLoopback(name) || isAddress(name) || names.some(known => fits(name, known))) return
      throw new HttpError(403, `The server is not known by the name ${name}: start it with --allowed-hosts ${name} if it is.`)
    },
    mayCall (origin) {
      return origins.has('*') || origins.has(origin) ||
        (allowsLocalPages && URL.canParse(origin) && isLoopback(new URL(origin).hostname))
    },
    isForeign ({ host, headers: { origin, 'sec-fetch-site': site } }) {
      if (origin === undefined) return site === 'cross-site'
      if (!URL.canParse(origin)) return true
      const page = new URL(origin)
      return page.host !== host && page.origin !== own?.origin
    }
  }
}

/** Returns whether a name or address, as URLs write it, always means this machine. */
export function isLoopback (name: string): boolean {
  return /^(?:(?:.+\.)?localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?)$/.test(name)
}

/** Returns the name or address in a Host header, in lower case; undefined if there is none. */
function nameIn (host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?$/.exec(host.toLowerCase())?.[1]
}

function isAddress (name: string): boolean {
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0
}

function fits (name: string, known: string): boolean {
  return known.startsWith('*.') ? name.endsWith(known.slice(1)) : name === known
}
