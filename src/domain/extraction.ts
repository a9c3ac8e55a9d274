import type { Document, Field, Template } from './records.ts'
import type { Fixture } from './outcomes.ts'
import { digestOf } from './ids.ts'
import { chunkIdOf, contentOf } from './content.ts'
import { filenameOf } from './lifecycle.ts'
import { plausibleValue } from './plausible.ts'

/** What an extraction found: clean values, and for each of them where it comes from. */
export interface Extraction {
  readonly data: Grouped<unknown>
  readonly audit: Grouped<AuditEntry>
}

export type Grouped<T> = Record<string, Record<string, T>>

export interface AuditEntry {
  readonly reasoning: string
  readonly sources: ReadonlyArray<{ readonly chunkId: string, readonly text: string, readonly page: number }>
}

/**
 * Values for every field of the template, plausible by the field's name and type. They depend on the seed, the template
 * and the files alone: the same file under the same template gives the same values in any session. Data that is given
 * takes the place of what would be made up.
 */
export async function extract (seed: string, template: Template, documents: readonly Document[], given?: Fixture['data']): Promise<Extraction> {
  const { faker } = await import('@faker-js/faker/locale/en')
  const files = documents.map(document => contentOf(document).sha256).join()
  const fields = eachField(template, (group, name, field) => {
    const digest = digestOf('value', seed, template.id, files, group, name)
    faker.seed(Number.parseInt(digest.slice(0, 8), 16))
    const value = given === undefined ? plausibleValue(faker, name, field) : given[group]?.[name]
    return { value, audit: auditOf(name, value, documents, digest, given === undefined ? MADE_UP : GIVEN) }
  })
  return { data: pick(fields, found => found.value), audit: pick(fields, found => found.audit) }
}

/** The generated `title` of a result. */
export function titleOf (template: Template, documents: readonly Document[]): string {
  return [template.name, ...documents.map(filenameOf)].join(' - ')
}

function eachField<T> (template: Template, find: (group: string, name: string, field: Field) => T): Grouped<T> {
  return mapValues(template.schema.groups, ({ fields }, group) => mapValues(fields, (field, name) => find(group, name, field)))
}

/** One part of what was found in each field, where anything was. */
function pick<U> (found: Grouped<{ value: unknown, audit: AuditEntry }>, part: (one: { value: unknown, audit: AuditEntry }) => U): Grouped<U> {
  return mapValues(found, group => mapValues(Object.fromEntries(Object.entries(group).filter(([, { value }]) => value !== undefined)), part))
}

function mapValues<T, U> (object: { readonly [key: string]: T }, map: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]))
}

function auditOf (name: string, value: unknown, documents: readonly Document[], digest: string, reasoning: string): AuditEntry {
  const draw = Number.parseInt(digest.slice(8, 16), 16)
  const document = documents[draw % documents.length]
  if (document === undefined) return { reasoning, sources: [] }
  const page = 1 + draw % contentOf(document).pageCount
  const text = `${labelOf(name)}: ${typeof value === 'string' ? value : JSON.stringify(value)}`
  return { reasoning, sources: [{ chunkId: chunkIdOf(document, page), text, page }] }
}

const MADE_UP = 'Made up by raydocs-mock from the name and type of the field.'
const GIVEN = 'Given to raydocs-mock for this result.'

/** `invoice_number` as a document would print it: `Invoice Number`. */
function labelOf (name: string): string {
  return name.split(/[_\s]+/).map(word => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}
