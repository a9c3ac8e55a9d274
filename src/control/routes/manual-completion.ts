import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { AdvancedBody } from '../clock.ts'
import { FailureBody } from '../manual-completion.ts'
import { FixtureBody } from '../outcome-rule.ts'
import { namespaceParams, problems } from '../schema.ts'

const documentParams = Type.Object({ ...namespaceParams.properties, document: Type.String({ description: 'The id of a document.' }) })
const resultParams = Type.Object({ ...namespaceParams.properties, result: Type.String({ description: 'The id of a result.' }) })

export const manualCompletionRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.post('/_mock/namespaces/:namespace/documents/:document/complete', {
    schema: {
      operationId: 'completeDocument',
      summary: 'Complete the parsing of a document',
      tags: ['Outcomes'],
      params: documentParams,
      response: { 200: AdvancedBody, ...problems(404, 409, 413) }
    }
  }, async ({ params: { namespace, document } }) => await control.namespace(namespace).documents.complete(document))

  app.post('/_mock/namespaces/:namespace/documents/:document/fail', {
    schema: {
      operationId: 'failDocument',
      summary: 'Fail the parsing of a document',
      tags: ['Outcomes'],
      params: documentParams,
      body: FailureBody,
      response: { 200: AdvancedBody, ...problems(404, 409, 415, 422) }
    }
  }, async ({ params: { namespace, document }, body: { reason } }) => await control.namespace(namespace).documents.fail(document, reason))

  app.post('/_mock/namespaces/:namespace/results/:result/complete', {
    schema: {
      operationId: 'completeResult',
      summary: 'Complete a run',
      description: 'With exact values, or with those that it would have found.',
      tags: ['Outcomes'],
      params: resultParams,
      body: FixtureBody,
      response: { 200: AdvancedBody, ...problems(404, 409, 415, 422) }
    }
  }, async ({ params: { namespace, result }, body }) => await control.namespace(namespace).results.complete(result, body))

  app.post('/_mock/namespaces/:namespace/results/:result/fail', {
    schema: {
      operationId: 'failResult',
      summary: 'Fail a run',
      tags: ['Outcomes'],
      params: resultParams,
      body: FailureBody,
      response: { 200: AdvancedBody, ...problems(404, 409, 415, 422) }
    }
  }, async ({ params: { namespace, result }, body: { reason } }) => await control.namespace(namespace).results.fail(result, reason))
}
