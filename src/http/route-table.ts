import type { TSchema } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { Ability } from '../domain/workspaces/abilities.ts'
import { closestMatch } from 'leven'
import createRouter, { type HTTPMethod, type Instance } from 'find-my-way'
import { known } from '../domain/known.ts'
import { abilitiesIn } from './identity.ts'

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

  app.addHook('onRoute', ({ url, method, config, schema }) => {
    if (method === 'OPTIONS') return
    const methods = methodsByUrl.get(url) ?? new Set()
    for (const one of [method].flat()) {
      methods.add(one)
      routes.set(`${one} ${url}`, { abilities: abilitiesIn(config?.ability), body: bodyIn(schema?.body) })
    }
    methodsByUrl.set(url, methods)
  })

  return {
    /** Uses the same matcher that routes requests; it is built when first needed. */
    methodsOf (path) {
      if (router === undefined) {
        router = createRouter()
        for (const [url, methods] of methodsByUrl) router.on('GET', url, () => {}, methods)
      }
      const found = router.find('GET' as HTTPMethod, path)
      return found === null ? [] : [...found.store as Set<string>].sort()
    },
    nearestTo (method, path) {
      // The distance between texts costs as much as the product of their lengths.
      if (path.length > LONGEST_PATH) return null
      const requested = `${method} ${path}`
      const candidates = new Map<string, string>()
      for (const [url, methods] of methodsByUrl) {
        if (url.startsWith('/_mock')) continue
        for (const one of methods) {
          if (one !== 'HEAD') candidates.set(`${one} ${filledIn(url, path)}`, `${one} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
        }
      }
      const nearest = closestMatch(requested, [...candidates.keys()], { maxDistance: Math.floor(requested.length / 3) })
      return nearest === undefined ? null : known(candidates.get(nearest), 'the nearest is a candidate')
    },
    routeOf (method, url) {
      return routes.get(`${method} ${url}`)
    }
  }
}

/** The longest path for which the nearest route is looked for; the longest real one has some 120 characters. */
const LONGEST_PATH = 256

/** Returns the schema of a JSON body; undefined if the route reads none. */
function bodyIn (body: unknown): TSchema | undefined {
  const { content } = Object(body) as { content?: { [type: string]: { schema: TSchema } } }
  return content === undefined ? body as TSchema | undefined : content['application/json']?.schema
}

/** Returns the pattern of a route with the segments of a path in place of its parameters, which are never misspelt. */
function filledIn (url: string, path: string): string {
  const given = path.split('/')
  return url.split('/').map((segment, index) => segment.startsWith(':') ? given[index] ?? segment : segment).join('/')
}
