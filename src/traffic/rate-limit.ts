import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { HttpError } from '../http/errors.ts'
import type { Limiter } from './limiter.ts'

/** How many requests an IP address may make in a minute of its namespace's clock, and how many it has made. */
export interface RateLimit {
  /** Null for any number. */
  max: number | null
  /** The minute that each address is in. */
  readonly windows: Map<string, { readonly endsAt: number, count: number }>
}

export function createRateLimit (max: number | null): RateLimit {
  return { max, windows: new Map() }
}

/** Where a limit is set: tells in headers, as Laravel does, what is left of it, and refuses with 429 what goes beyond. */
export const rateLimit = fp(async (app: FastifyInstance) => {
  let limiter: Promise<Limiter> | undefined

  async function judge (request: FastifyRequest, reply: FastifyReply): Promise<void> {
    // Loaded when it is first needed: it would take a tenth of the start, and most never need it.
    limiter ??= import('./limiter.ts').then(({ createLimiter }) => createLimiter())
    const verdict = await (await limiter)(request)
    reply.headers({ 'x-ratelimit-limit': verdict.max, 'x-ratelimit-remaining': verdict.remaining })
    if (!verdict.isExceeded) return
    const resetAt = Math.ceil((request.namespace.clock.now() + verdict.ttl) / 1000)
    throw new HttpError(429, 'Too Many Attempts.', { headers: { 'retry-after': String(verdict.ttlInSeconds), 'x-ratelimit-reset': String(resetAt) } })
  }

  app.addHook('onRequest', (request, reply, done) => {
    // What signed URLs lead to is not the API.
    if (request.caller === undefined || request.namespace.rateLimit.max === null) return done()
    judge(request, reply).then(() => { done() }, done)
  })
}, { name: 'rate-limit' })
