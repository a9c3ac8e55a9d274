import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { routeNotFound } from '../http/errors.ts'
import { originOf, pathOf, prefixOf } from '../http/url.ts'
import { readContract, VERSION } from '../package.ts'

export interface DocsOptions {
  readonly publicUrl: string | null
  readonly demoToken: string | undefined
  /** True if the control API is served. */
  readonly hasControl: boolean
}

/** The OpenAPI document as JSON, and as a page to read it and to try requests; the base URL leads to both. */
export const docsRoutes: FastifyPluginAsyncTypebox<DocsOptions> = async (app, { publicUrl, demoToken, hasControl }) => {
  const prefix = prefixOf(publicUrl)
  let contract: string | undefined
  let site: Promise<FastifyInstance> | undefined

  function contractText (): string {
    contract ??= publicUrl === null ? readContract() : JSON.stringify({ ...JSON.parse(readContract()), servers: [{ url: publicUrl }] })
    return contract
  }

  app.get('/', { config: { public: true }, schema: { hide: true } }, async (request, reply) => {
    reply.header('vary', 'Accept')
    if (request.headers.accept?.includes('text/html') === true) return await reply.redirect(`${prefix}/docs`)
    const url = originOf(request, publicUrl)
    return {
      name: 'raydocs-mock',
      version: VERSION,
      docs: `${url}/docs`,
      openapi: `${url}/openapi.json`,
      health: `${url}/readyz`,
      control: hasControl ? `${url}/_mock/openapi.json` : null
    }
  })

  app.get('/openapi.json', {
    config: { public: true },
    schema: {
      operationId: 'getContract',
      summary: 'Get the OpenAPI document',
      tags: ['Operation'],
      response: { 200: Type.Record(Type.String(), Type.Unknown(), { description: 'An OpenAPI document.' }) }
    }
  }, async (_request, reply) => {
    return await reply.type('application/json; charset=utf-8').send(contractText() as never)
  })

  // The page is a separate site that is built on the first request: it takes longer to load than everything else.
  for (const url of ['/docs', '/docs/*']) {
    app.get(url, { config: { public: true }, schema: { hide: true } }, async (request, reply) => {
      site ??= import('../http/docs-site.ts').then(async ({ createDocsSite }) => {
        return await createDocsSite({ contract: contractText(), prefix, demoToken })
      })
      const page = await (await site).inject({ method: 'GET', url: request.url })
      if (page.statusCode >= 400) throw routeNotFound(pathOf(request.url))
      return await reply.code(page.statusCode).headers(page.headers).send(page.rawPayload)
    })
  }

  app.addHook('onClose', async () => { await (await site)?.close() })
}
