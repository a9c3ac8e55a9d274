import { Kind, Type, TypeRegistry, type SchemaOptions, type Static, type TSchema, type TUnsafe } from '@sinclair/typebox'
import { MAX_FILE_KEY_LENGTH } from '../domain/files/file-key.ts'
import { ErrorBody } from './errors.ts'

/** An instant as the API writes it: ISO 8601 in UTC, whole seconds. */
export function isoOf (instant: number): string {
  const second = Math.floor(instant / 1000)
  if (second !== last.second) last = { second, text: `${new Date(second * 1000).toISOString().slice(0, 19)}Z` }
  return last.text
}

/** Of many instants that are written one after another, most lie in one second. */
let last = { second: 0, text: '1970-01-01T00:00:00Z' }

export const Instant = Type.String({ format: 'date-time', description: 'ISO 8601, UTC.', examples: ['2024-01-15T10:30:00Z'] })

/** The same schema with other words about it. */
export function annotated<T extends TSchema> (schema: T, annotations: SchemaOptions): T {
  return { ...schema, ...annotations }
}

/** The id of a thing of some kind; examples have one for each. */
export function Uuid (kind: keyof typeof EXAMPLE_IDS, description = `The ${kind}.`): ReturnType<typeof Type.String> {
  return Type.String({ format: 'uuid', description, examples: [EXAMPLE_IDS[kind]] })
}

const EXAMPLE_IDS = {
  template: '550e8400-e29b-41d4-a716-446655440000',
  session: '770e8400-e29b-41d4-a716-446655440001',
  document: '6fa459ea-ee8a-4ca4-894e-db77e160355e',
  parsing: '16fd2706-8baf-433b-82eb-8c7fada847da',
  result: '886313e1-3b8a-4372-9b90-0c9aee199e5d',
  chunk: '1ec5e1d4-0b1f-4c0e-9d5a-2f6e1c7b8a90',
  upload: '5f0c7c1e-8d0b-4e57-9d53-3f1f2a6a0b1c'
}

/** A SHA-256 in hexadecimal digits. */
export function Digest (description: string): ReturnType<typeof Type.String> {
  return Type.String({ minLength: 64, maxLength: 64, description, examples: ['9eeae65063f17f55e1a2c3f4b5d697881726354a5b6c7d8e9f0a1b2c3d4e5f60'] })
}

export function Nullable<T extends TSchema> (schema: T, description: string, ...examples: Array<Static<T> | null>): TUnsafe<Static<T> | null> {
  return Type.Unsafe<Static<T> | null>({ ...Type.Union([schema, Type.Null()]), description, ...examples.length === 0 ? {} : { examples } })
}

/** One of some texts. (TypeBox has no kind for it; a union of literals would make a poor document.) */
export function Enum<const T extends readonly string[]> (values: T, description: string, ...examples: Array<T[number]>): TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>({ [Kind]: 'Choice', type: 'string', enum: values, description, ...examples.length === 0 ? {} : { examples } })
}

TypeRegistry.Set<{ readonly enum: readonly unknown[] }>('Choice', (schema, value) => schema.enum.includes(value))

export const FileKey = Type.String({
  format: 'file-key',
  maxLength: MAX_FILE_KEY_LENGTH,
  description: '`tmp/` and a name, without `..` or control characters.',
  examples: ['tmp/abc123-invoice.pdf']
})

export const MAX_NAME_LENGTH = 255

/** What people call a thing. */
export const Name = Type.String({ minLength: 1, maxLength: MAX_NAME_LENGTH, examples: ['Invoices'], description: 'At most 255 characters.' })

/** 204, no body: what was there is no more. */
export const NoContentBody = Type.Unsafe<undefined>(Type.Null({ description: 'It is gone.' }))

/** A reference to a schema that has an `$id` and was registered with the app: one component of the OpenAPI document. */
export function Ref<T extends TSchema> (schema: T): TUnsafe<Static<T>> {
  return Type.Unsafe<Static<T>>(Type.Ref(`${schema.$id}#`))
}

/** The error responses of a route, by status; 401, 403 and 429 come with a token, 400, 413, 415 and 422 with a body, the first three of these with any method but GET. */
export function errorResponses<const Status extends keyof typeof ERROR_DESCRIPTIONS> (...statuses: Status[]): Record<Status, TUnsafe<ErrorBody>> {
  const responses = statuses.map(status => [status, { ...Ref(ErrorBody), description: ERROR_DESCRIPTIONS[status] }])
  return Object.fromEntries(responses) as Record<Status, TUnsafe<ErrorBody>>
}

export const TOKEN_ERRORS = [401, 403, 429] as const
/** What may be wrong with a body that is not even looked at. */
export const UNREAD_BODY_ERRORS = [400, 413, 415] as const
export const BODY_ERRORS = [...UNREAD_BODY_ERRORS, 422] as const

const ERROR_DESCRIPTIONS = {
  400: 'The body is not JSON.',
  401: 'No, an unknown or a revoked token.',
  403: 'The token lacks the ability, or its user the role in the workspace.',
  404: 'There is no such thing.',
  413: 'The body is too large.',
  415: 'The body is of another type than application/json.',
  422: 'The body does not validate.',
  429: 'Too many requests, where a limit is set.',
  503: 'Not ready to serve.'
}
