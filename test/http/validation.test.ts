import t from 'tap'
import { Type, type TSchema } from '@sinclair/typebox'
import { readLikeLaravel } from '../../src/http/sent-values.ts'
import { checked, ISSUES, validatorCompiler } from '../../src/http/validation.ts'

function faultsOf (schema: TSchema, value: unknown): unknown {
  const validate = validatorCompiler({ schema, method: 'POST', url: '/', httpPart: 'body' })
  const { error } = validate(value) as { error?: { errors: object } }
  return error?.errors
}

t.test('validates bodies without coercion', async t => {
  const schema = Type.Object({ name: Type.String(), count: Type.Optional(Type.Integer()), deep: Type.Optional(Type.Object({ 'a/b~c': Type.Boolean() })) })
  t.equal(faultsOf(schema, { name: 'x' }), undefined)
  t.same(faultsOf(schema, { name: 5, count: '5', deep: { 'a/b~c': 'yes' } }), {
    name: ['The name field must be a string.'],
    count: ['The count field must be an integer.'],
    'deep.a/b~c': ['The deep.a/b~c field must be true or false.']
  })
})

t.test('empty values are missing only for required fields', async t => {
  const schema = Type.Object({ needed: Type.String({ minLength: 1 }), list: Type.Optional(Type.Array(Type.String(), { minItems: 1 })) })
  t.same(faultsOf(schema, { needed: '', list: [] }), { needed: ['The needed field is required.'], list: ['The list field must have at least 1 items.'] })
})

t.test('every kind of issue has a message, and others are "invalid"', async t => {
  const schema = Type.Object({ n: Type.Number(), few: Type.String({ maxLength: 1 }), odd: Type.Null(), format: Type.String({ format: 'ipv4' }) })
  t.same(faultsOf(schema, { n: 'x', few: 'xx', odd: 1, format: 'x' }), {
    n: ['The n field must be a number.'],
    few: ['The few field must not be greater than 1 characters.'],
    odd: ['The odd field is invalid.'],
    format: ['The format field is invalid.']
  })
})

t.test('a field can have its own check, whose issues are reported with the others', async t => {
  const schema = Type.Object({
    name: Type.String(),
    tree: Type.Object({}, { [ISSUES]: (value: { faults?: Array<[string, string]> }) => value.faults ?? [] })
  })
  t.equal(faultsOf(schema, { name: 'x', tree: {} }), undefined)
  t.same(faultsOf(schema, { name: 5, tree: { faults: [['', 'is bent.'], ['a.b', 'is broken.']] } }), {
    name: ['The name field must be a string.'],
    tree: ['The tree field is bent.'],
    'tree.a.b': ['The tree.a.b field is broken.']
  })
  t.same(faultsOf(schema, { name: 'x', tree: { faults: [['a', 'is broken.']] } }), { 'tree.a': ['The tree.a field is broken.'] })
  for (const tree of ['x', [1], null, 5]) t.notOk(faultsOf(schema, { name: 'x', tree }) === undefined, 'the own check only sees objects')
})

t.test('converts numbers and booleans in a query', async t => {
  const schema = Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1 })), on: Type.Optional(Type.Boolean()), text: Type.Optional(Type.String()) })
  const validate = validatorCompiler({ schema, method: 'GET', url: '/', httpPart: 'querystring' })
  const read = (query: object): unknown => {
    const { value, error } = validate(query) as { value?: object, error?: { errors: object } }
    return value ?? error?.errors
  }
  t.same(read({ page: '2', on: 'true', text: '5', constructor: '1' }), { page: 2, on: true, text: '5', constructor: '1' })
  t.same(read({}), {})
  t.same(read({ page: '0', on: 'perhaps' }), { page: ['The page field must be at least 1.'], on: ['The on field must be true or false.'] })
  for (const page of [' ', '']) t.same(read({ page }), {}, 'an empty parameter is as if absent')
  t.same(read({ page: ' 2 ', text: ' x ' }), { page: 2, text: 'x' })
  for (const page of ['1.5', '1e3', '0x2', ['1', '2']]) t.same(read({ page }), { page: ['The page field must be an integer.'] })
})

t.test('validates input from other sources in the same way', async t => {
  const schema = Type.Object({ name: Type.String() })
  t.same(checked(schema, { name: 'x' }), { name: 'x' })
  t.throws(() => checked(schema, { name: 5 }), { statusCode: 422, message: 'The name field must be a string.' })
})

t.test('does not validate path parameters', async t => {
  const validate = validatorCompiler({ schema: Type.Object({ id: Type.String({ format: 'uuid' }) }), method: 'GET', url: '/', httpPart: 'params' })
  t.equal(validate({ id: 'x' }), true)
})

t.test('null for an optional field is as if it were absent, unless null is a value', async t => {
  const inner = Type.Object({ flag: Type.Optional(Type.Boolean()), needed: Type.String() })
  const schema = Type.Object({
    name: Type.Optional(Type.String()),
    icon: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    any: Type.Optional(Type.Unknown()),
    inner: Type.Optional(inner),
    list: Type.Optional(Type.Array(inner)),
    map: Type.Optional(Type.Record(Type.String(), inner))
  })
  const odd = { flag: null, needed: 'x', other: null }
  const even = { needed: 'x', other: null }
  t.same(
    checked(schema, { name: null, icon: null, any: null, inner: odd, list: [odd], map: { constructor: odd }, unknown: null }),
    { icon: null, any: null, inner: even, list: [even], map: { constructor: even }, unknown: null }
  )
  t.same(faultsOf(schema, { inner: { needed: null }, list: [null] }), {
    'inner.needed': ['The inner.needed field is required.'],
    'list.0': ['The list.0 field is required.']
  })
})

t.test('an empty array is an empty object where one may be empty', async t => {
  const schema = Type.Object({
    settings: Type.Optional(Type.Object({ parsing: Type.Optional(Type.Object({})) })),
    map: Type.Record(Type.String(), Type.Object({})),
    full: Type.Optional(Type.Object({ needed: Type.String() })),
    any: Type.Optional(Type.Unknown())
  })
  t.strictSame(checked(schema, { settings: [], map: [], any: [] }), { settings: {}, map: {}, any: [] })
  t.strictSame(checked(schema, { settings: { parsing: [] }, map: { x: [] } }), { settings: { parsing: {} }, map: { x: {} } })
  t.same(faultsOf(schema, { settings: [1], map: { x: [{}] }, full: [] }), {
    settings: ['The settings field must be an object.'],
    'map.x': ['The map.x field must be an object.'],
    full: ['The full field must be an object.']
  })
})

t.test('texts are trimmed as Laravel does, and an empty one is null', async t => {
  t.strictSame(
    readLikeLaravel({ ' key ': '  Trim me\u00a0', blank: ' \t\r\n', list: [' a', '', 5, true, null], inner: { deep: [{ x: 'x ' }] } }),
    { ' key ': 'Trim me', blank: null, list: ['a', null, 5, true, null], inner: { deep: [{ x: 'x' }] } }
  )
  const nested = JSON.parse(`${'['.repeat(100_000)}" x "${']'.repeat(100_000)}`)
  t.equal(readLikeLaravel(nested) === undefined, false, 'a value may be nested as deeply as it likes')
})
