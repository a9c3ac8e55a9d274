import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Namespace } from '../namespace.ts'
import type { Exchange } from './journal.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The entry in the journal of the request's namespace. */
    exchange: Exchange | undefined
  }
}

export interface TrafficOptions {
  /** In whose journal a request belongs that was refused, or matches no route. */
  readonly strayNamespaceOf: (request: FastifyRequest) => Namespace
}

/** Keeps the journals. Who was let in is entered at once, by `enter`; who was not, with the refusal. */
export const traffic = fp(async (app: FastifyInstance, { strayNamespaceOf }: TrafficOptions) => {
  app.decorateRequest('exchange')

  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.exchange === undefined && isJournaled(request)) {
      request.namespace ??= strayNamespaceOf(request)
      enter(request)
    }
    if (request.exchange !== undefined) close(request.exchange, request.namespace, reply, payload)
    done(null, payload)
  })
}, { name: 'traffic' })

/** Enters a request in the journal of its namespace. */
export function enter (request: FastifyRequest): void {
  const { namespace: { clock, journal }, method, url, headers, caller, routeOptions: { url: route } } = request
  request.exchange = journal.record({ method, url, route, headers, caller, at: clock.now() })
}

/** What belongs to no namespace is in no journal: health, documentation, the control API, preflights. */
function isJournaled ({ method, routeOptions: { url, config } }: FastifyRequest): boolean {
  return method !== 'OPTIONS' && config?.public !== true && url?.startsWith('/_mock') !== true
}

function close (exchange: Exchange, { clock, events }: Namespace, reply: FastifyReply, payload: unknown): void {
  exchange.status = reply.statusCode
  exchange.answeredAt = clock.now()
  exchange.answeredRealAt = performance.now()
  if (reply.statusCode >= 400) {
    exchange.retryAfter = reply.getHeader('retry-after')?.toString() ?? null
    exchange.error = String(payload)
  }
  events.emit('answered', exchange)
}
