import t from 'tap'
import fc from 'fast-check'
import type { Template } from '../../../src/domain/lifecycle/records.ts'
import { demoTemplate } from '../../../src/config/demo-data.ts'
import { configHashOf, parsingHashOf } from '../../../src/domain/templates/config-hash.ts'

/** Returns a template with this schema and these parsing settings, which need not be valid for a fingerprint. */
function templateOf (schema: object, parsing?: object): Template {
  const settings = parsing === undefined ? {} : { parsing }
  return { ...demoTemplate, schema: schema as Template['schema'], settings: settings as Template['settings'] }
}

/** Returns the value with the keys of all objects reversed. */
function reversed (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reversed(inner)]))
}

t.test('fingerprints are 64 hexadecimal digits, stable across releases', async t => {
  t.equal(configHashOf(templateOf({ groups: {} })), '456666513db6444907cc6bfb1f6c4182a7dbf7137ce2bc6ebcc6e2d9d205b262')
  t.equal(parsingHashOf(templateOf({ groups: {} })), '67182978804d3465d279e2dcb1ffad22d973b396ea7d3c8314d345b258c1dafd')
  t.match(configHashOf(demoTemplate), /^[0-9a-f]{64}$/)
  t.not(configHashOf(demoTemplate), parsingHashOf(demoTemplate))
})

t.test('each fingerprint depends on its own parts of the template only', async t => {
  const { schema } = demoTemplate
  const withSchema = (changes: object): Template => ({ ...demoTemplate, schema: { ...schema, ...changes } })
  const table: Array<[change: string, template: Template, config: boolean, parsing: boolean]> = [
    ['nothing', { ...demoTemplate }, false, false],
    ['the id', { ...demoTemplate, id: 'other' }, false, false],
    ['the name', { ...demoTemplate, name: 'Other' }, false, false],
    ['the description', { ...demoTemplate, description: null }, false, false],
    ['the workspace', { ...demoTemplate, workspaceId: 2 }, false, false],
    ['the times of creation and change', { ...demoTemplate, createdAt: 1, updatedAt: 2 }, false, false],
    ['settings without an effect on parsing', { ...demoTemplate, settings: { ...demoTemplate.settings, colour: 'red' } }, false, false],
    ['absent settings, which have their defaults', { ...demoTemplate, settings: {} }, false, false],
    ['empty parsing settings', { ...demoTemplate, settings: { parsing: {} } }, false, false],
    ['another parsing setting', { ...demoTemplate, settings: { parsing: { contextual_embedding: true } } }, true, true],
    ['an unknown parsing setting', { ...demoTemplate, settings: { parsing: { mode: 'fast' } } }, true, true],
    ['the configuration of the schema', withSchema({ config: { ...schema.config, reasoning_enabled: false } }), true, false],
    ['a group', withSchema({ groups: { ...schema.groups, more: { fields: {} } } }), true, false]
  ]
  for (const [change, template, config, parsing] of table) {
    t.equal(configHashOf(template) !== configHashOf(demoTemplate), config, change)
    t.equal(parsingHashOf(template) !== parsingHashOf(demoTemplate), parsing, change)
  }
})

t.test('the order of keys does not matter', async () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue())
  fc.assert(fc.property(json, json, (schema, parsing) => {
    const [one, other] = [templateOf(schema, parsing), templateOf(reversed(schema) as object, reversed(parsing) as object)]
    return configHashOf(one) === configHashOf(other) && parsingHashOf(one) === parsingHashOf(other)
  }))
})

t.test('schemas or settings that differ in more than the order of keys have different fingerprints', async () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue())
  const textOf = ({ schema, settings }: Template): string =>
    JSON.stringify(sorted({ schema, parsing: { contextual_embedding: false, ...settings.parsing } }))
  fc.assert(fc.property(json, json, json, json, (schema, otherSchema, parsing, otherParsing) => {
    const [one, other] = [templateOf(schema, parsing), templateOf(otherSchema, otherParsing)]
    return (textOf(one) === textOf(other)) === (configHashOf(one) === configHashOf(other))
  }))
})

/** Returns the value with the keys of all objects sorted. */
function sorted (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, inner]) => [key, sorted(inner)])
}
