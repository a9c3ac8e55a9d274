import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { routeNotFound } from '../http/errors.ts'
import { pathOf } from '../http/url.ts'
import { readContract } from '../package.ts'

/** The OpenAPI document as JSON, and as a page to read it and to try requests. */
export const docsRoutes: FastifyPluginAsyncTypebox = async app => {
  let contract: string | undefined
  let site: Promise<FastifyInstance> | undefined

  app.get('/openapi.json', {
    config: { public: true },
    schema: {
      operationId: 'getContract',
      summary: 'Get the OpenAPI document',
      tags: ['Operation'],
      response: { 200: Type.Record(Type.String(), Type.Unknown(), { description: 'An OpenAPI document.' }) }
    }
  }, async (_request, reply) => {
    contract ??= readContract()
    return await reply.type('application/json; charset=utf-8').send(contract as never)
  })

  // The page is a separate site that is built on the first request: it takes longer to load than everything else.
  for (const url of ['/docs', '/docs/*']) {
    app.get(url, { config: { public: true }, schema: { hide: true } }, async (request, reply) => {
      site ??= import('../http/docs-site.ts').then(({ createDocsSite }) => createDocsSite())
      const page = await (await site).inject({ method: 'GET', url: request.url })
      if (page.statusCode >= 400) throw routeNotFound(pathOf(request.url))
      return await reply.code(page.statusCode).headers(page.headers).send(page.rawPayload)
    })
  }

  app.addHook('onClose', async () => { await (await site)?.close() })
}
