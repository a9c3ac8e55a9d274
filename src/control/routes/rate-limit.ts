import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { RateLimitBody } from '../rate-limit.ts'
import { namespaceParams, problems } from '../schema.ts'

export const rateLimitRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.get('/_mock/namespaces/:namespace/rate-limit', {
    schema: {
      operationId: 'getRateLimit',
      summary: 'Get the rate limit',
      tags: ['Faults'],
      params: namespaceParams,
      response: { 200: RateLimitBody, ...problems(404) }
    }
  }, async ({ params: { namespace } }) => await control.namespace(namespace).rateLimit.get())

  app.put('/_mock/namespaces/:namespace/rate-limit', {
    schema: {
      operationId: 'setRateLimit',
      summary: 'Set the rate limit',
      description: 'The API documents 100. Requests beyond the limit are answered 429. Setting it forgets the requests that were counted.',
      tags: ['Faults'],
      params: namespaceParams,
      body: RateLimitBody,
      response: { 200: RateLimitBody, ...problems(415, 422, 429) }
    }
  }, async ({ params: { namespace }, body }) => await control.namespace(namespace).rateLimit.set(body))
}
