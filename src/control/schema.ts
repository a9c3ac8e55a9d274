import { Type, type TSchema, type TUnsafe, type Static } from '@sinclair/typebox'
import { Ref } from '../http/schema.ts'

/** The body of every error of the control API (RFC 9457), sent as application/problem+json. */
export const ProblemBody = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'What was wrong, and what to send instead.' }),
  errors: Type.Optional(Type.Record(
    Type.String(),
    Type.Array(Type.String()),
    { description: 'Every issue of the body, by the dotted path of the field.' }
  ))
}, { $id: 'Problem', description: 'An error (RFC 9457).' })

/** An instant with milliseconds. */
export const ControlInstant = Type.String({ format: 'date-time', description: 'ISO 8601, UTC.', examples: ['2024-01-15T10:30:00.000Z'] })

export function presentInstant (instant: number): string {
  return new Date(instant).toISOString()
}

export const NamespaceName = Type.String({
  format: 'namespace',
  description: 'Letters, digits and `._-`, 64 at most.',
  examples: ['test-1']
})

export const namespaceParams = Type.Object({ namespace: NamespaceName })

/** Returns the error responses of a route by status; every route has 401 and 403, and every route with a body 400 and 413. */
export function problems<const Status extends keyof typeof DESCRIPTIONS> (
  ...statuses: Status[]
): Record<Status | 401 | 403, TUnsafe<Static<typeof ProblemBody>>> {
  const body = statuses.some(status => status === 415) ? [400, 413] as const : []
  const responses = [401 as const, 403 as const, ...body, ...statuses].map(status => [status, problem(DESCRIPTIONS[status])])
  return Object.fromEntries(responses) as Record<Status | 401 | 403, TUnsafe<Static<typeof ProblemBody>>>
}

/** Returns the object without its undefined properties. */
export function withoutUndefined<T extends object> (object: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const defined = Object.entries(object).filter(([, value]) => value !== undefined)
  return Object.fromEntries(defined) as { [Key in keyof T]?: Exclude<T[Key], undefined> }
}

/** 204, no body. */
export function NoContent (description: string): TUnsafe<undefined> {
  return Type.Unsafe<undefined>(Type.Null({ description }))
}

/** A list of everything there is, as a schema. */
export function List<T extends TSchema> (items: T, description: string): TUnsafe<{ data: Array<Static<T>>, total: number }> {
  const schema = Type.Object({ data: Type.Array(items), total: Type.Integer() }, { description })
  return Type.Unsafe<{ data: Array<Static<T>>, total: number }>(schema)
}

/** Presents a list of everything there is. */
export function listOf<T> (data: T[]): { data: T[], total: number } {
  return { data, total: data.length }
}

function problem (description: string): object {
  return { description, content: { 'application/problem+json': { schema: Ref(ProblemBody) } } }
}

const DESCRIPTIONS = {
  400: 'The body is not JSON.',
  401: 'The control token is missing or wrong.',
  403: 'A browser sent the request for a page of another origin, and the control API has no token.',
  404: 'The resource does not exist.',
  409: 'The command conflicts with the present state.',
  413: 'The body is too large.',
  415: 'The body is of another type than application/json.',
  422: 'The request is not valid.',
  429: 'There are too many already.',
  503: 'The server is closing.'
}
