import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import createRouter, { type HTTPMethod, type Instance } from 'find-my-way'
import { HttpError } from './errors.ts'
import { pathOf } from './framework.ts'

/**
 * What matches no route: 405 with `Allow` if the path exists with other methods, 204 with `Allow` for OPTIONS on it, else
 * 404. Must be registered before the routes it is to know of.
 */
export const notFoundHandler = fp(async (app: FastifyInstance) => {
  const methodsByUrl = new Map<string, Set<string>>()
  let router: Instance<any> | undefined

  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByUrl.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    methodsByUrl.set(url, methods)
  })

  /** The methods that exist for a path, found by the same matcher that routes requests; it is built when first needed. */
  function methodsOf (path: string): string[] {
    if (router === undefined) {
      router = createRouter()
      for (const [url, methods] of methodsByUrl) router.on('GET', url, () => {}, methods)
    }
    const found = router.find('GET' as HTTPMethod, path)
    return found === null ? [] : [...found.store as Set<string>].sort()
  }

  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request.url)
    const methods = methodsOf(path)
    if (methods.length === 0) throw new HttpError(404, `The route ${path.slice(1)} could not be found.`)
    const allow = methods.join(', ')
    if (request.method === 'OPTIONS') return await reply.code(204).header('allow', allow).send()
    throw new HttpError(405, `The ${request.method} method is not supported for this route. Supported methods: ${allow}.`, { headers: { allow } })
  })
}, { name: 'not-found' })
