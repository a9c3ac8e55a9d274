import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { NamedRuleBody, RuleBody } from '../outcome-rule.ts'
import { List, listOf, namespaceParams, NoContent, problems } from '../schema.ts'

const DirectiveBody = Type.Object({ name: Type.String(), meaning: Type.String() })

const ruleParams = Type.Object({ ...namespaceParams.properties, rule: Type.String({ description: 'The name of the rule.' }) })

export const outcomeRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.get('/_mock/magic', {
    schema: {
      operationId: 'listMagic',
      summary: 'List the directives that filenames can hold',
      tags: ['Outcomes'],
      response: { 200: List(DirectiveBody, 'Each can stand anywhere in a file key or filename, several at once.'), ...problems() }
    }
  }, async () => listOf(await control.filenameDirectives()))

  app.get('/_mock/namespaces/:namespace/outcomes', {
    schema: {
      operationId: 'listOutcomes',
      summary: 'List outcome rules',
      tags: ['Outcomes'],
      params: namespaceParams,
      response: {
        200: List(NamedRuleBody, 'In the order in which they are tried: the first that matches a file applies.'),
        ...problems(404)
      }
    }
  }, async ({ params: { namespace } }) => listOf(await control.namespace(namespace).outcomes.list()))

  app.put('/_mock/namespaces/:namespace/outcomes/:rule', {
    schema: {
      operationId: 'putOutcome',
      summary: 'Set an outcome rule',
      description: 'The rule applies to work that is requested from now on.',
      tags: ['Outcomes'],
      params: ruleParams,
      body: RuleBody,
      response: { 200: NamedRuleBody, ...problems(415, 422, 429) }
    }
  }, async ({ params: { namespace, rule }, body }) => await control.namespace(namespace).outcomes.put(rule, body))

  app.delete('/_mock/namespaces/:namespace/outcomes/:rule', {
    schema: {
      operationId: 'deleteOutcome',
      summary: 'Delete an outcome rule',
      tags: ['Outcomes'],
      params: ruleParams,
      response: { 204: NoContent('The rule is deleted.'), ...problems(404) }
    }
  }, async ({ params: { namespace, rule } }, reply) => {
    await control.namespace(namespace).outcomes.delete(rule)
    return await reply.code(204).send(undefined)
  })
}
