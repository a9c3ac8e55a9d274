import type { Faker } from '@faker-js/faker'
import type { ExtractionSchema, Field, FieldOrReference } from '../templates/schema.ts'
import { resolved } from '../templates/schema-links.ts'

/**
 * Returns a value that suits the name and type of a field. `faker` must have been seeded: the value depends on that seed, the
 * name and the field only, not on the present time.
 */
export function plausibleValue (faker: Faker, schema: ExtractionSchema, name: string, field: FieldOrReference): unknown {
  return valueFor({ faker, schema, lists: 0 }, name, field)
}

interface Making {
  readonly faker: Faker
  readonly schema: ExtractionSchema
  /** The number of lists that the value is nested in. */
  readonly lists: number
}

function valueFor (making: Making, name: string, reference: FieldOrReference): unknown {
  const field = resolved(making.schema, reference)
  if (field.enum !== undefined && field.enum.length > 0) return making.faker.helpers.arrayElement(field.enum)
  const make = BY_TYPE.get(field.type)
  return make === undefined ? stringFor(making.faker, name) : make(making, name, field)
}

const BY_TYPE: ReadonlyMap<string, (making: Making, name: string, field: Field) => unknown> = new Map(Object.entries({
  number: ({ faker }: Making, name: string) => numberFor(faker, name),
  integer: ({ faker }: Making, name: string) => Math.round(numberFor(faker, name)),
  boolean: ({ faker }: Making) => faker.datatype.boolean(),
  date: ({ faker }: Making) => isoDate(faker),
  array: listFor,
  object: (making: Making, _name: string, { properties = {} }: Field) => Object.fromEntries(
    Object.entries(properties).map(([key, property]) => [key, valueFor(making, key, property)])
  )
}))

function listFor (making: Making, name: string, { items = { type: 'string' } }: Field): unknown[] {
  // Nested lists multiply, so inner ones are short.
  const length = making.lists < 2 ? making.faker.number.int({ min: 1, max: 3 }) : 1
  return Array.from({ length }, () => valueFor({ ...making, lists: making.lists + 1 }, name.replace(/s$/, ''), items))
}

/** The first match decides. Patterns are tried against the name in lower case. */
const STRINGS: ReadonlyArray<readonly [RegExp, (faker: Faker, name: string) => string]> = [
  [/(^|_)(date|day|due|issued|deadline)(_|$)|_(at|on)$/, isoDate],
  [/invoice_?(number|no|id|ref)/, faker => `INV-${yearOf(faker)}-${faker.string.numeric(4)}`],
  [/iban/, faker => faker.finance.iban()],
  [/\b(bic|swift)\b/, faker => faker.finance.bic()],
  [/(^|_)(vat|tax)_?(id|no|number)/, faker => `${faker.location.countryCode()}${faker.string.numeric(9)}`],
  [/e?mail/, faker => faker.internet.email().toLowerCase()],
  [/phone|mobile|fax/, faker => faker.phone.number({ style: 'international' })],
  [/currency/, faker => faker.finance.currencyCode()],
  [/country/, faker => faker.location.country()],
  [/city|town/, faker => faker.location.city()],
  [/zip|postal/, faker => faker.location.zipCode()],
  [/street/, faker => faker.location.streetAddress()],
  [/address/, faker => `${faker.location.streetAddress()}, ${faker.location.city()}`],
  [/url|website|link/, faker => faker.internet.url()],
  [/vendor|supplier|seller|company|customer|client|buyer|merchant|shop|store|organi[sz]ation|bank/, faker => faker.company.name()],
  [/first_?name/, faker => faker.person.firstName()],
  [/last_?name|surname/, faker => faker.person.lastName()],
  [/product|item|article/, faker => faker.commerce.productName()],
  [/name|person|contact|author|signatory|employee/, faker => faker.person.fullName()],
  [/job|position|role/, faker => faker.person.jobTitle()],
  [/(^|_)(number|no|id|ref|reference|code)$/, reference],
  [/amount|total|price|sum|fee|cost|tax|balance/, faker => amount(faker).toFixed(2)],
  [/time|period|term|duration/, faker => `${faker.number.int({ min: 7, max: 90 })} days`],
  [/description|note|comment|summary|text/, faker => faker.commerce.productDescription()]
]

function stringFor (faker: Faker, name: string): string {
  const key = name.toLowerCase()
  const rule = STRINGS.find(([pattern]) => pattern.test(key))
  return rule === undefined ? faker.company.catchPhrase() : rule[1](faker, key)
}

const NUMBERS: ReadonlyArray<readonly [RegExp, (faker: Faker) => number]> = [
  [/year/, yearOf],
  [/percent|rate/, faker => faker.number.float({ min: 0, max: 25, fractionDigits: 1 })],
  [/quantity|qty|count|number|pages|items|days/, faker => faker.number.int({ min: 1, max: 40 })]
]

function numberFor (faker: Faker, name: string): number {
  const key = name.toLowerCase()
  const rule = NUMBERS.find(([pattern]) => pattern.test(key))
  return rule === undefined ? amount(faker) : rule[1](faker)
}

function amount (faker: Faker): number {
  return faker.number.float({ min: 10, max: 9_999, fractionDigits: 2 })
}

function isoDate (faker: Faker): string {
  return faker.date.between({ from: '2023-01-01T00:00:00Z', to: '2024-12-31T00:00:00Z' }).toISOString().slice(0, 10)
}

function yearOf (faker: Faker): number {
  return faker.number.int({ min: 2022, max: 2025 })
}

/** `purchase_order_number` -> `PO-48213`: the initials of the name, and digits. */
function reference (faker: Faker, name: string): string {
  const initials = name.split('_').slice(0, -1).map(word => word.charAt(0).toUpperCase()).join('')
  return `${initials === '' ? 'NO' : initials}-${faker.string.numeric(5)}`
}
