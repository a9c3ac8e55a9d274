import { Kind, Type, TypeRegistry, type Static, type TSchema, type TUnsafe } from '@sinclair/typebox'
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

export function Uuid (description: string): ReturnType<typeof Type.String> {
  return Type.String({ format: 'uuid', description })
}

export function Nullable<T extends TSchema> (schema: T, description: string): TUnsafe<Static<T> | null> {
  return Type.Unsafe<Static<T> | null>({ ...Type.Union([schema, Type.Null()]), description })
}

/** One of some texts. (TypeBox has no kind for it; a union of literals would make a poor document.) */
export function Enum<const T extends readonly string[]> (values: T, description: string): TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>({ [Kind]: 'Choice', type: 'string', enum: values, description })
}

TypeRegistry.Set<{ readonly enum: readonly unknown[] }>('Choice', (schema, value) => schema.enum.includes(value))

/** 204, no body: what was there is no more. */
export const Gone = Type.Unsafe<undefined>(Type.Null({ description: 'It is gone.' }))

/** A reference to a schema that has an `$id` and was registered with the app: one component of the OpenAPI document. */
export function Ref<T extends TSchema> (schema: T): TUnsafe<Static<T>> {
  return Type.Unsafe<Static<T>>(Type.Ref(`${schema.$id}#`))
}

/** The error responses of a route, by status; 401, 403 and 429 come with a token, 400, 413, 415 and 422 with a body. */
export function errorResponses<const Status extends keyof typeof ERROR_DESCRIPTIONS> (...statuses: Status[]): Record<Status, TUnsafe<ErrorBody>> {
  const responses = statuses.map(status => [status, { ...Ref(ErrorBody), description: ERROR_DESCRIPTIONS[status] }])
  return Object.fromEntries(responses) as Record<Status, TUnsafe<ErrorBody>>
}

export const TOKEN_ERRORS = [401, 403, 429] as const
export const BODY_ERRORS = [400, 413, 415, 422] as const

const ERROR_DESCRIPTIONS = {
  400: 'The body is not JSON.',
  401: 'No, an unknown or a revoked token.',
  403: 'The token lacks the ability.',
  404: 'There is no such thing.',
  413: 'The body is too large.',
  415: 'The body is of another type than application/json.',
  422: 'The body does not validate.',
  429: 'Too many requests, where a limit is set.',
  503: 'Not ready to serve.'
}
