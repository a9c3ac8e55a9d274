import { createConfig, lintFromString } from '@redocly/openapi-core'
import t from 'tap'
import { generateContract, generateControlContract } from '../openapi/document.ts'
import { readContract, readControlContract } from '../src/package.ts'

t.test('the committed contracts are those that the routes make; npm run openapi writes them anew', async t => {
  t.equal(readContract(), await generateContract())
  t.equal(readControlContract(), await generateControlContract())
})

t.test('the contracts lint clean', async t => {
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: {
      // Health checks, and the page itself, have nothing to refuse.
      'operation-4xx-response': 'off',
      // A server that is its own origin has no other name for itself.
      'no-server-example.com': 'off'
    }
  })
  for (const source of [readContract(), readControlContract()]) {
    const problems = await lintFromString({ source, config })
    t.same(problems.map(({ ruleId, message, location: [where] }) => `${ruleId} at ${where?.pointer}: ${message}`), [])
  }
})

t.test('every operation says who may call it and how it fails', async t => {
  const { paths } = JSON.parse(readContract()) as { paths: Record<string, Record<string, { security: object[], description?: string, responses: Record<string, object> }>> }
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { security, responses }] of Object.entries(operations)) {
      t.equal('401' in responses, security.length > 0, `${method} ${path}`)
    }
  }
})
