import { OptionalKind, type TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { isRecord, mapValues } from '../domain/extraction/by-group.ts'

/** The schema by which values are read, where it says more than the one by which they are validated. */
export const READ_AS = Symbol('read as')

/** The deepest nesting that PHP reads. */
const PHP_DEPTH = 512

/** Reads a JSON value as Laravel's middleware does: every text is trimmed, and an empty one is null. Keys stay as they are. */
export function readLikeLaravel (value: unknown, depth = PHP_DEPTH): unknown {
  if (typeof value === 'string') return value.trim() || null
  if (depth === 0) return value
  if (Array.isArray(value)) return value.map(item => readLikeLaravel(item, depth - 1))
  return isRecord(value) ? mapValues(value, part => readLikeLaravel(part, depth - 1)) : value
}

/**
 * Reads a value as clients mean it: null for an optional field is as if the field were absent, as for Laravel's `nullable`; an
 * empty array in place of an object that may be empty is such an object, since PHP writes both alike.
 */
export function readBySchema (declared: TSchema, sent: unknown): unknown {
  const schema = (declared as { [READ_AS]?: TSchema })[READ_AS] ?? declared
  const { items } = schema
  const value = isEmptyArray(sent) && mayBeEmpty(schema) ? {} : sent
  if (Array.isArray(value)) return items === undefined ? value : value.map(item => readBySchema(items, item))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).flatMap(([name, part]) => {
    const field = fieldOf(schema, name)
    if (field === undefined) return [[name, part]]
    return part === null && isAbsentIfNull(field) ? [] : [[name, readBySchema(field, part)]]
  }))
}

function isEmptyArray (value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

/** Returns the schema of a field; undefined if the schema does not name it. */
function fieldOf ({ properties = {}, patternProperties = {} }: TSchema, name: string): TSchema | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : Object.values<TSchema>(patternProperties)[0]
}

function mayBeEmpty ({ type, required = [] }: TSchema): boolean {
  return type === 'object' && required.length === 0
}

/** Returns whether null stands for an absent field; where null is a value, it is kept. */
function isAbsentIfNull (schema: TSchema): boolean {
  return schema[OptionalKind] === 'Optional' && !Value.Check(schema, null)
}
