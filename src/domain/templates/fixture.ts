import type { Fixture } from '../lifecycle/outcome.ts'
import type { Template } from '../lifecycle/records.ts'
import type { ExtractionSchema, FieldGroup, FieldOrReference } from './schema.ts'
import { isRecord } from '../extraction/by-group.ts'
import { resolved } from './schema-links.ts'

type Issues = Array<readonly [path: string, fault: string]>

/** Where the data of a fixture does not fit its template: what is wrong, by the dotted path. */
export function fixtureIssues ({ schema }: Pick<Template, 'schema'>, data: NonNullable<Fixture['data']>): Issues {
  return Object.entries<unknown>(data).flatMap(([name, values]): Issues => {
    const group = ownOf(schema.groups, name)
    if (group === undefined) return [[name, `is no group of the template: it has ${listOf(Object.keys(schema.groups))}.`]]
    const list = group.config?.iterates_on
    if (list === undefined) return groupIssues(schema, group, name, values)
    if (!Array.isArray(values)) return [[name, `must be an array, with an object for each item of ${list}.`]]
    return values.flatMap((item, index) => groupIssues(schema, group, `${name}.${index}`, item))
  })
}

function groupIssues (schema: ExtractionSchema, { fields }: FieldGroup, path: string, values: unknown): Issues {
  if (!isRecord(values)) return [[path, 'must be an object.']]
  return Object.entries(values).flatMap(([name, value]): Issues => {
    const field = ownOf(fields, name)
    if (field === undefined) return [[`${path}.${name}`, `is no field of the group: it has ${listOf(Object.keys(fields))}.`]]
    return valueIssues(schema, `${path}.${name}`, field, value)
  })
}

function valueIssues (schema: ExtractionSchema, path: string, reference: FieldOrReference, value: unknown): Issues {
  const { type, enum: choices, items, properties = {} } = resolved(schema, reference)
  if (value === null) return []
  if (choices !== undefined) return choices.includes(value) ? [] : [[path, `must be one of ${listOf(choices)}.`]]
  const check = CHECKS.get(type)
  if (check !== undefined && !check.test(value)) return [[path, `must be ${check.name}.`]]
  if (Array.isArray(value)) return items === undefined ? [] : value.flatMap((item, index) => valueIssues(schema, `${path}.${index}`, items, item))
  if (!isRecord(value)) return []
  return Object.entries(properties).flatMap(([name, property]) => {
    const part = ownOf(value, name)
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

/** The things by name, or as many of them as anybody reads. */
function listOf (things: readonly unknown[]): string {
  const more = things.length - MAX_LISTED
  return [...things.slice(0, MAX_LISTED), ...more > 0 ? [`${more} more`] : []].join(', ') || 'none'
}

const MAX_LISTED = 20

function ownOf<T> (object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
