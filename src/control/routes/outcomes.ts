import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Control } from '../control.ts'
import { FILENAME_DIRECTIVES } from '../../domain/lifecycle/filename-directives.ts'
import { NamedRuleBody, presentRule, readRule, RuleBody } from '../outcome-rule.ts'
import { List, namespaceParams, NoContent, problems } from '../schema.ts'

const ruleParams = Type.Object({ ...namespaceParams.properties, rule: Type.String({ description: 'What the rule is called.' }) })

/** What happens to files: rules, and what their names can ask for. */
export const outcomeRoutes: FastifyPluginAsyncTypebox<{ control: Control }> = async (app, { control }) => {
  app.get('/_mock/magic', {
    schema: {
      operationId: 'listMagic',
      summary: 'What the name of a file can ask for',
      tags: ['Outcomes'],
      response: { 200: List(Type.Object({ name: Type.String(), meaning: Type.String() }), 'Any of them anywhere in a file key or filename; several at once.'), ...problems() }
    }
  }, async () => ({ data: FILENAME_DIRECTIVES.map(({ name, meaning }) => ({ name, meaning })), total: FILENAME_DIRECTIVES.length }))

  app.get('/_mock/namespaces/:namespace/outcomes', {
    schema: {
      operationId: 'listOutcomes',
      summary: 'The rules of a namespace, in the order in which they are tried',
      tags: ['Outcomes'],
      params: namespaceParams,
      response: { 200: List(NamedRuleBody, 'The first that matches a file counts.'), ...problems(404) }
    }
  }, async ({ params: { namespace } }) => {
    const data = [...control.find(namespace).outcomes.rules].map(([name, rule]) => ({ name, ...presentRule(rule) }))
    return { data, total: data.length }
  })

  app.put('/_mock/namespaces/:namespace/outcomes/:rule', {
    schema: {
      operationId: 'putOutcome',
      summary: 'Script what happens to files',
      description: 'It counts for work that is asked for from now on.',
      tags: ['Outcomes'],
      params: ruleParams,
      body: RuleBody,
      response: { 200: NamedRuleBody, ...problems(415, 422, 429) }
    }
  }, async ({ params: { namespace, rule }, body }) => {
    await control.putOutcome(namespace, rule, readRule(body))
    return { name: rule, ...body }
  })

  app.delete('/_mock/namespaces/:namespace/outcomes/:rule', {
    schema: {
      operationId: 'deleteOutcome',
      summary: 'Forget a rule',
      tags: ['Outcomes'],
      params: ruleParams,
      response: { 204: NoContent('It counts no more.'), ...problems(404) }
    }
  }, async ({ params: { namespace, rule } }, reply) => {
    control.deleteOutcome(namespace, rule)
    return await reply.code(204).send(undefined)
  })
}
