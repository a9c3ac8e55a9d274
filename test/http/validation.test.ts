import t from 'tap'
import { Type, type TSchema } from '@sinclair/typebox'
import { validatorCompiler } from '../../src/http/validation.ts'

function faultsOf (schema: TSchema, value: unknown): unknown {
  const validate = validatorCompiler({ schema, method: 'POST', url: '/', httpPart: 'body' })
  const { error } = validate(value) as { error?: { errors: object } }
  return error?.errors
}

t.test('bodies are checked without coercion', async t => {
  const schema = Type.Object({ name: Type.String(), count: Type.Optional(Type.Integer()), deep: Type.Optional(Type.Object({ 'a/b~c': Type.Boolean() })) })
  t.equal(faultsOf(schema, { name: 'x' }), undefined)
  t.same(faultsOf(schema, { name: 5, count: '5', deep: { 'a/b~c': 'yes' } }), {
    name: ['The name field must be a string.'],
    count: ['The count field must be an integer.'],
    'deep.a/b~c': ['The deep.a/b~c field must be true or false.']
  })
})

t.test('what is empty is missing only where something is required', async t => {
  const schema = Type.Object({ needed: Type.String({ minLength: 1 }), list: Type.Optional(Type.Array(Type.String(), { minItems: 1 })) })
  t.same(faultsOf(schema, { needed: '', list: [] }), { needed: ['The needed field is required.'], list: ['The list field must have at least 1 items.'] })
})

t.test('every kind of fault has its words, and what has none is invalid all the same', async t => {
  const schema = Type.Object({ n: Type.Number(), few: Type.String({ maxLength: 1 }), odd: Type.Null(), format: Type.String({ format: 'ipv4' }) })
  t.same(faultsOf(schema, { n: 'x', few: 'xx', odd: 1, format: 'x' }), {
    n: ['The n field must be a number.'],
    few: ['The few field must not be greater than 1 characters.'],
    odd: ['The odd field is invalid.'],
    format: ['The format field is invalid.']
  })
})

t.test('path parameters are not checked: they are looked up', async t => {
  const validate = validatorCompiler({ schema: Type.Object({ id: Type.String({ format: 'uuid' }) }), method: 'GET', url: '/', httpPart: 'params' })
  t.equal(validate({ id: 'x' }), true)
})
