import { StartError } from '../start-error.ts'

/** How long an answer may take, in milliseconds. */
const PATIENCE = 5_000

/** Asks the server that listens there whether it is ready; throws StartError if it is not. */
export async function probe ({ host, port }: { readonly host: string, readonly port: number }): Promise<void> {
  const url = `http://${reachable(host)}:${port}/readyz`
  const { status } = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => {
    throw new StartError(`${url} does not answer.`)
  })
  if (status !== 200) throw new StartError(`${url} answers ${status}.`)
}

/** A host name for a URL: that of this machine where the server listens on all addresses. */
export function reachable (host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
