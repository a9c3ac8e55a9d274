import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { Nullable } from '../../http/schema.ts'
import { namespaceParams, problems } from '../schema.ts'

const RateLimitBody = Type.Object({
  max: Nullable(Type.Integer({ minimum: 0, maximum: 1_000_000, title: 'a number of requests' }), 'How many requests an IP address may make in a minute of the namespace\'s clock; null for any number.')
})

/** How often a client may call. */
export const rateLimitRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.get('/_mock/namespaces/:namespace/rate-limit', {
    schema: {
      operationId: 'getRateLimit',
      summary: 'How often a client may call',
      tags: ['Faults'],
      params: namespaceParams,
      response: { 200: RateLimitBody, ...problems(404) }
    }
  }, async ({ params: { namespace } }) => ({ max: control.find(namespace).rateLimit.max }))

  app.put('/_mock/namespaces/:namespace/rate-limit', {
    schema: {
      operationId: 'setRateLimit',
      summary: 'Let a client call so often and no more',
      description: 'The API documents 100. Beyond it clients are answered 429. What was counted is forgotten.',
      tags: ['Faults'],
      params: namespaceParams,
      body: RateLimitBody,
      response: { 200: RateLimitBody, ...problems(415, 422, 429) }
    }
  }, async ({ params: { namespace }, body: { max } }) => {
    control.setRateLimit(namespace, max)
    return { max }
  })
}
