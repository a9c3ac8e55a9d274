import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Namespace } from '../namespaces/namespace.ts'
import type { Exchange } from './journal.ts'
import { rateLimit } from './rate-limit.ts'
import { injection, type InjectionOptions } from './injection.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The entry in the journal of the request's namespace. */
    exchange: Exchange | undefined
  }
}

export interface StraysOptions {
  /** In whose journal a request belongs that was refused, or matches no route. */
  readonly strayNamespaceOf: (request: FastifyRequest) => Namespace
}

/** For all requests: enters in a journal, with the refusal, those that were not let in. */
export const journalRejected = fp(async (app: FastifyInstance, { strayNamespaceOf }: StraysOptions) => {
  app.decorateRequest('exchange')

  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.exchange === undefined && isJournaled(request)) {
      request.namespace ??= strayNamespaceOf(request)
      close(enter(request), request.namespace, reply, payload)
    }
    done(null, payload)
  })
}, { name: 'strays' })

/** For those that were let in: they are entered in the journal of their namespace, and may be limited and meet with faults. */
export const traffic = fp(async (app: FastifyInstance, options: InjectionOptions) => {
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.namespace !== undefined) enter(request)
    done()
  })
  await app.register(rateLimit)
  await app.register(injection, options)
  app.addHook('onSend', (request, reply, payload, done) => {
    // Of a request that was not let in all has been said.
    if (request.exchange?.answeredAt === null) close(request.exchange, request.namespace, reply, payload)
    done(null, payload)
  })
}, { name: 'traffic', dependencies: ['identity', 'strays'] })

/** Enters a request in the journal of its namespace. */
function enter (request: FastifyRequest): Exchange {
  const { namespace: { clock, journal }, method, url, headers, caller, routeOptions: { url: route } } = request
  request.exchange = journal.record({ method, url, route, headers, caller, at: clock.now() })
  return request.exchange
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
