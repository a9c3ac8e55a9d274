import { hash } from 'node:crypto'
import bearerAuth from '@fastify/bearer-auth'
import type { FastifyInstance, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import type { Ability } from '../domain/abilities.ts'
import type { Namespace, World } from '../world.ts'
import { HttpError } from './errors.ts'

/** Who a token stands for, and what it may do. */
export interface Caller {
  /** What logs call the token; never the token itself. */
  readonly name: string
  readonly abilities: ReadonlySet<Ability>
  readonly namespace: string
}

/** The tokens that are accepted. */
export interface Tokens {
  /** Whom the token stands for, or undefined if it is not accepted. */
  find (token: string): Caller | undefined
}

export type TokenRecord = Caller & {
  /** SHA-256 of the token in 64 hexadecimal digits; the token itself is not kept. */
  readonly sha256: string
}

/** Tokens of the real service. They are refused wherever they turn up, lest a test talks to it by mistake. */
export function isProductionToken (token: string): boolean {
  return token.startsWith('rd_live_')
}

export function digestOfToken (token: string): string {
  return hash('sha256', token, 'hex')
}

/** The given tokens. How long a look-up takes tells nothing of a token: what is looked up and compared is its digest. */
export function createTokens (records: readonly TokenRecord[]): Tokens {
  const byDigest = new Map<string, Caller>(records.map(({ sha256, ...caller }) => [sha256, caller]))
  return {
    find (token) {
      return isProductionToken(token) ? undefined : byDigest.get(digestOfToken(token))
    }
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The ability that the route needs; null if any valid token will do. */
    ability?: Ability | null
    /** The route needs no token. */
    public?: true
  }
  interface FastifyRequest {
    /** Set on every route that is not public. */
    caller: Caller
    /** The caller's namespace; set on every route that is not public. */
    namespace: Namespace
  }
}

/**
 * Turns away who may not pass, before a body is read: 401 without a valid token, 403 if it lacks the route's ability.
 * Every route registered behind this plugin must say what it needs, or registering it fails.
 */
export const identity = fp(async (app: FastifyInstance, { tokens, world }: { tokens: Tokens, world: World }) => {
  app.decorateRequest('caller')
  app.decorateRequest('namespace')

  await app.register(bearerAuth, {
    addHook: false,
    keys: new Set<string>(),
    specCompliance: 'rfc6749', // the scheme's name in any case, as HTTP has it
    verifyErrorLogLevel: 'debug',
    auth (token, request) {
      const caller = tokens.find(token)
      if (caller === undefined) return false
      request.caller = caller
      request.namespace = world.namespace(caller.namespace)
      return true
    }
  })
  const authenticate = app.verifyBearerAuth as NonNullable<typeof app.verifyBearerAuth>

  app.addHook('onRoute', route => {
    if (!declaresAccess(route)) throw new Error(`${String(route.method)} ${route.url} declares neither an ability nor that it is public`)
  })

  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.public === true) return done()
    authenticate(request, reply, done)
  })

  app.addHook('onRequest', (request, _reply, done) => {
    const { ability, public: isPublic } = request.routeOptions.config
    const lacking = isPublic !== true && ability != null && !request.caller.abilities.has(ability)
    done(lacking ? new HttpError(403, 'Invalid ability provided.') : undefined)
  })
}, { name: 'identity' })

function declaresAccess ({ config }: RouteOptions): boolean {
  return config?.public === true || config?.ability !== undefined
}
