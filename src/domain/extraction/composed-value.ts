import type { Block } from '../files/extracted-text.ts'
import type { ExtractionSchema, Field, FieldOrReference } from '../templates/schema.ts'
import { createLabelSearch, type LabelSearch, type FoundValue, type FieldQuery } from './label-search.ts'
import { resolved } from '../templates/schema-links.ts'

/** What was found, by the path of its names. */
export type FoundValues = ReadonlyMap<string, FoundValue>

/** What a field's value consists of. */
export interface Composed {
  readonly value: unknown
  /** The parts that were found, each with its path inside of the field. */
  readonly found: ReadonlyArray<{ readonly path: readonly string[], readonly finding: FoundValue }>
  /** Whether parts of it were not found. */
  readonly rest: boolean
}

/** What is found for a schema's fields, and for the properties inside of them, in the pages of documents. */
export function findValues (schema: ExtractionSchema, documents: ReadonlyArray<ReadonlyArray<readonly Block[]>>): FoundValues {
  const find = SEARCHES.get(schema) ?? searchFor(schema)
  SEARCHES.set(schema, find)
  return new Map([...find(documents)].map(([{ path }, finding]) => [keyOf(path), finding]))
}

/** What is worked out once for each schema. */
const SEARCHES = new WeakMap<ExtractionSchema, LabelSearch>()

function searchFor (schema: ExtractionSchema): LabelSearch {
  // Groups that run over a list stand for something else each time.
  const groups = Object.entries(schema.groups).filter(([, { config }]) => config?.iterates_on === undefined)
  return createLabelSearch(groups.flatMap(([group, { fields }]) => Object.entries(fields).flatMap(([name, field]) => queriesOf(schema, [group, name], field))))
}

/** A value with those parts of it that were found in place of those that were made up. */
export function composeValue (schema: ExtractionSchema, path: readonly string[], field: FieldOrReference, madeUp: unknown, findings: FoundValues): Composed {
  const properties = propertiesOf(resolved(schema, field))
  if (properties === undefined) {
    const finding = findings.get(keyOf(path))
    return finding === undefined ? { value: madeUp, found: [], rest: true } : { value: finding.value, found: [{ path: [], finding }], rest: false }
  }
  const parts = Object.entries(properties).map(([name, property]) => {
    return { name, ...composeValue(schema, [...path, name], property, (madeUp as Record<string, unknown>)[name], findings) }
  })
  return {
    value: Object.fromEntries(parts.map(({ name, value }) => [name, value])),
    found: parts.flatMap(({ name, found }) => found.map(({ path, finding }) => ({ path: [name, ...path], finding }))),
    rest: parts.some(({ rest }) => rest)
  }
}

function queriesOf (schema: ExtractionSchema, path: readonly string[], reference: FieldOrReference): FieldQuery[] {
  const field = resolved(schema, reference)
  const properties = propertiesOf(field)
  if (properties !== undefined) return Object.entries(properties).flatMap(([name, property]) => queriesOf(schema, [...path, name], property))
  return [{ path, field, items: field.items && resolved(schema, field.items) }]
}

/** The properties of an object; undefined for what is none. */
function propertiesOf ({ type, enum: choices, properties = {} }: Field): Field['properties'] {
  return type === 'object' && choices === undefined ? properties : undefined
}

function keyOf (path: readonly string[]): string {
  return JSON.stringify(path)
}
