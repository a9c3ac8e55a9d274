import t from 'tap'
import { Type, type TSchema } from '@sinclair/typebox'
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
  for (const tree of ['x', [], null, 5]) t.notOk(faultsOf(schema, { name: 'x', tree }) === undefined, 'the own check only sees objects')
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
  for (const page of ['1.5', '1e3', '0x2', '', ['1', '2']]) t.same(read({ page }), { page: ['The page field must be an integer.'] })
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
