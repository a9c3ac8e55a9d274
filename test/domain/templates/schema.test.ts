import t from 'tap'
import fc from 'fast-check'
import { demoTemplate } from '../../../src/config/demo-data.ts'
import { extract } from '../../../src/domain/extraction/extraction.ts'
import { isReasoningEnabled, titlePromptOf, type ExtractionSchema } from '../../../src/domain/templates/schema.ts'
import { schemaIssues } from '../../../src/domain/templates/schema-issues.ts'
import { resolved, targetOf } from '../../../src/domain/templates/schema-links.ts'

/** Returns a schema with one group of these fields. */
function withFields (fields: unknown, more: object = {}): object {
  return { groups: { g: { fields } }, ...more }
}

/** Returns a field of `depth` nested objects, the innermost a string. */
function nested (depth: number): object {
  return depth === 1 ? { type: 'string' } : { type: 'object', properties: { p: nested(depth - 1) } }
}

t.test('a schema after the grammar has no issues, with unknown keys or without', async t => {
  const schemas = [
    demoTemplate.schema,
    { groups: {} },
    { config: {}, definitions: {}, groups: { empty: { fields: {} } } },
    {
      config: { system_message: 'Be brief.', reasoning_enabled: true, extraction_title_prompt: null, model: [1] },
      definitions: {
        address: { type: 'object', properties: { street: { type: 'string', required: true }, country: { $ref: '#/definitions/country' } } },
        country: { type: 'enum', enum: ['FR', 1, true, null] }
      },
      groups: {
        companies: {
          search_query: 'companies',
          extraction_prompt: 'All of them.',
          fields: {
            list: { type: 'array', items: { $ref: '#/definitions/address', extraction_prompt: 'Where it is.' }, description: 'x' },
            more: { $ref: '#/definitions/country' }
          }
        },
        company: {
          config: { iterates_on: 'companies.list', other: 1 },
          more: {},
          fields: { staff: { type: 'unknown' }, list: { type: 'array' } }
        },
        'a.b': { config: { iterates_on: 'company.list' }, fields: { 'c.d': { type: 'array' } } },
        last: { config: { iterates_on: 'a.b.c.d' }, fields: {} }
      }
    },
    JSON.parse(`{
      "definitions": {"__proto__": {"type": "string"}},
      "groups": {"__proto__": {"fields": {"constructor": {"$ref": "#/definitions/__proto__"}, "toString": {"type": "string"}}}}
    }`),
    withFields({ deep: nested(20) }),
    withFields(Object.fromEntries(Array.from({ length: 999 }, (_, index) => [`f${index}`, { type: 'string' }])))
  ]
  for (const schema of schemas) t.same(schemaIssues(schema), [])
})

