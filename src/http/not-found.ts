import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { HttpError, routeNotFound } from './errors.ts'
import { pathOf } from './url.ts'
import type { RouteTable } from './route-table.ts'

/** Answers requests that match no route: 405 with `Allow` if the path has other methods, 204 with `Allow` for OPTIONS, else 404. */
export const notFoundHandler = fp(async (app: FastifyInstance, { routeTable }: { routeTable: RouteTable }) => {
  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request.url)
    const methods = routeTable.methodsOf(path)
    if (methods.length === 0) throw routeNotFound(path)
    const allow = methods.join(', ')
    if (request.method === 'OPTIONS') return await reply.code(204).header('allow', allow).send()
    throw new HttpError(
      405,
      `The ${request.method} method is not supported for this route. Supported methods: ${allow}.`,
      { headers: { allow } }
    )
  })
}, { name: 'not-found' })
