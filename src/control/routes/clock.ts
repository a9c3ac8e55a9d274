import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { AdvancedBody, ClockAdvance, ClockBody, ClockChange } from '../clock.ts'
import { namespaceParams, problems } from '../schema.ts'

export const clockRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.get('/_mock/namespaces/:namespace/clock', {
    schema: {
      operationId: 'getClock',
      summary: 'Get the clock',
      tags: ['Clock'],
      params: namespaceParams,
      response: { 200: ClockBody, ...problems(404) }
    }
  }, async ({ params: { namespace } }) => await control.namespace(namespace).clock.get())

  app.put('/_mock/namespaces/:namespace/clock', {
    schema: {
      operationId: 'setClock',
      summary: 'Set the clock',
      description: 'The clock runs in another mode from now on, or from a later instant.',
      tags: ['Clock'],
      params: namespaceParams,
      body: ClockChange,
      response: { 200: ClockBody, ...problems(409, 415, 422, 429) }
    }
  }, async ({ params: { namespace }, body }) => await control.namespace(namespace).clock.set(body))

  app.post('/_mock/namespaces/:namespace/clock/advance', {
    schema: {
      operationId: 'advanceClock',
      summary: 'Advance the clock',
      description: 'Send either `by` or `to`. The reply lists the transitions on the way.',
      tags: ['Clock'],
      params: namespaceParams,
      body: ClockAdvance,
      response: { 200: AdvancedBody, ...problems(409, 415, 422, 429) }
    }
  }, async ({ params: { namespace }, body }) => await control.namespace(namespace).clock.advance(body))
}
