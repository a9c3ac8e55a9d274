import type { Block } from '../files/extracted-text.ts'
import type { FoundValue } from './label-search.ts'
import type { Fixture } from '../lifecycle/outcome.ts'
import type { Template } from '../lifecycle/records.ts'
import { composeValue, findValues } from './composed-value.ts'
import { isRecord, mapGroups, mapValues, type ByField, type Entries, type Grouped } from './by-group.ts'
import { digestOf, uuidOf } from '../ids.ts'
import { plausibleValue } from './plausible-value.ts'
import { isReasoningEnabled, titlePromptOf, type ExtractionSchema, type FieldGroup, type FieldOrReference } from '../templates/schema.ts'
import { targetOf } from '../templates/schema-links.ts'

/** A document, as far as an extraction looks at it. */
export interface SourceDocument {
  readonly id: string
  readonly sha256: string
  readonly pageCount: number
  /** The text of each page; null if the bytes were not read (or never uploaded): then all values are made up. */
  readonly pages: ReadonlyArray<readonly Block[]> | null
}

/** What an extraction found: clean values, and for each of them where it comes from. */
export interface Extraction {
  readonly data: Grouped<unknown>
  readonly audit: Grouped<AuditEntry>
}

export interface AuditEntry {
  /** Null unless the template asks for it. */
  readonly reasoning: string | null
  /** Where the value stands; none if it stands nowhere. */
  readonly sources: ReadonlyArray<{ readonly chunkId: string, readonly text: string, readonly page: number }>
}

type Sources = AuditEntry['sources']

/** What is extracted of a template. */
type ExtractionTemplate = Pick<Template, 'id' | 'schema'>

/** The id of the chunk that parsing makes of a page (from 1). */
export function chunkIdOf (documentId: string, page: number): string {
  return uuidOf('chunk', documentId, page)
}

/** The generated `title` of a result; null if the template does not ask for one. */
export function titleOf (templateName: string, filenames: readonly string[], schema: ExtractionSchema): string | null {
  if (titlePromptOf(schema) === null) return null
  return filenames.length === 0 ? templateName : `${templateName} - ${filenames.join(' - ')}`
}

/**
 * Values for every field of the template. What stands in the text of the papers behind a label that the field goes by is
 * found there; everything else is made up, plausible by the field's name and type. Values depend on the seed, the template
 * and the files alone: the same file under the same template gives the same values in any session. Where data is given, it
 * is what was found, and nothing else.
 */
export async function extract (seed: string, template: ExtractionTemplate, papers: readonly SourceDocument[], given?: Fixture['data']): Promise<Extraction> {
  const workings = extractionContext(seed, template, papers)
  const entries = given === undefined ? await entriesOf(workings) : givenEntriesOf(workings, given)
  return {
    data: given as Extraction['data'] | undefined ?? mapGroups(entries, ({ value }) => value),
    audit: mapGroups(entries, ({ reasoning, sources }) => ({ reasoning: isReasoningEnabled(template.schema) ? reasoning : null, sources }))
  }
}

/** What one extraction works with. */
interface ExtractionContext {
  readonly schema: ExtractionSchema
  readonly papers: readonly SourceDocument[]
  /** What everything about a value is drawn from that is not found. */
  digestFor (place: FieldAddress): string
}

/** Which value: `index` is that of the item for which its group is extracted. */
interface FieldAddress { readonly group: string, readonly name: string, readonly index?: number | undefined }

/** A value, and what the audit says of it. */
interface Entry { readonly value: unknown, readonly reasoning: string, readonly sources: Sources }

function extractionContext (seed: string, { id, schema }: ExtractionTemplate, papers: readonly SourceDocument[]): ExtractionContext {
  const files = papers.map(({ sha256 }) => sha256).join()
  return { schema, papers, digestFor: ({ group, name, index }) => digestOf('value', seed, id, files, group, name, ...index === undefined ? [] : [index]) }
}

/** Nobody looks at what was given: it may be of any shape. */
function givenEntriesOf (workings: ExtractionContext, given: object): Grouped<Entry> {
  return mapValues(given as Record<string, unknown>, (values, group) => {
    const entriesOfOne = (fields: unknown, index?: number): ByField<Entry> => mapValues(isRecord(fields) ? fields : {}, (value, name) => ({ value, reasoning: GIVEN, sources: likelySources(workings, { group, name, index }, value) }))
    return Array.isArray(values) ? values.map(entriesOfOne) : entriesOfOne(values)
  })
}

