import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Store } from '../store/store.ts'
import { HttpError } from '../http/errors.ts'
import { Enum, errorResponses } from '../http/schema.ts'

const HealthBody = Type.Object({ status: Enum(['ok'], 'Always `ok`.') }, { description: 'The check passed.' })

export const healthRoutes: FastifyPluginAsyncTypebox<{ store: Store }> = async (app, { store }) => {
  app.get('/livez', {
    config: { public: true },
    schema: {
      operationId: 'livez',
      summary: 'Check that the process is alive',
      tags: ['Operation'],
      response: { 200: HealthBody }
    }
  }, async () => ({ status: 'ok' as const }))

  app.get('/readyz', {
    config: { public: true },
    schema: {
      operationId: 'readyz',
      summary: 'Check that the server is ready',
      tags: ['Operation'],
      response: { 200: HealthBody, ...errorResponses(503) }
    }
  }, async request => {
    try {
      await store.ready()
    } catch (error) {
      request.log.warn({ reqId: request.id, err: error }, 'not ready')
      throw new HttpError(503, 'The store cannot be reached: try again later.')
    }
    return { status: 'ok' as const }
  })
}