t.test('names every value of the wrong type by its path', async t => {
  for (const schema of [null, undefined, 5, 'x', true, []]) t.same(schemaIssues(schema), [['', 'must be an object.']])
  t.same(schemaIssues({}), [['groups', 'is required.']])
  t.same(schemaIssues({ groups: null }), [['groups', 'is required.']])
  t.same(schemaIssues({
    config: { system_message: 1, reasoning_enabled: 'yes', extraction_title_prompt: false },
    definitions: { x: null, y: { type: 1 } },
    groups: {
      none: {},
      odd: 'x',
      list: [],
      mixed: {
        config: { iterates_on: 7 },
        search_query: null,
        extraction_prompt: {},
        fields: {
          untyped: {},
          typed: { type: ['string'], extraction_prompt: 1, description: null },
          choice: { type: 'enum' },
          choices: { type: 'string', enum: 'a' },
          noChoice: { type: 'string', enum: [] },
          oddChoice: { type: 'string', enum: ['a', ['b'], {}] },
          list: { type: 'array', items: 'string' },
          object: { type: 'object', properties: { inner: { type: 'array', items: { properties: [] } } } },
          reference: { $ref: 1, type: null }
        }
      },
      noFields: { config: 1, fields: 5 }
    }
  }), [
    ['config.system_message', 'must be a string or null.'],
    ['config.reasoning_enabled', 'must be true or false.'],
    ['config.extraction_title_prompt', 'must be a string or null.'],
    ['definitions.x', 'must be an object.'],
    ['definitions.y.type', 'must be a string.'],
    ['groups.none.fields', 'is required.'],
    ['groups.odd', 'must be an object.'],
    ['groups.list', 'must be an object.'],
    ['groups.mixed.config.iterates_on', 'must be a string.'],
    ['groups.mixed.search_query', 'must be a string.'],
    ['groups.mixed.extraction_prompt', 'must be a string.'],
    ['groups.mixed.fields.untyped.type', 'is required.'],
    ['groups.mixed.fields.typed.type', 'must be a string.'],
    ['groups.mixed.fields.typed.extraction_prompt', 'must be a string.'],
    ['groups.mixed.fields.typed.description', 'must be a string.'],
    ['groups.mixed.fields.choice.enum', 'is required.'],
    ['groups.mixed.fields.choices.enum', 'must be an array.'],
    ['groups.mixed.fields.noChoice.enum', 'is required.'],
    ['groups.mixed.fields.oddChoice.enum.1', 'must be a string, a number, true, false or null.'],
    ['groups.mixed.fields.list.items', 'must be an object.'],
    ['groups.mixed.fields.object.properties.inner.items.type', 'is required.'],
    ['groups.mixed.fields.object.properties.inner.items.properties', 'must be an object.'],
    ['groups.mixed.fields.reference.$ref', 'must be a string.'],
    ['groups.mixed.fields.reference.type', 'must be a string.'],
    ['groups.noFields.config', 'must be an object.'],
    ['groups.noFields.fields', 'must be an object.']
  ])
})

t.test('rejects dangling and circular references', async t => {
  const dangling = { a: { $ref: '#/definitions/none' }, b: { $ref: 'x' }, c: { type: 'array', items: { $ref: '#/definitions/toString' } } }
  t.same(schemaIssues(withFields(dangling, { definitions: { x: { $ref: '' } } })), [
    ['definitions.x.$ref', 'must be #/definitions/ and the name of a definition.'],
    ['groups.g.fields.a.$ref', 'must be #/definitions/ and the name of a definition.'],
    ['groups.g.fields.b.$ref', 'must be #/definitions/ and the name of a definition.'],
    ['groups.g.fields.c.items.$ref', 'must be #/definitions/ and the name of a definition.']
  ])
  t.same(schemaIssues(withFields({}, {
    definitions: {
      self: { $ref: '#/definitions/self' },
      there: { type: 'object', properties: { x: { $ref: '#/definitions/back' } } },
      back: { type: 'array', items: { $ref: '#/definitions/there' } },
      into: { $ref: '#/definitions/there' }
    }
  })), [
    ['definitions.self', 'must not contain itself.'],
    ['definitions.there', 'must not contain itself.'],
    ['definitions.back', 'must not contain itself.']
  ])
})

t.test('a group iterates on an array of another group, never on one that depends on itself', async t => {
  const group = (iteratesOn: string, type = 'array'): object => ({ config: { iterates_on: iteratesOn }, fields: { list: { type } } })
  t.same(schemaIssues({
    groups: {
      none: group('nowhere.list'),
      noField: group('text.toString'),
      text: group('plain.list', 'string'),
      noArray: group('text.list'),
      dot: group('plain'),
      plain: { fields: { list: { type: 'array' } } }
    }
  }), [
    ['groups.none.config.iterates_on', 'must be the group.field of an array.'],
    ['groups.noField.config.iterates_on', 'must be the group.field of an array.'],
    ['groups.noArray.config.iterates_on', 'must be the group.field of an array.'],
    ['groups.dot.config.iterates_on', 'must be the group.field of an array.']
  ])
  t.same(schemaIssues({ groups: { self: group('self.list'), a: group('b.list'), b: group('a.list'), into: group('a.list') } }), [
    ['groups.self.config.iterates_on', 'must not depend on the group itself.'],
    ['groups.a.config.iterates_on', 'must not depend on the group itself.'],
    ['groups.b.config.iterates_on', 'must not depend on the group itself.']
  ])
})

