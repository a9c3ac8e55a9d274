import type { Block } from '../files/extracted-text.ts'
import { digestOf } from '../ids.ts'
import { known } from '../known.ts'
import type { Fixture } from '../lifecycle/outcome.ts'
import type { ExtractionSchema, FieldOrReference } from '../templates/schema.ts'
import { targetOf } from '../templates/schema-links.ts'
import type { AuditEntry } from './audit-entry.ts'
import { isRecord, mapValues, type ByField, type Entries, type Grouped } from './by-group.ts'
import { foundReason, foundSources, GIVEN, likelySources, MADE_UP, MADE_UP_NO_LABEL } from './citations.ts'
import { composeValue } from './composed-value.ts'
import { findValues } from './label-search/find-values.ts'
import { plausibleValue } from './plausible-value.ts'
import type { SourceDocument } from './source-document.ts'

/** The input of one extraction. */
export interface ExtractionInput {
  readonly seed: string
  readonly templateId: string
  readonly schema: ExtractionSchema
  readonly documents: readonly SourceDocument[]
}

/** A value, and what the audit says about it. */
export interface Entry {
  readonly value: unknown
  readonly reasoning: string
  readonly sources: AuditEntry['sources']
}

/** The place of a value: `index` is that of the item for which its group is extracted. */
interface FieldAddress { readonly group: string, readonly name: string, readonly index?: number | undefined }

/** Returns an entry for each given value. Fixtures are not validated: they may have any shape. */
export function givenEntries (input: ExtractionInput, given: NonNullable<Fixture['data']>): Grouped<Entry> {
  return mapValues(given as Record<string, unknown>, (values, group) => {
    const entriesOfOne = (fields: unknown, index?: number): ByField<Entry> => mapValues(isRecord(fields) ? fields : {}, (value, name) => {
      return { value, reasoning: GIVEN, sources: likelySources(input.documents, digestFor(input, { group, name, index }), name, value) }
    })
    return Array.isArray(values) ? values.map(entriesOfOne) : entriesOfOne(values)
  })
}

/** Returns an entry for each field of the schema, with a value that was found or made up. */
export async function extractedEntries (input: ExtractionInput): Promise<Grouped<Entry>> {
  const { schema, documents } = input
  const { faker } = await import('@faker-js/faker/locale/en')
  const foundValues = findValues(schema, documents.map(pagesOf))
  const notFound = documents.some(({ pages }) => pages !== null) ? MADE_UP_NO_LABEL : MADE_UP
  const maxItems = maxItemsOf(schema)
  const done = new Map<string, Entries<Entry>>()

  /** Groups are extracted in the order in which they need each other. */
  function groupOf (group: string): Entries<Entry> {
    const entries = done.get(group) ?? extractGroup(group)
    done.set(group, entries)
    return entries
  }

  function extractGroup (group: string): Entries<Entry> {
    const { fields, config } = known(schema.groups[group], 'a group of the schema')
    if (config?.iterates_on === undefined) return mapValues(fields, (field, name) => entryOf({ group, name }, field))
    return itemsOf(config.iterates_on).map((item, index) => mapValues(fields, (field, name) => {
      return propertyOf(item, name) ?? entryOf({ group, name, index }, field)
    }))
  }

  /** The items of an array, as entries for the audit. */
  function itemsOf (list: string): Entry[] {
    const target = targetOf(schema, list)
    const lists = target === undefined ? [] : [groupOf(target.group)].flat().map(entries => entries[target.field])
    const items = lists.flatMap(entry => Array.isArray(entry?.value) ? entry.value.map(value => ({ value, sources: entry.sources })) : [])
    return items.slice(0, maxItems).map((item, index) => ({ ...item, reasoning: `Taken from item ${index + 1} of ${list}.` }))
  }

  function entryOf (address: FieldAddress, field: FieldOrReference): Entry {
    const { group, name, index } = address
    const digest = digestFor(input, address)
    faker.seed(Number.parseInt(digest.slice(0, 8), 16))
    const madeUp = plausibleValue(faker, schema, name, field)
    // A value that was found would be the same for every item.
    const composed = composeValue(schema, [group, name], field, madeUp, index === undefined ? foundValues : new Map())
    const { value, found } = composed
    return found.length > 0
      ? { value, reasoning: foundReason(composed), sources: foundSources(documents, composed) }
      : { value, reasoning: notFound, sources: likelySources(documents, digest, name, value) }
  }

  return mapValues(schema.groups, (_, group) => groupOf(group))
}

/** The digest that decides all random choices about a value. */
function digestFor ({ seed, templateId, documents }: ExtractionInput, { group, name, index }: FieldAddress): string {
  const files = documents.map(({ sha256 }) => sha256).join()
  return digestOf('value', seed, templateId, files, group, name, ...index === undefined ? [] : [index])
}

/** The number of items for which a group is extracted: 100, or fewer if there are many fields. */
function maxItemsOf ({ groups }: ExtractionSchema): number {
  const fields = Object.values(groups).reduce((sum, { fields }) => sum + Object.keys(fields).length, 1)
  return Math.ceil(Math.min(100, 5_000 / fields))
}

/** The entry of an item's own property, if it has one of that name. */
function propertyOf (item: Entry, name: string): Entry | undefined {
  return isRecord(item.value) && Object.hasOwn(item.value, name) ? { ...item, value: item.value[name] } : undefined
}

/** The pages that may be cited: a scripted page count can be lower than the true one. */
function pagesOf ({ pages, pageCount }: SourceDocument): ReadonlyArray<readonly Block[]> {
  return pages === null ? [] : pages.slice(0, pageCount)
}
