import type { TSchema } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { Ability } from '../domain/workspaces/abilities.ts'
import { closestMatch } from 'leven'
import createRouter, { type HTTPMethod, type Instance } from 'find-my-way'
import { abilitiesIn } from './identity.ts'

/** Which paths there are, and with which methods. */
export interface RouteTable {
  /** The methods of a path, in alphabetical order; empty if there is no such path. */
  methodsOf (path: string): string[]
  /** The route of the product that somebody may have meant, as `POST /extractions/...`; null if none is near. */
  nearestTo (method: string, path: string): string | null
  /** What a route, named by its pattern, needs and takes. */
  routeOf (method: string, url: string): RouteInfo | undefined
}

export interface RouteInfo {
  readonly abilities: readonly Ability[]
  readonly body: TSchema | undefined
}

/** A book of the routes that are registered from now on. */
export function createRouteTable (app: FastifyInstance): RouteTable {
  const methodsByUrl = new Map<string, Set<string>>()
  let router: Instance<any> | undefined

  const routes = new Map<string, RouteInfo>()

  app.addHook('onRoute', ({ url, method, config, schema }) => {
    const methods = methodsByUrl.get(url) ?? new Set()
    for (const one of [method].flat()) {
      methods.add(one)
      routes.set(`${one} ${url}`, { abilities: abilitiesIn(config?.ability), body: bodyIn(schema?.body) })
    }
    methodsByUrl.set(url, methods)
  })

  return {
    /** Found by the same matcher that routes requests; it is built when first needed. */
    methodsOf (path) {
      if (router === undefined) {
        router = createRouter()
        for (const [url, methods] of methodsByUrl) router.on('GET', url, () => {}, methods)
      }
      const found = router.find('GET' as HTTPMethod, path)
      return found === null ? [] : [...found.store as Set<string>].sort()
    },
    nearestTo (method, path) {
      const asked = `${method} ${path}`
      const candidates = new Map<string, string>()
      for (const [url, methods] of methodsByUrl) {
        if (url.startsWith('/_mock')) continue
        for (const one of methods) {
          if (one !== 'HEAD') candidates.set(`${one} ${filledIn(url, path)}`, `${one} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
        }
      }
      const nearest = closestMatch(asked, [...candidates.keys()], { maxDistance: Math.floor(asked.length / 3) })
      return nearest === undefined ? null : String(candidates.get(nearest))
    },
    routeOf (method, url) {
      return routes.get(`${method} ${url}`)
    }
  }
}

/** What a JSON body is to be; undefined if none is looked at. */
function bodyIn (body: unknown): TSchema | undefined {
  const { content } = Object(body) as { content?: { [type: string]: { schema: TSchema } } }
  return content === undefined ? body as TSchema | undefined : content['application/json']?.schema
}

/** The pattern of a route with what stands in the same places of a path for its parameters: those are never misspelt. */
function filledIn (url: string, path: string): string {
  const given = path.split('/')
  return url.split('/').map((segment, index) => segment.startsWith(':') ? given[index] ?? segment : segment).join('/')
}
