import type { Document, Template } from './records.ts'
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

export type Grouped<T> = Readonly<Record<string, Readonly<Record<string, T>>>>

export interface AuditEntry {
  readonly reasoning: string
  readonly sources: ReadonlyArray<{ readonly chunkId: string, readonly text: string, readonly page: number }>
}

/**
 * Values for every field of the template, plausible by the field's name and type. They depend on the seed, the template
 * and the files alone: the same file under the same template gives the same values in any session. Where data is given,
 * it is what was found, and nothing else.
 */
export async function extract (seed: string, template: Template, documents: readonly Document[], given?: Fixture['data']): Promise<Extraction> {
  const { faker } = await import('@faker-js/faker/locale/en')
  const files = documents.map(document => contentOf(document).sha256).join()
  const digestFor = (group: string, name: string): string => digestOf('value', seed, template.id, files, group, name)

  const data = given ?? mapFields(mapValues(template.schema.groups, ({ fields }) => fields), (field, name, group) => {
    faker.seed(Number.parseInt(digestFor(group, name).slice(0, 8), 16))
    return plausibleValue(faker, name, field)
  })
  const reasoning = given === undefined ? MADE_UP : GIVEN
  return { data, audit: mapFields(data, (value, name, group) => ({ reasoning, sources: sourcesOf(name, value, documents, digestFor(group, name)) })) }
}

/** The generated `title` of a result. */
export function titleOf (template: Template, documents: readonly Document[]): string {
  return [template.name, ...documents.map(filenameOf)].join(' - ')
}

function mapFields<T, U> (groups: Grouped<T>, map: (value: T, name: string, group: string) => U): Grouped<U> {
  return mapValues(groups, (fields, group) => mapValues(fields, (value, name) => map(value, name, group)))
}

function mapValues<T, U> (object: { readonly [key: string]: T }, map: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]))
}

/** One place, anywhere in the documents, at which the value could stand. */
function sourcesOf (name: string, value: unknown, documents: readonly Document[], digest: string): AuditEntry['sources'] {
  const draw = Number.parseInt(digest.slice(8, 16), 16)
  const document = documents[draw % documents.length]
  if (document === undefined) return []
  const page = 1 + draw % contentOf(document).pageCount
  const text = `${labelOf(name)}: ${typeof value === 'string' ? value : JSON.stringify(value)}`
  return [{ chunkId: chunkIdOf(document, page), text, page }]
}

const MADE_UP = 'Made up by raydocs-mock from the name and type of the field.'
const GIVEN = 'Given to raydocs-mock for this result.'

/** `invoice_number` as a document would print it: `Invoice Number`. */
function labelOf (name: string): string {
  return name.split(/[_\s]+/).map(word => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}
