import type { FastifySchemaCompiler } from 'fastify'
import { OptionalKind, type Static, type TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { TypeCompiler, ValueErrorType, type TypeCheck, type ValueError } from '@sinclair/typebox/compiler'
import { FORMAT_MESSAGES } from './formats.ts'
import { unprocessable, type FieldErrors } from './errors.ts'

/**
 * A schema may bring a check of its own, for what it cannot say itself: a function from a value of its kind to faults, each by
 * the dotted path below it.
 */
export const ISSUES = Symbol('faults')

type IssuesOf = (value: unknown) => ReadonlyArray<readonly [path: string, fault: string]>

/**
 * Bodies and queries are checked against their TypeBox schema: strict about types (no coercion), silent about unknown keys, and every
 * fault is told at once, in Laravel's words. A body that is no object at all is treated as an empty one.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  // Path parameters are looked up, not validated: a malformed id is one that is not found.
  if (httpPart !== 'body' && httpPart !== 'querystring') return () => true
  // Compiled when the first of them comes: all together they would take a tenth of the start.
  let validator: TypeCheck<TSchema> | undefined
  const furtherFaultsIn = furtherIssuesOf(schema)
  return (sent: unknown) => {
    validator ??= TypeCompiler.Compile(schema)
    const value: object = httpPart === 'querystring' ? readQuery(schema, sent as object) : isObject(sent) ? sent : {}
    const further = furtherFaultsIn?.(value) ?? NONE
    if (validator.Check(value) && (further === NONE || Object.keys(further).length === 0)) return { value }
    return { error: unprocessable({ ...fieldErrorsOf(validator.Errors(curtail(schema, value))), ...further }) }
  }
}

/** Shared, since most schemas say all of it themselves. */
const NONE: FieldErrors = {}

/** A query is all text: what is written as a number or a truth value is taken for one. */
function readQuery (schema: TSchema, query: object): object {
  return Object.fromEntries(Object.entries(query).map(([name, text]) => {
    const part: TSchema | undefined = schema.properties[name]
    // 1.5, 1e3 and 0x2 would be taken for integers too.
    const isText = part === undefined || (part.type === 'integer' && !/^-?\d+$/.test(text))
    return [name, isText ? text : Value.Convert(part, text)]
  }))
}

/** What anybody else than a client sends is checked like a body: the value, or a 422 is thrown. */
export function checked<T extends TSchema> (schema: T, value: unknown): Static<T> {
  const outcome = validatorCompiler({ schema, httpPart: 'body', method: '', url: '' })(value)
  if (typeof outcome === 'object' && 'error' in outcome) throw outcome.error
  return value as Static<T>
}

function fieldErrorsOf (faults: Iterable<ValueError>): FieldErrors {
  const errors = new Map<string, string>()
  for (const fault of faults) {
    const path = dotted(fault.path)
    // One message for each field, the first: what is missing is not said to be of the wrong type too.
    if (!errors.has(path)) errors.set(path, `The ${path} field ${messageOf(fault)}`)
  }
  return Object.fromEntries([...errors].map(([path, message]) => [path, [message]]))
}

/** The checks that fields of a body bring of their own, all in one; undefined if there are none. */
function furtherIssuesOf (schema: TSchema): ((value: object) => FieldErrors) | undefined {
  const checks = Object.entries<TSchema & { [ISSUES]?: IssuesOf }>(schema.properties ?? {}).flatMap(([name, { [ISSUES]: faultsOf }]) => faultsOf === undefined ? [] : [{ name, faultsOf }])
  if (checks.length === 0) return undefined
  return value => Object.fromEntries(checks.flatMap(({ name, faultsOf }) => {
    const field = (value as Record<string, unknown>)[name]
    const faults = isObject(field) ? faultsOf(field) : []
    return faults.map(([path, fault]) => [[name, path].filter(part => part !== '').join('.'), fault] as const).map(([path, fault]) => [path, [`The ${path} field ${fault}`]])
  }))
}

/** The body without the far ends of lists that are too long anyway: a million faults are told as one more than allowed. */
function curtail (schema: TSchema, body: object): object {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => {
    const most: unknown = schema.properties?.[name]?.maxItems
    return [name, Array.isArray(value) && typeof most === 'number' ? value.slice(0, most + 1) : value]
  }))
}

function messageOf ({ type, schema, value }: ValueError): string {
  if (isMissing(schema, value)) return 'is required.'
  return MESSAGES.get(type)?.(schema) ?? 'is invalid.'
}

const MESSAGES = new Map<ValueErrorType, (schema: TSchema) => string>([
  [ValueErrorType.Array, () => 'must be an array.'],
  [ValueErrorType.ArrayMinItems, schema => `must have at least ${schema.minItems} items.`],
  [ValueErrorType.ArrayMaxItems, schema => `must not have more than ${schema.maxItems} items.`],
  [ValueErrorType.Boolean, () => 'must be true or false.'],
  [ValueErrorType.Integer, () => 'must be an integer.'],
  [ValueErrorType.Kind, schema => `must be one of ${schema.enum.join(', ')}.`],
  [ValueErrorType.Literal, schema => `must be ${schema.const}.`],
  [ValueErrorType.Number, () => 'must be a number.'],
  [ValueErrorType.ObjectAdditionalProperties, () => 'is not known.'],
  [ValueErrorType.IntegerMinimum, schema => `must be at least ${schema.minimum}.`],
  [ValueErrorType.IntegerMaximum, schema => `must not be greater than ${schema.maximum}.`],
  [ValueErrorType.NumberExclusiveMinimum, schema => `must be greater than ${schema.exclusiveMinimum}.`],
  [ValueErrorType.NumberMaximum, schema => `must not be greater than ${schema.maximum}.`],
  [ValueErrorType.Object, () => 'must be an object.'],
  [ValueErrorType.Union, schema => `must be ${schema.anyOf.map(({ title, type }: TSchema) => title ?? type).join(' or ')}.`],
  [ValueErrorType.String, () => 'must be a string.'],
  [ValueErrorType.StringFormat, schema => String(FORMAT_MESSAGES[schema.format])],
  [ValueErrorType.StringMinLength, schema => `must be at least ${schema.minLength} characters.`],
  [ValueErrorType.StringMaxLength, schema => `must not be greater than ${schema.maxLength} characters.`]
])

/** Laravel's `required`: absent, null, an empty string and an empty list are all the same nothing. */
function isMissing (schema: TSchema, value: unknown): boolean {
  if (schema[OptionalKind] === 'Optional') return false
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

/** `/files/3` -> `files.3` */
function dotted (pointer: string): string {
  return pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')
}

function isObject (value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
