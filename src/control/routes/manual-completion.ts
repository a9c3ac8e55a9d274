import { Type, type Static } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { AdvancedBody, presentAdvanced } from './clock.ts'
import { FixtureBody, readFixture, Reason } from '../outcome-rule.ts'
import { namespaceParams, problems } from '../schema.ts'

export const FailureBody = Type.Object({
  reason: Type.Optional(Reason)
}, { additionalProperties: false })

const documentParams = Type.Object({ ...namespaceParams.properties, document: Type.String({ description: 'The id of a document.' }) })
const resultParams = Type.Object({ ...namespaceParams.properties, result: Type.String({ description: 'The id of a result.' }) })

/** Bringing work to an end while it goes on. */
export const manualCompletionRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.post('/_mock/namespaces/:namespace/documents/:document/complete', {
    schema: {
      operationId: 'completeDocument',
      summary: 'Let the parsing of a document succeed now',
      tags: ['Outcomes'],
      params: documentParams,
      response: { 200: AdvancedBody, ...problems(404, 409, 415) }
    }
  }, async ({ params: { namespace, document } }) => presentAdvanced(await control.endParsing(namespace, document, null)))

  app.post('/_mock/namespaces/:namespace/documents/:document/fail', {
    schema: {
      operationId: 'failDocument',
      summary: 'Let the parsing of a document fail now',
      tags: ['Outcomes'],
      params: documentParams,
      body: FailureBody,
      response: { 200: AdvancedBody, ...problems(404, 409, 415, 422) }
    }
  }, async ({ params: { namespace, document }, body }) => await failDocument(control, namespace, document, body))

  app.post('/_mock/namespaces/:namespace/results/:result/complete', {
    schema: {
      operationId: 'completeResult',
      summary: 'Let a run complete now',
      description: 'With exact values, or with what it would have found.',
      tags: ['Outcomes'],
      params: resultParams,
      body: FixtureBody,
      response: { 200: AdvancedBody, ...problems(404, 409, 415, 422) }
    }
  }, async ({ params: { namespace, result }, body }) => presentAdvanced(await control.endRun(namespace, result, null, readFixture(body))))

  app.post('/_mock/namespaces/:namespace/results/:result/fail', {
    schema: {
      operationId: 'failResult',
      summary: 'Let a run fail now',
      tags: ['Outcomes'],
      params: resultParams,
      body: FailureBody,
      response: { 200: AdvancedBody, ...problems(404, 409, 415, 422) }
    }
  }, async ({ params: { namespace, result }, body }) => await failResult(control, namespace, result, body))
}

/** Fails a document as a body asks. */
export async function failDocument (control: Control, namespace: string, id: string, { reason = 'Parsing was failed by hand.' }: Static<typeof FailureBody>): Promise<Static<typeof AdvancedBody>> {
  return presentAdvanced(await control.endParsing(namespace, id, reason))
}

/** Fails a result as a body asks. */
export async function failResult (control: Control, namespace: string, id: string, { reason = 'The extraction was failed by hand.' }: Static<typeof FailureBody>): Promise<Static<typeof AdvancedBody>> {
  return presentAdvanced(await control.endRun(namespace, id, reason))
}
