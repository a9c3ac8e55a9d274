import Fastify, { type FastifyInstance } from 'fastify'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { readContract } from '../package.ts'

/** A site under `/docs` that shows the contract; everything it needs comes from the package. */
export async function createDocsSite (): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(swagger, { mode: 'static', specification: { document: JSON.parse(readContract()) } })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title: 'raydocs-mock' },
    uiConfig: { validatorUrl: null, persistAuthorization: true, displayRequestDuration: true, tryItOutEnabled: true }
  })
  await app.ready()
  return app
}
