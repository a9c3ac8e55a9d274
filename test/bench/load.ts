import autocannon from 'autocannon'
import type { Server } from './server.ts'
import { DEMO_TOKENS } from '../../src/config/demo-data.ts'

/** One call, made again and again. */
export interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
  /** A part of the body in whose place each request has something else. */
  readonly varying?: string
  /** The only status that counts as an answer. */
  readonly status: number
}

/** The figures of a server under load. */
export interface Measure {
  readonly requestsPerSecond: number
  /** Milliseconds. */
  readonly p99: number
  /** Microseconds of the server's processor time for each request; NaN where the system does not tell. */
  readonly cpu: number
  /** The share of a core that the server used. If it is clearly below 1, the load generator was the limit. */
  readonly core: number
}

const CONNECTIONS = 64

/** Makes the call once and tells the body of the answer. Throws if its status is another. */
export async function ask ({ url }: Server, call: Call): Promise<string> {
  const { method, path, body, status } = call
  const reply = await fetch(url + path, { method, headers: headersOf(call), ...body === undefined ? {} : { body } })
  const text = await reply.text()
  if (reply.status !== status) throw new Error(`${method} ${path} is answered ${reply.status} instead of ${status}: ${text}`)
  return text
}

/** Makes the call for so long or so often, on all connections, each waiting for its answer. Throws unless all goes well. */
export async function load (server: Server, call: Call, extent: { readonly seconds: number } | { readonly times: number }): Promise<Measure> {
  const { method, path, body, status } = call
  const request = { method, path, body, headers: headersOf(call) }
  const before = await server.cpuSeconds()
  const result = await autocannon({
    url: server.url,
    connections: CONNECTIONS,
    ...'times' in extent ? { amount: extent.times } : { duration: extent.seconds },
    sampleInt: 100,
    requests: [{ ...request, ...call.varying === undefined ? {} : { setupRequest: varied(call.varying) } }]
  })
  const answers = result.statusCodeStats?.[`${status}`]?.count ?? 0
  if (answers === 0 || answers !== result['2xx'] + result.non2xx || result.errors > 0) {
    throw new Error(`${method} ${path} fails under load: ${result.errors} errors; answers by status ${JSON.stringify(result.statusCodeStats)}`)
  }
  const cpuSeconds = await server.cpuSeconds() - before
  return {
    requestsPerSecond: answers / result.duration,
    p99: result.latency.p99,
    cpu: cpuSeconds / answers * 1e6,
    core: cpuSeconds / result.duration
  }
}

function headersOf ({ body }: Call): Record<string, string> {
  const authorization = `Bearer ${DEMO_TOKENS.full}`
  return body === undefined ? { authorization } : { authorization, 'content-type': 'application/json' }
}

let count = 0

/** Changes the body anew each time, but not its length. */
function varied (part: string): (request: autocannon.Request) => autocannon.Request {
  return request => {
    const instead = (count++).toString(16).padStart(part.length, '0')
    return { ...request, body: String(request.body).replaceAll(part, instead) }
  }
}
