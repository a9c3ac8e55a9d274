import { createConfig, lintFromString } from '@redocly/openapi-core'
import t from 'tap'
import { generateContract, generateControlContract } from '../openapi/document.ts'
import { exampleOf } from '../openapi/examples.ts'
import { readContract, readControlContract } from '../src/package.ts'
import { faultAt } from './contract.ts'

interface Media { readonly example?: unknown, readonly examples?: { readonly [name: string]: { readonly $ref: string } } }

interface Body { readonly required?: boolean, readonly content?: { readonly [type: string]: Media } }

interface Contract {
  readonly paths: { readonly [path: string]: { readonly [method: string]: { readonly requestBody?: Body, readonly responses: { readonly [status: string]: Body } } } }
  readonly components: { readonly examples: { readonly [name: string]: { readonly value: unknown } } }
}

/** The bodies of requests and of 2xx responses, with operation and place in the document. */
function bodiesOf ({ paths }: Contract): Array<{ name: string, place: string[], body: Body }> {
  return Object.entries(paths).flatMap(([path, operations]) => Object.entries(operations).flatMap(([method, { requestBody, responses }]) => {
    const replies = Object.entries(responses).filter(([status]) => status.startsWith('2'))
    return [
      ...requestBody === undefined ? [] : [{ name: `${method} ${path} request`, place: ['paths', path, method, 'requestBody'], body: requestBody }],
      ...replies.map(([status, body]) => ({ name: `${method} ${path} ${status}`, place: ['paths', path, method, 'responses', status], body }))
    ]
  }))
}

t.test('the committed contracts match the routes (npm run openapi)', async t => {
  t.equal(readContract(), await generateContract())
  t.equal(readControlContract(), await generateControlContract())
})

t.test('the contracts have no lint problems', async t => {
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: {
      // Health checks and the document itself reject nothing.
      'operation-4xx-response': 'off',
      // The server has no other origin than its own.
      'no-server-example.com': 'off'
    }
  })
  for (const source of [readContract(), readControlContract()]) {
    const problems = await lintFromString({ source, config })
    t.same(problems.map(({ ruleId, message, location: [where] }) => `${ruleId} at ${where?.pointer}: ${message}`), [])
  }
})

t.test('every operation with a token documents 401', async t => {
  const { paths } = JSON.parse(readContract()) as { paths: Record<string, Record<string, { security: object[], description?: string, responses: Record<string, object> }>> }
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { security, responses }] of Object.entries(operations)) {
      t.equal('401' in responses, security.length > 0, `${method} ${path}`)
    }
  }
})

/** Bodies without an example: files, and the OpenAPI document. */
const WITHOUT_EXAMPLE = [
  'get /openapi.json 200 application/json',
  'get /extractions/results/{resultId}/export/excel 200 application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'get /storage/{namespace}/documents/{documentKey} 200 */*',
  'get /storage/{namespace}/documents/{documentKey} 206 */*',
  'post /extractions/sessions/{sessionId}/documents request multipart/form-data',
  'post /extractions/templates/{templateId}/sessions/batch/export 200 application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'post /extractions/templates/{templateId}/sessions/batch/export 200 text/csv',
  'post /extractions/templates/{templateId}/sessions/batch/export/{format} 200 application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'post /extractions/templates/{templateId}/sessions/batch/export/{format} 200 text/csv',
  'put /storage/{namespace}/tmp/{name} request */*'
]

t.test('every request body and every 2xx response has a valid example', async t => {
  const contract = JSON.parse(readContract()) as Contract
  const missing: string[] = []
  for (const { name, place, body } of bodiesOf(contract)) {
    for (const [type, { example, examples = {} }] of Object.entries(body.content ?? {})) {
      const shared = Object.values(examples).map(({ $ref }) => contract.components.examples[$ref.replace('#/components/examples/', '')]?.value)
      const all = [...example === undefined ? [] : [example], ...shared]
      if (all.length === 0) missing.push(`${name} ${type}`)
      for (const one of all) t.equal(faultAt([...place, 'content', type, 'schema'], one), undefined, `${name}: ${JSON.stringify(one)}`)
    }
  }
  t.same(missing.sort(), [...WITHOUT_EXAMPLE].sort())
})

t.test('a body is required only if one of its fields is', async t => {
  const bodies = bodiesOf(JSON.parse(readContract())).filter(({ name }) => name.endsWith('request'))
  t.same(bodies.filter(({ body }) => body.required === false).map(({ name }) => name.split(' ').slice(0, 2).join(' ')).sort(), [
    'post /extractions/templates/{templateId}/duplicate',
    'post /vapor/signed-storage-url',
    'put /extractions/sessions/{sessionId}',
    'put /extractions/templates/{templateId}',
    'put /storage/{namespace}/tmp/{name}',
    'put /workspaces/{workspaceId}'
  ])
})

t.test('an example is composed of the examples of fields, or missing', async t => {
  const components = { Shop: { examples: [{ name: 'Acme' }] }, Empty: {} }
  t.same(exampleOf({
    required: ['shop'],
    properties: {
      shop: { $ref: '#/components/schemas/Shop' },
      tags: { items: { enum: ['new', 'old'] } },
      count: { anyOf: [{ type: 'integer', default: 0 }, { type: 'null' }] },
      kind: { const: 'receipt' },
      note: { type: 'string' }
    }
  }, components), { shop: { name: 'Acme' }, tags: ['new'], count: 0, kind: 'receipt' })
  t.equal(exampleOf({ required: ['note'], properties: { note: { type: 'string' } } }, components), undefined)
  t.equal(exampleOf({ items: { type: 'string' } }, components), undefined)
  for (const name of ['Empty', 'Missing']) t.equal(exampleOf({ $ref: `#/components/schemas/${name}` }, components), undefined)
})
