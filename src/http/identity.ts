import bearerAuth from '@fastify/bearer-auth'
import type { FastifyContextConfig, FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { missingAbilities, type Ability, type AbilityPolicy } from '../domain/workspaces/abilities.ts'
import type { Caller } from '../domain/workspaces/token.ts'
import type { Entry, Namespace, NamespaceState } from '../namespaces/namespace.ts'
import type { NamespaceRegistry } from '../namespaces/registry.ts'
import type { Tokens } from '../store/tokens.ts'
import { DEFAULT_NAMESPACE, isNamespaceName, NAMESPACE_RULE } from '../namespaces/namespace.ts'
import { HttpError, unprocessable } from './errors.ts'
import { countHeaders } from './framing.ts'

/** The header by which a request can name another namespace than that of its token. */
export const NAMESPACE_HEADER = 'x-mock-namespace'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The ability that the route needs, or all that it needs; null if any valid token is enough. */
    ability?: Ability | readonly Ability[] | null
    /** The route needs no token, and belongs to no namespace. */
    public?: true
    /** Takes the place of a token: returns the name of the namespace that the request is admitted to, or rejects. */
    admit?: (request: FastifyRequest) => Promise<string>
  }
  interface FastifyRequest {
    /** The holder of the token; set on every route that asks for one. */
    caller: Caller
    /** The namespace of the request; set on every route that is not public, as the next three. */
    namespace: Namespace
    /** The instant of the request: read once, when it arrives. */
    now: number
    /** The facts that the request began with. */
    entry: Entry
    /** The same namespace, for the handling of traffic. */
    traffic: NamespaceState
    /** The abilities that the route needs and the token lacks; undefined if the token was not checked, or has them all. */
    missingAbilities: readonly Ability[] | undefined
    /** True if the namespace exists only once the request has been let in. */
    isPrepared: boolean
  }
}

export interface IdentityOptions {
  readonly tokens: Tokens
  readonly namespaces: NamespaceRegistry
  /** True if a request may name its namespace by header. */
  readonly headerControl: boolean
  readonly abilities: AbilityPolicy
}

/**
 * Authenticates and authorises before the body is read: 401 without a valid token, 403 if it lacks the ability of the route.
 * Every route registered behind this plugin must declare what it needs, or registering it fails.
 */
export const identity = fp(async (app: FastifyInstance, { tokens, namespaces, headerControl, abilities }: IdentityOptions) => {
  for (const property of ['caller', 'namespace', 'now', 'entry', 'traffic', 'missingAbilities', 'isPrepared']) app.decorateRequest(property)

  await app.register(bearerAuth, {
    addHook: false,
    keys: new Set<string>(),
    specCompliance: 'rfc6749', // the scheme's name in any case, as HTTP has it
    verifyErrorLogLevel: 'debug',
    async auth (token, request) {
      const caller = await tokens.find(token)
      if (caller !== undefined) request.caller = caller
      return caller !== undefined
    }
  })
  const authenticate = app.verifyBearerAuth as NonNullable<typeof app.verifyBearerAuth>

  app.addHook('onRoute', route => {
    if (!declaresAccess(route)) throw new Error(`${String(route.method)} ${route.url} declares neither an ability nor that it is public`)
  })

  app.addHook('onRequest', (request, reply, done) => {
    const { config } = request.routeOptions
    if (config.public === true) return done()
    if (config.admit !== undefined) {
      letIn(request, config).then(() => { done() }, done)
      return
    }
    // Of two such headers Node.js keeps the first, which may not be the one that was meant.
    if (countHeaders(request.raw, 'authorization') > 1) {
      return done(new HttpError(401, 'Unauthenticated.', { headers: { 'www-authenticate': 'Bearer' } }))
    }
    authenticate(request, reply, error => {
      if (error !== undefined) return done(error)
      letIn(request, config).then(() => { done() }, done)
    })
  })

  async function letIn (request: FastifyRequest, { ability, admit }: FastifyContextConfig): Promise<void> {
    if (admit !== undefined) return await enter(request, await namespaces.open(await admit(request)))
    const missing = missingAbilities(request.caller.abilities, abilitiesIn(ability), abilities)
    if (missing.length > 0) {
      request.missingAbilities = missing
      throw new HttpError(403, 'Invalid ability provided.')
    }
    const named = headerControl ? namespaceNamedBy(request) : undefined
    if (named === undefined) return await enter(request, await namespaces.open(request.caller.namespace))
    const found = await namespaces.find(named)
    request.isPrepared = found === undefined
    await enter(request, found ?? await namespaces.prepare(named))
  }

  // A request that is refused before its body is read creates no namespace. Creating a template or a session checks the role later,
  // since the workspace is in the body.
  app.addHook('preParsing', (request, _reply, _payload, done) => {
    if (!request.isPrepared) return done()
    namespaces.publish(request.traffic).then(published => {
      request.namespace = request.traffic = published
      done()
    }, done)
  })

  async function enter (request: FastifyRequest, namespace: NamespaceState): Promise<void> {
    request.namespace = request.traffic = namespace
    request.entry = await namespace.enter()
    request.now = request.entry.now
  }
}, { name: 'identity' })

/** Finds the namespace for a request that was not let in: that of its header, its token or its path, or else the default one. */
export function namespaceOfRejected (
  { tokens, namespaces, headerControl }: Omit<IdentityOptions, 'abilities'>
): (request: FastifyRequest) => Promise<NamespaceState> {
  return async ({ headers: { [NAMESPACE_HEADER]: named, authorization = '' }, params }) => {
    const { namespace: inPath } = Object(params) as { namespace?: string }
    const caller = await tokens.find(authorization.replace(/^bearer +/i, ''))
    for (const name of [headerControl ? named : undefined, caller?.namespace, inPath]) {
      const namespace = typeof name === 'string' ? await namespaces.find(name) : undefined
      if (namespace !== undefined) return namespace
    }
    return await namespaces.open(DEFAULT_NAMESPACE)
  }
}

/** Returns the abilities that a route needs. */
export function abilitiesIn (ability: FastifyContextConfig['ability']): readonly Ability[] {
  return typeof ability === 'string' ? [ability] : ability ?? []
}

function declaresAccess ({ config }: RouteOptions): boolean {
  return config?.public === true || config?.admit !== undefined || config?.ability !== undefined
}

function namespaceNamedBy ({ headers }: FastifyRequest): string | undefined {
  const named = headers[NAMESPACE_HEADER]
  if (named === undefined || (typeof named === 'string' && isNamespaceName(named))) return named
  throw unprocessable({ [NAMESPACE_HEADER]: [`The ${NAMESPACE_HEADER} header ${NAMESPACE_RULE}`] })
}
