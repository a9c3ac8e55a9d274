import plugin, { type CreateRateLimitOptions, type FastifyRateLimitStore } from '@fastify/rate-limit'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Namespace } from '../namespaces/namespace.ts'

type Check = ReturnType<FastifyInstance['createRateLimit']>

/** What a limit makes of a request; `ttl` is what is left of the minute, in milliseconds. */
export type Verdict = Extract<Awaited<ReturnType<Check>>, { readonly isAllowed: false }>

export type Limiter = (request: FastifyRequest) => Promise<Verdict>

const MINUTE = 60_000

/** Counts requests by address, each namespace on its own clock. The plugin lives in an application that serves nothing. */
export async function createLimiter (): Promise<Limiter> {
  const host = Fastify()
  await host.register(plugin, { global: false, store: Windows })
  await host.ready()
  const checks = new WeakMap<Namespace, Check>()

  return async request => {
    const { namespace } = request
    const check = checks.get(namespace) ?? host.createRateLimit({ timeWindow: MINUTE, max: () => Number(namespace.rateLimit.max), namespace } as CreateRateLimitOptions)
    checks.set(namespace, check)
    return await check(request) as Verdict
  }
}

/** Fixed windows, as Laravel's: each begins with the first request after the last has ended. */
class Windows implements FastifyRateLimitStore {
  readonly #namespace: Namespace

  constructor ({ namespace }: { namespace?: Namespace }) {
    this.#namespace = namespace as Namespace
  }

  child (options: object): FastifyRateLimitStore {
    return new Windows(options)
  }

  incr (address: string, done: (error: Error | null, window: { current: number, ttl: number }) => void): void {
    const { clock, rateLimit: { windows } } = this.#namespace
    const now = clock.now()
    const known = windows.get(address)
    const window = known === undefined || known.endsAt <= now ? { endsAt: now + MINUTE, count: 0 } : known
    window.count++
    windows.set(address, window)
    done(null, { current: window.count, ttl: window.endsAt - now })
  }
}
