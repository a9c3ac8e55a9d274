import type { TSchema } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { Ability } from '../domain/workspaces/abilities.ts'
import createRouter, { type HTTPMethod, type Instance } from 'find-my-way'
import { abilitiesIn } from './identity.ts'
import { addRoute, createRouteTree, nearestRoute } from './nearest-route.ts'

/** The paths of all routes, with their methods. */
export interface RouteTable {
  /** Returns the methods of a path, in alphabetical order; empty for an unknown path. */
  methodsOf (path: string): string[]
  /** Returns the route that an unmatched request may have meant, as `POST /extractions/...`; null if none is near. */
  nearestTo (method: string, path: string): string | null
  /** Returns the abilities and the body of a route, by its pattern. */
  routeOf (method: string, url: string): RouteInfo | undefined
}

export interface RouteInfo {
  readonly abilities: readonly Ability[]
  readonly body: TSchema | undefined
}

/** Creates a table of the routes that are registered from now on. */
export function createRouteTable (app: FastifyInstance): RouteTable {
  const methodsByUrl = new Map<string, Set<string>>()
  let router: Instance<any> | undefined

  const routes = new Map<string, RouteInfo>()
  const tree = createRouteTree()

  app.addHook('onRoute', ({ url, method, config, schema }) => {
    if (method === 'OPTIONS') return
    const methods = methodsByUrl.get(url) ?? new Set()
    for (const one of [method].flat()) {
      methods.add(one)
      if (one !== 'HEAD' && url !== '/' && !url.startsWith('/_mock')) addRoute(tree, one, url)
      routes.set(`${one} ${url}`, { abilities: abilitiesIn(config?.ability), body: bodyIn(schema?.body) })
    }
    methodsByUrl.set(url, methods)
  })

  return {
    /** Uses the same matcher that routes requests; it is built when first needed. */
    methodsOf (path) {
      if (router === undefined) {
        router = createRouter(ROUTER_OPTIONS)
        for (const [url, methods] of methodsByUrl) router.on('GET', url, () => {}, methods)
      }
      const found = router.find('GET' as HTTPMethod, path)
      return found === null ? [] : [...found.store as Set<string>].sort()
    },
    nearestTo: (method, path) => nearestRoute(tree, method, path),
    routeOf (method, url) {
      return routes.get(`${method} ${url}`)
    }
  }
}

/** Laravel ignores a slash at the end of a path. A long id is not found, like any other unknown id. */
export const ROUTER_OPTIONS = { ignoreTrailingSlash: true, maxParamLength: 16 * 1024 }

/** Returns the schema of a JSON body; undefined if the route reads none. */
function bodyIn (body: unknown): TSchema | undefined {
  const { content } = Object(body) as { content?: { [type: string]: { schema: TSchema } } }
  return content === undefined ? body as TSchema | undefined : content['application/json']?.schema
}
