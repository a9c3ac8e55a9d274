import Fastify, { type FastifyInstance } from 'fastify'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'

/** Shown in place of the logo of the framework. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="180" height="40">
  <text y="28" font-family="sans-serif" font-size="24" font-weight="bold" fill="#fff">raydocs-mock</text>
</svg>`

export interface DocsSiteOptions {
  /** The OpenAPI document, as JSON. */
  readonly contract: string
  /** The path that the public URL adds to all paths; empty for none. */
  readonly prefix: string
  /** A token to try requests with. */
  readonly demoToken: string | undefined
}

/** A site under `/docs` that shows a contract; everything it needs comes from the package. */
export async function createDocsSite ({ contract, prefix, demoToken }: DocsSiteOptions): Promise<FastifyInstance> {
  const document = JSON.parse(contract)
  const hint = demoToken === undefined ? {} : { description: `The demo token is ${demoToken}.` }
  for (const scheme of Object.values(document.components.securitySchemes)) Object.assign(scheme as object, hint)
  const app = Fastify()
  await app.register(swagger, { mode: 'static', specification: { document } })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    indexPrefix: prefix,
    theme: { title: 'raydocs-mock' },
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO) },
    uiConfig: { validatorUrl: null, persistAuthorization: true, displayRequestDuration: true, tryItOutEnabled: true }
  })
  await app.ready()
  return app
}
