import { PassThrough, finished, type Readable } from 'node:stream'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isFilename, OCTET_STREAM } from '../domain/files/file-key.ts'
import { filenameIn } from '../http/content-disposition.ts'

export interface FetchOptions {
  /** True if addresses that are not public may be fetched from: loopback, private, link-local and so on. */
  readonly allowPrivate: boolean
  /** The time limit in milliseconds, from the first look-up to the last byte; 15,000 by default. */
  readonly timeout?: number
  /** 5 by default. */
  readonly maxRedirects?: number
}

export interface FetchedFile {
  /**
   * The bytes. The caller reads them to the end or destroys the stream; either closes the connection. The stream ends with
   * FetchError if the time is over or the connection breaks.
   */
  readonly source: Readable
  /** The name in the answer, or else the end of the URL's path; null if neither is a valid filename. */
  readonly filename: string | null
  /** Lower case, without parameters. */
  readonly contentType: string
  /** Bytes; null if the answer does not say. */
  readonly contentLength: number | null
}

/** Thrown if a URL was not fetched; the message completes "The url ...". */
export class FetchError extends Error {}

/**
 * Fetches a file over http or https. Each address is checked after its name was looked up, at every redirect, on the same
 * connection that is then used. Throws FetchError unless the answer is a 200.
 */
export async function fetchFile (url: string, { allowPrivate, timeout = 15_000, maxRedirects = 5 }: FetchOptions): Promise<FetchedFile> {
  const rule = ruleBrokenBy(url)
  if (rule !== undefined) throw new FetchError(`must be ${rule}.`)
  const [{ default: { http, https } }, { RequestFilteringHttpAgent, RequestFilteringHttpsAgent }] =
    await Promise.all([import('follow-redirects'), import('request-filtering-agent')])

  /** The present URL, which redirects change. */
  let place = new URL(url)
  const agentOptions = {
    keepAlive: false,
    allowPrivateIPAddress: allowPrivate,
    allowMetaIPAddress: allowPrivate,
    // IPv4 addresses as IPv6 once wrote them: `[::127.0.0.1]`.
    denyIPAddressList: allowPrivate ? [] : ['::/96']
  }
  const request = (place.protocol === 'https:' ? https : http).get(url, {
    agents: { http: new RequestFilteringHttpAgent(agentOptions), https: new RequestFilteringHttpsAgent(agentOptions) },
    headers: { 'user-agent': 'raydocs-mock', accept: '*/*', 'accept-encoding': 'identity' },
    maxRedirects,
    beforeRedirect ({ href }: { href?: string }) {
      const rule = ruleBrokenBy(String(href))
      if (rule !== undefined) throw new FetchError(`may not be fetched: it redirects elsewhere than to ${rule}.`)
      place = new URL(String(href))
    }
  })

  // Any error ends the source, and the end of the source ends everything else.
  const source = new PassThrough()
  const timer = setTimeout(() => source.destroy(new FetchError(`could not be fetched: it took more than ${timeout / 1000} s.`)), timeout)
  source.once('close', () => {
    clearTimeout(timer)
    request.destroy()
  })
  const fail = (error: Error): void => { source.destroy(refusalFor(error, place, maxRedirects)) }
  request.on('error', fail)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // The listener stays: an error before the first read must not end the process.
    source.on('error', reject)
    request.once('response', resolve)
  })

  const { headers } = response
  const issue = issueOf(response)
  if (issue !== undefined) {
    source.destroy()
    throw new FetchError(`could not be fetched: the server answers ${issue}.`)
  }
  finished(response, error => { if (error) fail(error) })
  return {
    source: response.pipe(source),
    filename: filenameIn(headers['content-disposition'] ?? '') ?? nameInPath(place),
    contentType: mediaTypeOf(headers),
    contentLength: headers['content-length'] === undefined ? null : Number(headers['content-length'])
  }
}

/** Returns the rule that a URL breaks, if any; it completes "must be ...". */
function ruleBrokenBy (url: string): string | undefined {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return 'an http or https URL'
  const { username, password } = new URL(url)
  return username === '' && password === '' ? undefined : 'a URL without user name and password'
}

function refusalFor (error: NodeJS.ErrnoException, { hostname }: URL, maxRedirects: number): FetchError {
  if (error.cause instanceof FetchError) return error.cause
  const host = hostname.replace(/^\[|\]$/g, '')
  if (error.code === 'ERR_FR_TOO_MANY_REDIRECTS') return new FetchError(`could not be fetched: more than ${maxRedirects} redirects.`)
  if (error.code === 'ERR_FR_REDIRECTION_FAILURE') return new FetchError('may not be fetched: it redirects to an invalid URL.')
  // The agents have no other mark for it. The address is not revealed: it may be a secret of the network.
  if (error.message.includes(' is not allowed.')) return new FetchError(`may not be fetched: ${host} is not a public address.`)
  return new FetchError(`could not be fetched: the connection to ${host} failed (${error.code}).`)
}

/** Completes "the server answers ...". */
function issueOf ({ statusCode, headers }: IncomingMessage): string | undefined {
  if (statusCode !== 200) return String(statusCode)
  const { 'content-encoding': encoding = 'identity' } = headers
  return encoding.toLowerCase() === 'identity' ? undefined : 'in a content encoding, though none was asked for'
}

function mediaTypeOf ({ 'content-type': header = '' }: IncomingHttpHeaders): string {
  return header.replace(/;.*$/, '').trim().toLowerCase() || OCTET_STREAM
}

/** Returns the last segment of the path; null if it is not a valid filename. */
function nameInPath ({ pathname }: URL): string | null {
  try {
    const name = decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1))
    return isFilename(name) ? name : null
  } catch {
    return null
  }
}
