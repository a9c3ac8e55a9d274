import type { IncomingMessage } from 'node:http'
import bearerAuth from '@fastify/bearer-auth'
import type { FastifyContextConfig, FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import type { Ability } from '../domain/workspaces/abilities.ts'
import type { Caller, Tokens } from './tokens.ts'
import { DEFAULT_NAMESPACE, isNamespaceName, NAMESPACE_RULE, type Namespace } from '../namespaces/namespace.ts'
import type { NamespaceRegistry } from '../namespaces/registry.ts'
import { HttpError, unprocessable } from './errors.ts'

/** The header by which a request names another namespace than its token's, where requests may. */
export const NAMESPACE_HEADER = 'x-mock-namespace'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The ability that the route needs, or all that it needs; null if any valid token will do. */
    ability?: Ability | readonly Ability[] | null
    /** The route needs no token, and belongs to no namespace. */
    public?: true
    /** Stands in for a token: names the namespace that the request is let into, or throws. */
    admit?: (request: FastifyRequest) => string
  }
  interface FastifyRequest {
    /** Whose token it is; set on every route that asks for one. */
    caller: Caller
    /** The caller's namespace; set on every route that is not public. */
    namespace: Namespace
  }
}

export interface IdentityOptions {
  readonly tokens: Tokens
  readonly world: NamespaceRegistry
  /** Whether a request may name its namespace by header. */
  readonly headerControl: boolean
}

/**
 * Turns away who may not pass, before a body is read: 401 without a valid token, 403 if it lacks the route's ability.
 * Every route registered behind this plugin must say what it needs, or registering it fails.
 */
export const identity = fp(async (app: FastifyInstance, { tokens, world, headerControl }: IdentityOptions) => {
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
      return true
    }
  })
  const authenticate = app.verifyBearerAuth as NonNullable<typeof app.verifyBearerAuth>

  app.addHook('onRoute', route => {
    if (!declaresAccess(route)) throw new Error(`${String(route.method)} ${route.url} declares neither an ability nor that it is public`)
  })

  app.addHook('onRequest', (request, reply, done) => {
    const { config } = request.routeOptions
    if (config.public === true || config.admit !== undefined) return done()
    // Of two such headers Node.js keeps the first; which one was meant, nobody knows.
    if (isAmbiguous(request.raw)) return done(new HttpError(401, 'Unauthenticated.', { headers: { 'www-authenticate': 'Bearer' } }))
    authenticate(request, reply, done)
  })

  app.addHook('onRequest', (request, _reply, done) => {
    const { ability, admit, public: isPublic } = request.routeOptions.config
    if (isPublic === true) return done()
    if (admit !== undefined) {
      request.namespace = world.namespace(admit(request))
      return done()
    }
    request.namespace = world.namespace(headerControl ? namespaceOf(request) : request.caller.namespace)
    if (!hasAll(request.caller, ability)) throw new HttpError(403, 'Invalid ability provided.')
    done()
  })
}, { name: 'identity' })

/** The namespace that a request meant that was not let into any: of its header, its token or its path; else the default one. */
export function strayNamespaceIn ({ tokens, world, headerControl }: IdentityOptions): (request: FastifyRequest) => Namespace {
  return ({ headers: { [NAMESPACE_HEADER]: named, authorization = '' }, params }) => {
    const { namespace: inPath } = Object(params) as { namespace?: string }
    const names = [headerControl ? named : undefined, tokens.find(authorization.replace(/^bearer +/i, ''))?.namespace, inPath]
    const found = names.map(name => typeof name === 'string' ? world.find(name) : undefined).find(namespace => namespace !== undefined)
    return found ?? world.namespace(DEFAULT_NAMESPACE)
  }
}

function hasAll ({ abilities }: Caller, ability: FastifyContextConfig['ability']): boolean {
  return typeof ability === 'string' ? abilities.has(ability) : abilitiesIn(ability).every(one => abilities.has(one))
}

/** What a route needs of a token. */
export function abilitiesIn (ability: FastifyContextConfig['ability']): readonly Ability[] {
  return typeof ability === 'string' ? [ability] : ability ?? []
}

function declaresAccess ({ config }: RouteOptions): boolean {
  return config?.public === true || config?.admit !== undefined || config?.ability !== undefined
}

const NAME_LENGTH = 'authorization'.length

function isAmbiguous ({ rawHeaders }: IncomingMessage): boolean {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.length === NAME_LENGTH && rawHeaders[at]?.toLowerCase() === 'authorization') count++
  return count > 1
}

function namespaceOf ({ headers, caller }: FastifyRequest): string {
  const named = headers[NAMESPACE_HEADER]
  if (named === undefined) return caller.namespace
  if (typeof named === 'string' && isNamespaceName(named)) return named
  throw unprocessable({ [NAMESPACE_HEADER]: [`The ${NAMESPACE_HEADER} header ${NAMESPACE_RULE}`] })
}