async function entriesOf (workings: ExtractionContext): Promise<Grouped<Entry>> {
  const { schema, papers, digestFor } = workings
  const { faker } = await import('@faker-js/faker/locale/en')
  const findings = findValues(schema, papers.map(pagesOf))
  const mostItems = mostItemsOf(schema)
  const done = new Map<string, Entries<Entry>>()

  /** Groups are extracted in the order in which they need each other. */
  function groupOf (group: string): Entries<Entry> {
    const known = done.get(group)
    if (known !== undefined) return known
    const { fields, config } = schema.groups[group] as FieldGroup
    const entries = config?.iterates_on === undefined
      ? mapValues(fields, (field, name) => entryOf({ group, name }, field))
      : itemsOf(config.iterates_on).map((item, index) => mapValues(fields, (field, name) => takenFrom(item, name) ?? entryOf({ group, name, index }, field)))
    done.set(group, entries)
    return entries
  }

  /** What an array consists of, as entries for the audit. */
  function itemsOf (list: string): Entry[] {
    const target = targetOf(schema, list)
    const lists = target === undefined ? [] : [groupOf(target.group)].flat().map(entries => entries[target.field])
    const items = lists.flatMap(entry => Array.isArray(entry?.value) ? entry.value.map(value => ({ value, sources: entry.sources })) : [])
    return items.slice(0, mostItems).map((item, index) => ({ ...item, reasoning: `Taken from item ${index + 1} of ${list}.` }))
  }

  function entryOf (place: FieldAddress, field: FieldOrReference): Entry {
    const { group, name, index } = place
    faker.seed(Number.parseInt(digestFor(place).slice(0, 8), 16))
    const madeUp = plausibleValue(faker, schema, name, field)
    // A text that was found would be the same for every item.
    const { value, found, rest } = composeValue(schema, [group, name], field, madeUp, index === undefined ? findings : new Map())
    if (found.length > 0) return { value, reasoning: reasonOf(found, rest), sources: found.map(({ finding }) => sourceOf(papers, finding)) }
    return { value, reasoning: papers.some(({ pages }) => pages !== null) ? `${MADE_UP} ${NO_LABEL}` : MADE_UP, sources: likelySources(workings, place, value) }
  }

  return mapValues(schema.groups, (_, group) => groupOf(group))
}

/** How many items of an array a group is extracted for: 100, unless there are so many fields that nobody could wait for it. */
function mostItemsOf ({ groups }: ExtractionSchema): number {
  const fields = Object.values(groups).reduce((sum, { fields }) => sum + Object.keys(fields).length, 1)
  return Math.ceil(Math.min(100, 5_000 / fields))
}

/** What an item says itself of a field. */
function takenFrom (item: Entry, name: string): Entry | undefined {
  return isRecord(item.value) && Object.hasOwn(item.value, name) ? { ...item, value: item.value[name] } : undefined
}

function reasonOf (found: ReturnType<typeof composeValue>['found'], rest: boolean): string {
  const places = found.map(({ path, finding: { page, label } }) => [...path.length === 0 ? [] : [path.join('.')], `on page ${page}, behind the label "${label}"`].join(' '))
  return `Found ${places.join('; ')}.${rest ? ` ${REST_MADE_UP}` : ''}`
}

const MADE_UP = 'Made up by raydocs-mock from the name and type of the field.'
const NO_LABEL = 'No label for it was found in the text.'
const REST_MADE_UP = 'The rest was made up by raydocs-mock.'
const GIVEN = 'Given to raydocs-mock for this result.'

function sourceOf (papers: readonly SourceDocument[], { document, page, text }: FoundValue): Sources[number] {
  return { chunkId: chunkIdOf(String(papers[document]?.id), page), text, page }
}

/** One place, anywhere in what was not read, at which the value could stand. */
function likelySources ({ papers, digestFor }: ExtractionContext, place: FieldAddress, value: unknown): Sources {
  const unread = papers.filter(({ pages }) => pages === null)
  const draw = Number.parseInt(digestFor(place).slice(8, 16), 16)
  const paper = unread[draw % unread.length]
  if (paper === undefined) return []
  const page = 1 + draw % paper.pageCount
  return [{ chunkId: chunkIdOf(paper.id, page), text: `${labelOf(place.name)}: ${typeof value === 'string' ? value : JSON.stringify(value)}`, page }]
}

/** `invoice_number` as a document would print it: `Invoice Number`. */
function labelOf (name: string): string {
  return name.split(/[_\s]+/).map(word => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}

/** The pages that may be cited: a document can be said to have fewer than were read. */
function pagesOf ({ pages, pageCount }: SourceDocument): ReadonlyArray<readonly Block[]> {
  return pages === null ? [] : pages.slice(0, pageCount)
}
