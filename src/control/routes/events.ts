import { fastifySSE } from '@fastify/sse'
import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import type { Occurrence } from '../watch-events.ts'
import { readDuration } from '../../domain/lifecycle/durations.ts'
import { signalOnClose } from '../../http/framework.ts'
import { Nullable } from '../../http/schema.ts'
import { presentTransition, type TransitionBody } from './clock.ts'
import { presentRequest, type RequestBody } from './requests.ts'
import { ControlInstant, namespaceParams, presentInstant, problems } from '../schema.ts'

/** What is waited for, and how long. */
export const WaitQuery = Type.Object({
  resource: Type.String({ format: 'resource', examples: ['result:3f6fc360-2925-49e2-b743-184af0bdeddb'] }),
  until: Type.String({ minLength: 1, maxLength: 200, description: 'A status, or several with commas between.', examples: ['completed,failed'] }),
  timeout: Type.Optional(Type.String({ format: 'short-duration', default: 'PT10S', description: 'In real time.' }))
}, { additionalProperties: false })

export const WaitedBody = Type.Object({
  reached: Type.Boolean(),
  status: Nullable(Type.String(), 'What it has come to; null as long as it does not exist.'),
  next_event: Nullable(ControlInstant, 'When its session is going to change next; null for never by itself.')
}, { description: 'It has come so far, or the time is over.' })

/** What happens in a namespace, without polling. */
export const eventRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  const closing = signalOnClose(app)
  await app.register(fastifySSE, { heartbeatInterval: 15_000 })

  app.get('/_mock/namespaces/:namespace/wait', {
    schema: {
      operationId: 'waitFor',
      summary: 'Wait until a thing has come so far',
      description: 'In every clock mode: an auto clock jumps from change to change, others go, or are moved, as they are. Answers early where the thing can no longer come so far.',
      tags: ['Journal'],
      params: namespaceParams,
      querystring: WaitQuery,
      response: {
        200: WaitedBody,
        ...problems(404, 409, 422, 429, 503)
      }
    }
  }, async ({ params: { namespace }, query }, reply) => {
    const gone = new AbortController()
    reply.raw.once('close', () => { gone.abort() })
    return await wait(control, namespace, query, AbortSignal.any([gone.signal, closing]))
  })

  app.get('/_mock/namespaces/:namespace/events', {
    sse: 'manual',
    schema: {
      operationId: 'watchEvents',
      summary: 'Watch what happens',
      description: 'Server-sent events: `transition`, as the clock answers them, and `request`, as the journal lists them. Ends when the namespace is reset.',
      tags: ['Journal'],
      params: namespaceParams,
      response: { 200: { description: 'Every event as it happens.', content: { 'text/event-stream': { schema: Type.String() } } }, ...problems(404, 429) }
    }
  }, async ({ params: { namespace } }, reply) => {
    const gone = new AbortController()
    const occurrences = control.watch(namespace, AbortSignal.any([gone.signal, closing]))
    reply.sse.onClose(() => { gone.abort() })
    reply.sse.sendHeaders()
    reply.raw.flushHeaders()
    await reply.sse.send(messagesOf(control, occurrences))
  })
}

/** Something that has happened, as it is told. */
export type Message =
  | { readonly event: 'transition', readonly data: Static<typeof TransitionBody> }
  | { readonly event: 'request', readonly data: Static<typeof RequestBody> }

/** Everything that happens in a namespace from now on, until the signal is given or the namespace is dropped. */
export async function * messagesOf (control: Control, occurrences: AsyncIterable<Occurrence>): AsyncGenerator<Message, undefined> {
  for await (const occurrence of occurrences) {
    yield 'transition' in occurrence
      ? { event: 'transition', data: presentTransition(occurrence.transition) }
      : { event: 'request', data: presentRequest(control, occurrence.exchange) }
  }
}

/** Waits as a query asks. */
export async function wait (control: Control, namespace: string, { resource, until, timeout = 'PT10S' }: Static<typeof WaitQuery>, signal: AbortSignal): Promise<Static<typeof WaitedBody>> {
  const awaited = { resource: resource.toLowerCase(), until: until.split(','), timeout: readDuration(timeout) as number }
  const { reached, status, nextEvent } = await control.waitFor(namespace, awaited, signal)
  return { reached, status, next_event: nextEvent === null ? null : presentInstant(nextEvent) }
}
