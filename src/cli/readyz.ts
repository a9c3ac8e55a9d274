import { StartError } from '../start-error.ts'

/** The time limit for an answer, in milliseconds. */
const TIME_LIMIT = 5_000

/** Asks the server at an address whether it is ready. Throws StartError if it is not. */
export async function probe ({ host, port }: { readonly host: string, readonly port: number }): Promise<void> {
  const url = `http://${reachable(host)}:${port}/readyz`
  const { status } = await fetch(url, { signal: AbortSignal.timeout(TIME_LIMIT) }).catch(() => {
    throw new StartError(`${url} does not answer.`)
  })
  if (status !== 200) throw new StartError(`${url} answers ${status}.`)
}

/** Returns the host for a URL: that of this machine if the server listens on all addresses. */
export function reachable (host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
