import type { ExtractionSchema, FieldOrReference } from '../templates/schema.ts'
import { resolved } from '../templates/schema-links.ts'
import { propertiesOf, type FoundValues } from './label-search/find-values.ts'
import type { FoundValue } from './label-search/label-search.ts'

/** The value of a field, and its parts that were found. */
export interface ComposedValue {
  readonly value: unknown
  /** Each with its path inside of the field. */
  readonly found: ReadonlyArray<{ readonly path: readonly string[], readonly part: FoundValue }>
  /** True if parts of it were not found. */
  readonly isIncomplete: boolean
}

/** Returns a made-up value with the parts that were found in place of those that were made up. */
export function composeValue (
  schema: ExtractionSchema, path: readonly string[], field: FieldOrReference, madeUp: unknown, foundValues: FoundValues
): ComposedValue {
  const properties = propertiesOf(resolved(schema, field))
  if (properties === undefined) {
    const part = foundValues.get(JSON.stringify(path))
    return part === undefined
      ? { value: madeUp, found: [], isIncomplete: true }
      : { value: part.value, found: [{ path: [], part }], isIncomplete: false }
  }
  const parts = Object.entries(properties).map(([name, property]) => {
    return { name, ...composeValue(schema, [...path, name], property, (madeUp as Record<string, unknown>)[name], foundValues) }
  })
  return {
    value: Object.fromEntries(parts.map(({ name, value }) => [name, value])),
    found: parts.flatMap(({ name, found }) => found.map(({ path, part }) => ({ path: [name, ...path], part }))),
    isIncomplete: parts.some(({ isIncomplete }) => isIncomplete)
  }
}
