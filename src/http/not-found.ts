import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { HttpError, routeNotFound } from './errors.ts'
import { sendStorageError, StorageError } from './s3-error.ts'
import { pathOf } from './url.ts'
import type { RouteTable } from './route-table.ts'

/**
 * Answers requests that match no route: 405 with `Allow` if the path has other methods, 204 with `Allow` for OPTIONS, else 404; in the
 * form of S3 where the storage is.
 */
export const notFoundHandler = fp(async (app: FastifyInstance, { routeTable }: { routeTable: RouteTable }) => {
  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request.url)
    const methods = routeTable.methodsOf(path)
    const allow = methods.join(', ')
    if (request.method === 'OPTIONS' && methods.length > 0) return await reply.code(204).header('allow', allow).send()
    if (path.startsWith('/storage/')) return sendStorageError(methods.length === 0 ? noSuchKey() : notAllowed(allow), request, reply)
    if (WORKFLOWS.test(path)) throw workflowsNotServed(path)
    if (methods.length === 0) throw routeNotFound(path, routeTable.nearestTo(request.method, path))
    throw new HttpError(
      405,
      `The ${request.method} method is not supported for this route. Supported methods: ${allow}.`,
      { headers: { allow } }
    )
  })
}, { name: 'not-found' })

function noSuchKey (): StorageError {
  return new StorageError(404, 'NoSuchKey', 'The specified key does not exist.')
}

function notAllowed (allow: string): StorageError {
  return new StorageError(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', { allow })
}

/** The paths that the API documents for workflows. */
const WORKFLOWS = /^\/workspaces\/[^/]*\/workflows(?:\/|$)/

function workflowsNotServed (path: string): HttpError {
  return new HttpError(404, `The route ${path.slice(1)} is documented, but raydocs-mock does not serve workflows.`)
}
