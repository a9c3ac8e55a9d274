import { Kind, Type, TypeRegistry, type SchemaOptions, type Static, type TSchema, type TUnsafe } from '@sinclair/typebox'
import { MAX_FILE_KEY_LENGTH } from '../domain/files/file-key.ts'
import { ErrorBody } from './errors.ts'

/** Formats milliseconds since the epoch as the API does: ISO 8601 in UTC, whole seconds. */
export function isoOf (instant: number): string {
  const second = Math.floor(instant / 1000)
  if (second !== last.second) last = { second, text: `${new Date(second * 1000).toISOString().slice(0, 19)}Z` }
  return last.text
}

/** Caches the last second: most instants of one response fall into the same one. */
let last = { second: 0, text: '1970-01-01T00:00:00Z' }

export const Instant = Type.String({ format: 'date-time', description: 'ISO 8601, UTC.', examples: ['2024-01-15T10:30:00Z'] })

/** Returns the schema with other annotations. */
export function annotated<T extends TSchema> (schema: T, annotations: SchemaOptions): T {
  return { ...schema, ...annotations }
}

/** A schema for the id of a resource; its example is the same everywhere. */
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

/** A schema for a SHA-256 in hexadecimal digits. */
export function Digest (description: string): ReturnType<typeof Type.String> {
  return Type.String({
    minLength: 64,
    maxLength: 64,
    description,
    examples: ['9eeae65063f17f55e1a2c3f4b5d697881726354a5b6c7d8e9f0a1b2c3d4e5f60']
  })
}

export function Nullable<T extends TSchema> (
  schema: T,
  description: string,
  ...examples: Array<Static<T> | null>
): TUnsafe<Static<T> | null> {
  const annotations = { description, ...examples.length === 0 ? {} : { examples } }
  return Type.Unsafe<Static<T> | null>({ ...Type.Union([schema, Type.Null()]), ...annotations })
}

/** A schema for one of several strings. TypeBox has none, and a union of literals makes a poor OpenAPI document. */
export function Enum<const T extends readonly string[]> (
  values: T,
  description: string,
  ...examples: Array<T[number]>
): TUnsafe<T[number]> {
  const annotations = { description, ...examples.length === 0 ? {} : { examples } }
  return Type.Unsafe<T[number]>({ [Kind]: 'Choice', type: 'string', enum: values, ...annotations })
}

TypeRegistry.Set<{ readonly enum: readonly unknown[] }>('Choice', (schema, value) => schema.enum.includes(value))

export const FileKey = Type.String({
  format: 'file-key',
  maxLength: MAX_FILE_KEY_LENGTH,
  description: 'File key: `tmp/` and a name, without `..` or control characters.',
  examples: ['tmp/abc123-invoice.pdf']
})

export const MAX_NAME_LENGTH = 255

/** A schema for the display name of a resource. */
export const Name = Type.String({
  minLength: 1,
  maxLength: MAX_NAME_LENGTH,
  examples: ['Invoices'],
  description: 'Name, at most 255 characters.'
})

/** The schema of a 204 response. */
export const NoContentBody = Type.Unsafe<undefined>(Type.Null({ description: 'No content.' }))

/** A reference to a component of the OpenAPI document: a schema with an `$id` that is registered with the app. */
export function Ref<T extends TSchema> (schema: T): TUnsafe<Static<T>> {
  return Type.Unsafe<Static<T>>(Type.Ref(`${schema.$id}#`))
}

/**
 * Returns the error responses of a route, by status. Routes with a token have 401, 403 and 429, routes with a body 400, 413,
 * 415 and 422. Fastify reads a JSON body, and so may answer 413, for every method but GET.
 */
export function errorResponses<const Status extends keyof typeof ERROR_DESCRIPTIONS> (
  ...statuses: Status[]
): Record<Status, TUnsafe<ErrorBody>> {
  const responses = statuses.map(status => [status, { ...Ref(ErrorBody), description: ERROR_DESCRIPTIONS[status] }])
  return Object.fromEntries(responses) as Record<Status, TUnsafe<ErrorBody>>
}

export const TOKEN_ERRORS = [401, 403, 429] as const
/** The errors of a route that ignores its body. */
export const UNREAD_BODY_ERRORS = [413] as const
export const BODY_ERRORS = [400, 413, 415, 422] as const

const ERROR_DESCRIPTIONS = {
  400: 'The body is not JSON.',
  401: 'The token is missing, unknown or revoked.',
  403: 'The token lacks the ability, or the user lacks the role in the workspace.',
  404: 'The resource was not found.',
  413: 'The body is too large.',
  415: 'The content type of the body is not supported.',
  422: 'The request is invalid.',
  429: 'The rate limit is exceeded.',
  503: 'The server is not ready.',
  507: 'The disk is full; nothing was kept.'
}
