import type { FastifySchemaCompiler } from 'fastify'
import { OptionalKind, type Static, type TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { TypeCompiler, ValueErrorType, type TypeCheck, type ValueError } from '@sinclair/typebox/compiler'
import { isRecord } from '../domain/extraction/by-group.ts'
import { FORMAT_MESSAGES } from './formats.ts'
import { unprocessable, type FieldErrors } from './errors.ts'
import { readBySchema, readLikeLaravel } from './sent-values.ts'

/**
 * A schema's own check, for rules that TypeBox cannot express: a function that returns the issues of a value, each with the
 * dotted path below the value.
 */
export const ISSUES = Symbol('issues')

type IssuesOf = (value: unknown) => ReadonlyArray<readonly [path: string, issue: string]>

/**
 * Validates bodies and queries against their TypeBox schema: strict about types (no coercion), silent about unknown keys. Reports
 * every issue at once, in Laravel's words. A body that is not an object is treated as an empty one. The value that handlers see is
 * the one that `readBySchema` returns.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  // Path parameters are not validated: a malformed id answers 404, like an unknown one.
  if (httpPart !== 'body' && httpPart !== 'querystring') return () => true
  // Compiled at the first request: compiling all schemas would take a tenth of the start-up time.
  let validator: TypeCheck<TSchema> | undefined
  const ownIssuesIn = ownIssuesOf(schema)
  return (sent: unknown) => {
    validator ??= TypeCompiler.Compile(schema)
    const written = httpPart === 'querystring' ? readQuery(schema, sent as object) : isRecord(sent) ? sent : {}
    const value = readBySchema(schema, written) as object
    const ownIssues = ownIssuesIn?.(value) ?? NONE
    if (validator.Check(value) && (ownIssues === NONE || Object.keys(ownIssues).length === 0)) return { value }
    return { error: unprocessable({ ...fieldErrorsOf(validator.Errors(truncateLists(schema, value))), ...ownIssues }) }
  }
}

/** Shared, since most schemas have no own check. */
const NONE: FieldErrors = {}

/** Converts the text of a query to the numbers and booleans that the schema expects. */
function readQuery (schema: TSchema, query: object): object {
  return Object.fromEntries(Object.entries(readLikeLaravel(query) as object).map(([name, text]) => {
    const part: TSchema | undefined = schema.properties[name]
    // TypeBox would convert 1.5, 1e3 and 0x2 to integers too.
    const isText = part === undefined || (part.type === 'integer' && !/^-?\d+$/.test(text))
    return [name, isText ? text : Value.Convert(part, text)]
  }))
}

/** Validates a value like a body and returns it as it was read. Throws a 422. */
export function checked<T extends TSchema> (schema: T, sent: unknown): Static<T> {
  const validate = validatorCompiler({ schema, httpPart: 'body', method: '', url: '' })
  const { value, error } = validate(sent) as { value?: Static<T>, error?: Error }
  if (error !== undefined) throw error
  return value as Static<T>
}

function fieldErrorsOf (valueErrors: Iterable<ValueError>): FieldErrors {
  const errors = new Map<string, string>()
  for (const valueError of valueErrors) {
    const path = dotted(valueError.path)
    // Only the first message of a field: a missing one also has the wrong type.
    if (!errors.has(path)) errors.set(path, `The ${path} field ${messageOf(valueError)}`)
  }
  return Object.fromEntries([...errors].map(([path, message]) => [path, [message]]))
}

/** Combines the own checks of a body's fields; undefined if there are none. */
function ownIssuesOf (schema: TSchema): ((value: object) => FieldErrors) | undefined {
  const properties = Object.entries<TSchema & { [ISSUES]?: IssuesOf }>(schema.properties ?? {})
  const checks = properties.flatMap(([name, { [ISSUES]: issuesOf }]) => issuesOf === undefined ? [] : [{ name, issuesOf }])
  if (checks.length === 0) return undefined
  return value => Object.fromEntries(checks.flatMap(({ name, issuesOf }) => {
    const field = (value as Record<string, unknown>)[name]
    const issues = isRecord(field) ? issuesOf(field) : []
    return issues.map(([inner, issue]) => {
      const path = inner === '' ? name : `${name}.${inner}`
      return [path, [`The ${path} field ${issue}`]]
    })
  }))
}

/** Cuts each list to one item more than allowed, so that a list of a million invalid items does not give a million issues. */
function truncateLists (schema: TSchema, body: object): object {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => {
    const maxItems: unknown = schema.properties?.[name]?.maxItems
    return [name, Array.isArray(value) && typeof maxItems === 'number' ? value.slice(0, maxItems + 1) : value]
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

/** Implements Laravel's `required`: absent, null, an empty string and an empty list all count as missing. */
function isMissing (schema: TSchema, value: unknown): boolean {
  if (schema[OptionalKind] === 'Optional') return false
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

/** Converts a JSON pointer to a dotted path: `/files/3` to `files.3`. */
function dotted (pointer: string): string {
  return pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')
}
