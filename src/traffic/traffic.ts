import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { NamespaceState } from '../namespaces/namespace.ts'
import type { Exchange } from '../store/journal.ts'
import { createInjection, type InjectionOptions } from './injection.ts'
import { limitRate } from './rate-limit.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The entry in the journal of the request's namespace. */
    exchange: Exchange | undefined
  }
}

export interface JournalRejectedOptions {
  /** Finds the namespace in whose journal a request is entered that was refused, or matches no route. */
  readonly namespaceOfRejected: (request: FastifyRequest) => Promise<NamespaceState>
}

/** Enters requests that were not let in, with their refusal, in a journal. */
export const journalRejected = fp(async (app: FastifyInstance, { namespaceOfRejected }: JournalRejectedOptions) => {
  app.decorateRequest('exchange')

  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.exchange !== undefined || !isJournaled(request)) return done(null, payload)
    journal(request, reply, payload).then(() => { done(null, payload) }, done)
  })

  async function journal (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<void> {
    const namespace = await namespaceOfRejected(request)
    const { now } = await namespace.clock()
    const exchange = await record(request, namespace, now)
    exchange.missingAbilities = request.missingAbilities ?? []
    await answer(exchange, namespace, reply, payload)
  }
}, { name: 'journal-rejected' })

/**
 * Handles the traffic of requests that were let in: enters them in the journal of their namespace, limits their rate,
 * and injects faults.
 */
export const traffic = fp(async (app: FastifyInstance, options: InjectionOptions) => {
  const { inject } = createInjection(app, options)

  /** Continues with a request, unless a fault has answered it. */
  function proceed (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    admit(request, reply).then(continues => { if (continues) done() }, done)
  }

  /** Resolves to whether the request is carried out. */
  async function admit (request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    await record(request, request.traffic, request.now)
    if (request.entry.maxRate !== null) await limitRate(request, reply, request.entry.maxRate)
    return request.entry.hasFaults || request.headers.prefer !== undefined ? await inject(request, reply) : true
  }

  app.addHook('onRequest', (request, reply, done) => {
    if (request.traffic === undefined || request.isPrepared) return done()
    proceed(request, reply, done)
  })

  // A namespace that the request has only prepared exists from here on.
  app.addHook('preParsing', (request, reply, _payload, done) => {
    if (!request.isPrepared) return done()
    proceed(request, reply, done)
  })

  app.addHook('onSend', (request, reply, payload, done) => {
    // The refusal of a request that was not let in has been entered already.
    if (request.exchange?.answeredAt !== null) return done(null, payload)
    answer(request.exchange, request.traffic, reply, payload).then(() => { done(null, payload) }, done)
  })
}, { name: 'traffic', dependencies: ['identity', 'journal-rejected'] })

async function record (request: FastifyRequest, namespace: NamespaceState, at: number): Promise<Exchange> {
  const { method, url, headers, caller, routeOptions: { url: route } } = request
  request.exchange = await namespace.journal.record({ method, url, route, headers, caller, at })
  return request.exchange
}

/** Health, documentation, the control API and preflights belong to no namespace. */
function isJournaled ({ method, routeOptions: { url, config } }: FastifyRequest): boolean {
  return method !== 'OPTIONS' && config?.public !== true && url?.startsWith('/_mock') !== true
}

async function answer (exchange: Exchange, namespace: NamespaceState, reply: FastifyReply, payload: unknown): Promise<void> {
  const isError = reply.statusCode >= 400
  const { now } = await namespace.clock()
  await namespace.journal.answer(exchange, {
    status: reply.statusCode,
    answeredAt: now,
    retryAfter: isError ? reply.getHeader('retry-after')?.toString() ?? null : null,
    error: isError ? String(payload) : null
  })
  namespace.events.emit('answered', exchange)
}
