import type { Field, Template } from './records.ts'
import type { Fixture } from './outcomes.ts'

/** Where the data of a fixture does not fit its template: what is wrong, by the dotted path. */
export function faultsOfFixture ({ schema }: Template, data: NonNullable<Fixture['data']>): Array<readonly [path: string, fault: string]> {
  return Object.entries(data).flatMap(([groupName, values]) => {
    const group = Object.hasOwn(schema.groups, groupName) ? schema.groups[groupName] : undefined
    if (group === undefined) return [[groupName, `is no group of the template: it has ${listOf(schema.groups)}.`]]
    return Object.entries(values).flatMap(([name, value]) => {
      const field = Object.hasOwn(group.fields, name) ? group.fields[name] : undefined
      if (field === undefined) return [[`${groupName}.${name}`, `is no field of the group: it has ${listOf(group.fields)}.`]]
      return faultsOfValue(`${groupName}.${name}`, field, value)
    })
  })
}

function faultsOfValue (path: string, field: Field, value: unknown): Array<readonly [string, string]> {
  if (value === null) return []
  if (field.enum !== undefined && !field.enum.includes(value)) return [[path, `must be one of ${field.enum.join(', ')}.`]]
  const check = CHECKS.get(field.type)
  if (check !== undefined && !check.test(value)) return [[path, `must be ${check.name}.`]]
  if (Array.isArray(value)) {
    const { items } = field
    return items === undefined ? [] : value.flatMap((item, index) => faultsOfValue(`${path}.${index}`, items, item))
  }
  const { properties = {} } = field
  return Object.entries(properties).flatMap(([name, property]) => {
    const part = (value as Record<string, unknown>)[name]
    return part === undefined ? [] : faultsOfValue(`${path}.${name}`, property, part)
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
  ['object', { test: value => typeof value === 'object' && !Array.isArray(value), name: 'an object' }]
])

function listOf (things: object): string {
  return Object.keys(things).join(', ') || 'none'
}
