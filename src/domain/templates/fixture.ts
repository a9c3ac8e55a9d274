import type { Fixture } from '../lifecycle/outcome.ts'
import type { Template } from '../lifecycle/records.ts'
import type { Issue } from './issue.ts'
import type { ExtractionSchema, FieldGroup, FieldOrReference } from './schema.ts'
import { isRecord } from '../extraction/by-group.ts'
import { resolved } from './schema-links.ts'

/** Returns the issues of a fixture's data that does not fit its template, with paths below the data. */
export function fixtureIssues ({ schema }: Pick<Template, 'schema'>, data: NonNullable<Fixture['data']>): Issue[] {
  return Object.entries<unknown>(data).flatMap(([name, values]): Issue[] => {
    const group = ownValue(schema.groups, name)
    if (group === undefined) return [[name, `is not a group of the template: ${choiceOf(schema.groups)}.`]]
    const list = group.config?.iterates_on
    if (list === undefined) return groupIssues(schema, group, name, values)
    if (!Array.isArray(values)) return [[name, `must be an array, with an object for each item of ${list}.`]]
    return values.flatMap((item, index) => groupIssues(schema, group, `${name}.${index}`, item))
  })
}

function groupIssues (schema: ExtractionSchema, { fields }: FieldGroup, path: string, values: unknown): Issue[] {
  if (!isRecord(values)) return [[path, 'must be an object.']]
  return Object.entries(values).flatMap(([name, value]): Issue[] => {
    const field = ownValue(fields, name)
    if (field === undefined) return [[`${path}.${name}`, `is not a field of the group: ${choiceOf(fields)}.`]]
    return valueIssues(schema, `${path}.${name}`, field, value)
  })
}

function valueIssues (schema: ExtractionSchema, path: string, reference: FieldOrReference, value: unknown): Issue[] {
  const { type, enum: choices, items, properties = {} } = resolved(schema, reference)
  if (value === null) return []
  if (choices !== undefined) return choices.includes(value) ? [] : [[path, `must be one of ${listOf(choices)}.`]]
  const check = CHECKS.get(type)
  if (check !== undefined && !check.test(value)) return [[path, `must be ${check.name}.`]]
  if (Array.isArray(value)) {
    return items === undefined ? [] : value.flatMap((item, index) => valueIssues(schema, `${path}.${index}`, items, item))
  }
  if (!isRecord(value)) return []
  return Object.entries(properties).flatMap(([name, property]) => {
    const part = ownValue(value, name)
    return part === undefined ? [] : valueIssues(schema, `${path}.${name}`, property, part)
  })
}

const text = { test: (value: unknown) => typeof value === 'string', name: 'a string' }

const CHECKS: ReadonlyMap<string, { readonly test: (value: unknown) => boolean, readonly name: string }> = new Map([
  ['string', text],
  ['date', text],
  ['number', { test: value => typeof value === 'number', name: 'a number' }],
  ['integer', { test: value => Number.isInteger(value), name: 'an integer' }],
  ['boolean', { test: value => typeof value === 'boolean', name: 'true or false' }],
  ['array', { test: value => Array.isArray(value), name: 'an array' }],
  ['object', { test: value => isRecord(value), name: 'an object' }]
])

function choiceOf (object: { readonly [name: string]: unknown }): string {
  const names = Object.keys(object)
  return names.length === 0 ? 'there are none' : `use one of ${listOf(names)}`
}

/** Joins at most 20 values with commas, and counts the rest. */
function listOf (values: readonly unknown[]): string {
  const more = values.length - MAX_LISTED
  return [...values.slice(0, MAX_LISTED), ...more > 0 ? [`${more} more`] : []].join(', ')
}

const MAX_LISTED = 20

function ownValue<T> (object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
