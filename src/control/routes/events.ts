import { fastifySSE } from '@fastify/sse'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { HttpError } from '../../http/errors.ts'
import { textOf, WaitedBody, WaitQuery, type Message } from '../events.ts'
import { namespaceParams, problems } from '../schema.ts'

export const eventRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  await app.register(fastifySSE, { heartbeatInterval: 15_000, serializer: data => textOf(data as Message['data']) })

  app.get('/_mock/namespaces/:namespace/wait', {
    schema: {
      operationId: 'waitFor',
      summary: 'Wait for a status',
      description: 'An auto clock jumps from change to change meanwhile; other clocks run, or are moved, as usual. ' +
        'The reply comes early if the resource can no longer reach the status.',
      tags: ['Journal'],
      params: namespaceParams,
      querystring: WaitQuery,
      response: { 200: WaitedBody, ...problems(404, 409, 422, 429, 503) }
    }
  }, async ({ params: { namespace }, query: { resource, until, timeout } }, reply) => {
    const gone = new AbortController()
    reply.raw.once('close', () => { gone.abort(new HttpError(503, 'The client has gone.')) })
    return await control.namespace(namespace).waitFor(resource, until, timeout, gone.signal)
  })

  app.get('/_mock/namespaces/:namespace/events', {
    sse: 'manual',
    schema: {
      operationId: 'watchEvents',
      summary: 'Watch events',
      description: 'Server-sent events: `transition`, as the clock reports them, and `request`, as the journal lists them. ' +
        'The stream ends when the namespace is reset, and for a reader that has fallen more than a mebibyte behind.',
      tags: ['Journal'],
      params: namespaceParams,
      response: {
        200: { description: 'Each event as it happens.', content: { 'text/event-stream': { schema: Type.String() } } },
        ...problems(404, 429)
      }
    }
  }, async ({ method, params: { namespace } }, reply) => {
    if (method === 'HEAD') {
      await control.namespace(namespace).describe()
      return await reply.type('text/event-stream').send('')
    }
    const gone = new AbortController()
    const events = await control.namespace(namespace).events(gone.signal)
    reply.sse.onClose(() => { gone.abort() })
    reply.sse.sendHeaders()
    reply.raw.flushHeaders()
    await reply.sse.send(events)
  })
}
