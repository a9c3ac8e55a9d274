import type { Block } from '../../files/extracted-text.ts'
import type { ExtractionSchema, Field, FieldOrReference } from '../../templates/schema.ts'
import { resolved } from '../../templates/schema-links.ts'
import { createLabelSearch, type FieldQuery, type FoundValue, type LabelSearch } from './label-search.ts'

/** The values that were found, by the JSON text of their path: the names of group and field, and of properties inside of it. */
export type FoundValues = ReadonlyMap<string, FoundValue>

/**
 * Finds values for the fields of a schema, and for the properties inside of them, in the pages of documents: a value is found
 * if it is printed next to a label of its field and is of the field's type. In doubt a value is not found.
 */
export function findValues (schema: ExtractionSchema, documents: ReadonlyArray<ReadonlyArray<readonly Block[]>>): FoundValues {
  const find = SEARCHES.get(schema) ?? searchFor(schema)
  SEARCHES.set(schema, find)
  return new Map([...find(documents)].map(([{ path }, found]) => [JSON.stringify(path), found]))
}

/** Searches are prepared once for each schema. */
const SEARCHES = new WeakMap<ExtractionSchema, LabelSearch>()

function searchFor (schema: ExtractionSchema): LabelSearch {
  // The values of a group that runs over a list differ from item to item.
  const groups = Object.entries(schema.groups).filter(([, { config }]) => config?.iterates_on === undefined)
  return createLabelSearch(groups.flatMap(([group, { fields }]) => {
    return Object.entries(fields).flatMap(([name, field]) => queriesOf(schema, [group, name], field))
  }))
}

function queriesOf (schema: ExtractionSchema, path: readonly string[], reference: FieldOrReference): FieldQuery[] {
  const field = resolved(schema, reference)
  const properties = propertiesOf(field)
  if (properties === undefined) return [{ path, field, items: field.items && resolved(schema, field.items) }]
  return Object.entries(properties).flatMap(([name, property]) => queriesOf(schema, [...path, name], property))
}

/** Returns the properties of an object, undefined for a field of another type. */
export function propertiesOf ({ type, enum: choices, properties = {} }: Field): Field['properties'] {
  return type === 'object' && choices === undefined ? properties : undefined
}
