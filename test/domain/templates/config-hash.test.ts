import t from 'tap'
import fc from 'fast-check'
import type { Template } from '../../../src/domain/lifecycle/records.ts'
import { demoTemplate } from '../../../src/demo.ts'
import { configHashOf, parsingHashOf } from '../../../src/domain/templates/config-hash.ts'

/** A template with a schema and parsing settings; anything can stand there as far as fingerprints go. */
function templateOf (schema: object, parsing?: object): Template {
  return { ...demoTemplate, schema: schema as Template['schema'], settings: parsing === undefined ? {} : { parsing } as Template['settings'] }
}

/** The same with the keys of all objects in another order. */
function turned (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, turned(inner)]))
}

t.test('fingerprints are 64 hexadecimal digits, the same for good', async t => {
  t.equal(configHashOf(templateOf({ groups: {} })), '456666513db6444907cc6bfb1f6c4182a7dbf7137ce2bc6ebcc6e2d9d205b262')
  t.equal(parsingHashOf(templateOf({ groups: {} })), '67182978804d3465d279e2dcb1ffad22d973b396ea7d3c8314d345b258c1dafd')
  t.match(configHashOf(demoTemplate), /^[0-9a-f]{64}$/)
  t.not(configHashOf(demoTemplate), parsingHashOf(demoTemplate))
})

t.test('each changes with what it depends on, and with nothing else', async t => {
  const { schema } = demoTemplate
  const table: Array<[what: string, template: Template, config: boolean, parsing: boolean]> = [
    ['nothing', { ...demoTemplate }, false, false],
    ['the id', { ...demoTemplate, id: 'other' }, false, false],
    ['the name', { ...demoTemplate, name: 'Other' }, false, false],
    ['the description', { ...demoTemplate, description: null }, false, false],
    ['the workspace', { ...demoTemplate, workspaceId: 2 }, false, false],
    ['when it was made or changed', { ...demoTemplate, createdAt: 1, updatedAt: 2 }, false, false],
    ['settings of another kind', { ...demoTemplate, settings: { ...demoTemplate.settings, colour: 'red' } }, false, false],
    ['settings that are left out, and so as by default', { ...demoTemplate, settings: {} }, false, false],
    ['parsing settings that are empty', { ...demoTemplate, settings: { parsing: {} } }, false, false],
    ['another parsing setting', { ...demoTemplate, settings: { parsing: { contextual_embedding: true } } }, true, true],
    ['an unknown parsing setting', { ...demoTemplate, settings: { parsing: { mode: 'fast' } } }, true, true],
    ['the configuration of the schema', { ...demoTemplate, schema: { ...schema, config: { ...schema.config, reasoning_enabled: false } } }, true, false],
    ['a group', { ...demoTemplate, schema: { ...schema, groups: { ...schema.groups, more: { fields: {} } } } }, true, false]
  ]
  for (const [what, template, config, parsing] of table) {
    t.equal(configHashOf(template) !== configHashOf(demoTemplate), config, what)
    t.equal(parsingHashOf(template) !== parsingHashOf(demoTemplate), parsing, what)
  }
})

t.test('the order of keys is nothing, whatever the schema and the settings', async () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue())
  fc.assert(fc.property(json, json, (schema, parsing) => {
    const [one, other] = [templateOf(schema, parsing), templateOf(turned(schema) as object, turned(parsing) as object)]
    return configHashOf(one) === configHashOf(other) && parsingHashOf(one) === parsingHashOf(other)
  }))
})

t.test('two schemas or settings that differ in more than that have different fingerprints', async () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue())
  const textOf = (template: Template): string => JSON.stringify(sorted({ schema: template.schema, parsing: { contextual_embedding: false, ...template.settings.parsing } }))
  fc.assert(fc.property(json, json, json, json, (schema, otherSchema, parsing, otherParsing) => {
    const [one, other] = [templateOf(schema, parsing), templateOf(otherSchema, otherParsing)]
    return (textOf(one) === textOf(other)) === (configHashOf(one) === configHashOf(other))
  }))
})

/** The same with all keys in order. */
function sorted (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, inner]) => [key, sorted(inner)])
}