t.test('rejects a schema that is too large or nested too deeply', async t => {
  const tooMany = [['groups', 'must not have more than 1,000 fields in total; a definition counts wherever it is used.']]
  const many = (length: number, value: object): object => Object.fromEntries(Array.from({ length }, (_, index) => [`n${index}`, value]))
  t.same(schemaIssues(withFields(many(1_000, { type: 1 }))), tooMany)
  t.same(schemaIssues({ groups: many(1_001, { fields: {} }) }), tooMany)
  const doubled = Object.fromEntries(Array.from({ length: 15 }, (_, index) => {
    const twice = { type: 'object', properties: many(2, { $ref: `#/definitions/d${index - 1}` }) }
    return [`d${index}`, index === 0 ? { type: 'string' } : twice]
  }))
  const tooDeep = 'must not be nested more than 20 levels deep.'
  t.same(schemaIssues(withFields({ a: { $ref: '#/definitions/d5' } }, { definitions: doubled })), [])
  t.same(schemaIssues(withFields({ a: { $ref: '#/definitions/d14' } }, { definitions: doubled })), tooMany)
  t.same(schemaIssues(withFields({ a: nested(21) })), [[`groups.g.fields.a${'.properties.p'.repeat(20)}`, tooDeep]])
  const arrayOfDeep = { type: 'array', items: { $ref: '#/definitions/deep' } }
  t.same(schemaIssues(withFields({ a: arrayOfDeep }, { definitions: { deep: nested(20) } })), [['groups.g.fields.a', tooDeep]])
  const deepArray = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000))
  t.same(schemaIssues(withFields({ a: { type: 'string', more: deepArray } })), [['', 'must not be nested more than 100 levels deep.']])
  const manyChoices = { type: 'string', enum: Array(1_001).fill('x') }
  t.same(schemaIssues(withFields({ a: manyChoices })), [['groups.g.fields.a.enum', 'must not have more than 1,000 items.']])
  t.same(schemaIssues(withFields({ ['x'.repeat(256)]: 5 })), [['groups.g.fields', 'must not have names of more than 255 characters.']])
})

t.test('resolves a reference to its definition, with the prompts beside the reference', async t => {
  const schema: ExtractionSchema = {
    definitions: { a: { $ref: '#/definitions/b', description: 'A.' }, b: { type: 'number', extraction_prompt: 'B?', description: 'B.' } },
    groups: {}
  }
  t.same(resolved(schema, { type: 'date' }), { type: 'date' })
  t.match(resolved(schema, { type: 'date', $ref: undefined } as never), { type: 'date' })
  t.same(resolved(schema, { $ref: '#/definitions/b' }), { type: 'number', extraction_prompt: 'B?', description: 'B.' })
  t.same(resolved(schema, { $ref: '#/definitions/a', extraction_prompt: 'A?' }), {
    type: 'number', extraction_prompt: 'A?', description: 'A.'
  })
  const dangling = new Error('assertion failed: an accepted schema has no dangling references')
  t.throws(() => resolved(schema, { $ref: '#/definitions/none' }), dangling)
})

t.test('splits a dotted path into group and field, even if their names contain dots', async t => {
  const schema: ExtractionSchema = {
    groups: { a: { fields: { 'b.c': { type: 'array' } } }, 'a.b': { fields: { d: { type: 'array' } } } }
  }
  t.match(targetOf(schema, 'a.b.c'), { group: 'a', field: 'b.c' })
  t.match(targetOf(schema, 'a.b.d'), { group: 'a.b', field: 'd' })
  t.equal(targetOf(schema, 'a.b'), undefined)
})

