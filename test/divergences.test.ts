import { readFileSync } from 'node:fs'
import t from 'tap'
import { ABSENT_FIELDS, ADDED_FIELDS, ADDED_OPERATIONS, ADDED_REPLIES, DIVERGENCES } from '../openapi/divergences.ts'
import { divergencesPage } from '../openapi/divergences-page.ts'
import { abilitiesIn } from '../src/http/identity.ts'
import { readContract } from '../src/package.ts'
import { CHECKS, UNCHECKED, WORKFLOW_CALLS } from './divergences.ts'
import { OBJECTS, OPERATIONS } from './documented.ts'
import { build } from './helper.ts'

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly string[]
  readonly properties?: { readonly [name: string]: Schema }
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

interface Content { readonly content?: { readonly [type: string]: { readonly schema: Schema } } }

interface Operation {
  readonly requestBody?: Content
  readonly parameters?: ReadonlyArray<{ readonly in: string, readonly name: string, readonly schema: Schema }>
  readonly responses: { readonly [status: string]: Content }
}

const contract = JSON.parse(readContract()) as {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } }
  readonly components: { readonly schemas: { readonly [name: string]: Schema } }
}
const served = new Map<string, Operation>(Object.entries(contract.paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const)))

/** Describes a schema in the notation of the documented operations. */
function shapeOf ({ $ref, items, properties }: Schema): string {
  if ($ref !== undefined) return $ref.replace('#/components/schemas/', '')
  if (items !== undefined) return `[${shapeOf(items)}]`
  const fields = Object.entries(properties ?? {}).map(([name, field]) => {
    const shape = shapeOf(field)
    return shape === '' ? name : `${name}: ${shape}`
  })
  return fields.length === 0 ? '' : `{ ${fields.join(', ')} }`
}

/** Describes the body of a 2xx response in the same notation; undefined if there is none. */
function replyOf (operation: Operation): string | undefined {
  const successes = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'))
  const shapes = successes.flatMap(([, { content }]) => {
    if (content === undefined) return []
    return content['application/json'] === undefined ? Object.keys(content).join() : shapeOf(content['application/json'].schema)
  })
  return [...new Set(shapes)].join(' | ') || undefined
}

/** The fields of a schema, dotted, down to references to components. */
function fieldsOf (schema: Schema, path = ''): string[] {
  const { properties = {}, additionalProperties, items, anyOf = [] } = schema
  return [
    ...(schema.enum ?? []).map(value => `${path}=${value}`),
    ...Object.entries(properties).flatMap(([name, field]) => {
      const inner = path === '' ? name : `${path}.${name}`
      return [inner, ...fieldsOf(field, inner)]
    }),
    ...additionalProperties === undefined ? [] : fieldsOf(additionalProperties, `${path}.*`),
    ...items === undefined ? [] : fieldsOf(items, `${path}[]`),
    ...anyOf.flatMap(variant => fieldsOf(variant, path))
  ]
}

/** The fields of a request body, with `!` after required ones. */
function bodyFieldsOf (operation: Operation | undefined, type: string): string[] {
  const { schema = {} } = operation?.requestBody?.content?.[type] ?? {}
  return fieldsOf(schema).map(field => schema.required?.includes(field) === true ? `${field}!` : field)
}

/** The allowed values of path parameters. */
function pathValuesOf (operation: Operation | undefined): string[] {
  return operation?.parameters?.filter(parameter => parameter.in === 'path').flatMap(({ name, schema }) => fieldsOf(schema, name)) ?? []
}

function without (some: readonly string[], others: readonly string[]): string[] {
  return [...new Set(some)].filter(one => !others.includes(one)).sort()
}

t.test('every contradiction has a row, and every row a check or a reason for having none', async t => {
  t.same(DIVERGENCES.map(({ row }) => row), Array.from({ length: 32 }, (_, index) => index + 1))
  t.same([...Object.keys(CHECKS), ...Object.keys(UNCHECKED)].map(Number).sort((a, b) => a - b), DIVERGENCES.map(({ row }) => row))
})

for (const { row, topic, answer } of DIVERGENCES) {
  const check = CHECKS[row]
  if (check !== undefined) t.test(`${row}. ${topic}: ${answer}`, async t => { await check(t, await build(t)) })
}

t.test('every documented operation is served with its ability, and every addition has a reason', async t => {
  const abilities = new Map<string, readonly string[]>()
  await (await build(t, {
    watch (app) {
      app.addHook('onRoute', ({ method, url, config }) => {
        const path = url.replaceAll(/(?<!:):(\w+)/g, '{$1}').replaceAll('::', ':')
        // The answers to preflights are those of browsers' rules, not of the API.
        if (method !== 'HEAD' && method !== 'OPTIONS' && !path.startsWith('/_mock')) abilities.set(`${String(method)} ${path}`, abilitiesIn(config?.ability))
      })
    }
  })).app.ready()
  t.equal(OPERATIONS.length, 50)
  const documented = OPERATIONS.map(({ call }) => call)
  t.same(without(documented, [...abilities.keys()]), [])
  t.same(without([...abilities.keys()], documented), Object.keys(ADDED_OPERATIONS).sort())
  t.same(OPERATIONS.map(({ call }) => [call, abilities.get(call)]), OPERATIONS.map(({ call, abilities }) => [call, abilities]))
})

t.test('workflows are not served', async t => {
  const rig = await build(t)
  for (const [method, url] of WORKFLOW_CALLS) t.equal((await rig.call(method, url)).statusCode, 404, `${method} ${url}`)
})

t.test('every operation has the documented statuses, bodies and queries', async t => {
  for (const { call, success, query = [] } of OPERATIONS) {
    const { responses = {}, parameters = [] } = served.get(call) ?? {}
    t.same(Object.keys(responses).filter(status => status.startsWith('2')).map(Number), success, call)
    t.same(parameters.filter(parameter => parameter.in === 'query').map(({ name }) => name), query, call)
  }
  const replies = OPERATIONS.map(({ call, reply }) => ({ call, documented: reply, served: replyOf(served.get(call) as Operation) }))
  t.same(replies.filter(({ call, documented, served }) => documented !== served && !(call in ADDED_REPLIES)), [])
  t.same(replies.filter(({ documented, served }) => documented === undefined && served !== undefined).map(({ call }) => call), Object.keys(ADDED_REPLIES))
})

t.test('fields and values are those of the documentation, and every difference has a reason', async t => {
  const objects = Object.entries(contract.components.schemas).map(([name, schema]) => ({ name: `${name}.`, served: fieldsOf(schema), documented: OBJECTS[name] }))
  const bodies = OPERATIONS.flatMap(({ call, body, multipart }) => [
    { name: `${call} `, served: [...bodyFieldsOf(served.get(call), 'application/json'), ...pathValuesOf(served.get(call))], documented: body ?? [] },
    { name: `${call} `, served: bodyFieldsOf(served.get(call), 'multipart/form-data'), documented: multipart ?? [] }
  ])
  t.same(Object.keys(OBJECTS).sort(), Object.keys(contract.components.schemas).sort())
  const all = [...objects, ...bodies]
  t.same(all.flatMap(({ name, served, documented = [] }) => without(served, documented).map(field => name + field)).sort(), Object.keys(ADDED_FIELDS).sort())
  t.same(all.flatMap(({ name, served, documented = [] }) => without(documented, served).map(field => name + field)).sort(), Object.keys(ABSENT_FIELDS).sort())
})

t.test('the committed page matches the ledger (npm run openapi)', async t => {
  t.equal(readFileSync(new URL('../openapi/divergences.md', import.meta.url), 'utf8'), divergencesPage())
})