t.test('reads the settings for reasoning and title', async t => {
  t.equal(isReasoningEnabled({ groups: {} }), false)
  t.equal(isReasoningEnabled({ config: { reasoning_enabled: true }, groups: {} }), true)
  t.equal(titlePromptOf({ groups: {} }), null)
  t.equal(titlePromptOf({ config: { extraction_title_prompt: null }, groups: {} }), null)
  t.equal(titlePromptOf({ config: { extraction_title_prompt: ' ' }, groups: {} }), null)
  t.equal(titlePromptOf({ config: { extraction_title_prompt: 'Which one it is.' }, groups: {} }), 'Which one it is.')
})

const unusual = ['__proto__', 'constructor', 'toString', 'a.b', '']
const name = fc.oneof(fc.constantFrom('total', 'date', 'list', 'g', ...unusual), fc.string({ maxLength: 8 }))
const type = fc.constantFrom('string', 'number', 'integer', 'boolean', 'date', 'array', 'object', 'enum', 'other')
const { field } = fc.letrec(tie => ({
  field: fc.oneof({ depthSize: 'small' },
    type.map(type => ({ type, ...type === 'enum' ? { enum: ['open', 1, null] } : {} })),
    fc.constantFrom('d', 'e').map(name => ({ $ref: `#/definitions/${name}` })),
    fc.record({ type: fc.constant('object'), properties: fc.dictionary(name, tie('field'), { maxKeys: 3 }) }),
    fc.record({ type: fc.constant('array'), items: tie('field') })
  )
}))
const group = fc.record({
  config: fc.record({ iterates_on: fc.constantFrom('g.list', 'list.g', 'a.b.list') }, { requiredKeys: [] }),
  fields: fc.dictionary(name, field, { maxKeys: 5 })
}, { requiredKeys: ['fields'] })
const schema = fc.record({
  config: fc.record({ reasoning_enabled: fc.boolean() }, { requiredKeys: [] }),
  definitions: fc.record({ d: field, e: field }),
  groups: fc.dictionary(name, group, { maxKeys: 5 })
})

t.test('any JSON value is accepted or has issues', async () => {
  const almost = fc.record({ config: fc.jsonValue(), definitions: fc.jsonValue(), groups: fc.dictionary(name, fc.jsonValue()) })
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), almost, schema), value => {
    for (const [path, message] of schemaIssues(value)) if (typeof path !== 'string' || !message.endsWith('.')) return false
    return true
  }))
})

/** Returns the names of the groups and fields in a result or a schema. */
function namesIn (groups: object): unknown {
  return Object.entries(groups).map(([group, entries]) => [group, [entries].flat().map(entry => Object.keys(entry))])
}

t.test('an extraction with an accepted schema yields exactly its groups and fields', async t => {
  await fc.assert(fc.asyncProperty(schema, fc.string(), async (schema, text) => {
    fc.pre(schemaIssues(schema).length === 0)
    const pages = [[{ type: 'paragraph' as const, content: `${text}\nTotal: 5 list: a, b\ng: ${text}` }]]
    for (const content of [{ pages: null }, { pages }]) {
      const document = { id: 'd', sha256: 'ab', pageCount: 1, ...content }
      const { data, audit } = await extract('1', { id: 't', schema: schema as ExtractionSchema }, [document])
      const expected = Object.entries(schema.groups).map(([group, { config, fields }]) => {
        // The number of items is random.
        return [group, config?.iterates_on === undefined ? fields : [data[group]].flat().map(() => fields)]
      })
      const names = JSON.stringify(namesIn(Object.fromEntries(expected)))
      t.strictSame([namesIn(data), namesIn(audit)].map(names => JSON.stringify(names)), [names, names])
    }
  }), { numRuns: 50 })
})
