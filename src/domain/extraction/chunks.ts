import type { Document, FoundDocument, Session, Template } from '../lifecycle/records.ts'
import type { Fixture } from '../lifecycle/outcome.ts'
import type { Block } from '../files/extracted-text.ts'
import { chunkIdOf, extract, type AuditEntry, type SourceDocument } from './extraction.ts'
import { filenameOf } from '../lifecycle/lifecycle.ts'

/** What parsing makes of one page. */
export interface Chunk {
  readonly id: string
  /** From 1. */
  readonly page: number
  readonly blocks: readonly Block[]
}

/**
 * The chunks of a document, one for each page: its text, or, where nothing could be read, what runs over it cite, and what
 * another run in its sessions would cite.
 */
export async function chunksOf (seed: string, { document, sessions }: FoundDocument, papersOf: (documents: readonly Document[]) => Promise<SourceDocument[]>): Promise<Chunk[]> {
  const [paper] = await papersOf([document]) as [SourceDocument]
  const takes = paper.pages === null ? distinct(sessions.flatMap(inputsOfSession)).filter(({ documents }) => documents.some(({ id }) => id === document.id)) : []
  const cited = await Promise.all(takes.map(async ({ template, documents, given }) => sourcesIn((await extract(seed, template, await papersOf(documents), given)).audit)))
  return Array.from({ length: paper.pageCount }, (_, index) => {
    const id = chunkIdOf(document.id, index + 1)
    const texts = new Set(cited.flat().filter(({ chunkId }) => chunkId === id).map(({ text }) => text))
    const madeUp = [{ type: 'heading' as const, content: filenameOf(document) }, ...[...texts].map(content => ({ type: 'paragraph' as const, content }))]
    return { id, page: index + 1, blocks: paper.pages === null ? madeUp : paper.pages[index] ?? [] }
  })
}

/** What is extracted of which documents. */
interface ExtractionInput {
  readonly template: Template
  readonly documents: readonly Document[]
  readonly given: Fixture['data']
}

/** What was extracted in a session, and what would be if somebody asked now. */
function inputsOfSession ({ template, documents, runs, automaticRun }: Session): ExtractionInput[] {
  const held = [...automaticRun === null ? [] : [automaticRun], ...runs]
  return [
    ...held.map(({ template, inputs, plan }) => ({ template, documents: inputs.map(({ document }) => document), given: plan.fixture?.data })),
    { template, documents, given: undefined }
  ]
}

/** The same again cites the same again. */
function distinct (takes: readonly ExtractionInput[]): ExtractionInput[] {
  const idsOf = ({ documents }: ExtractionInput): string => documents.map(({ id }) => id).join()
  return takes.filter((take, index) => takes.findIndex(other => other.template === take.template && other.given === take.given && idsOf(other) === idsOf(take)) === index)
}

function sourcesIn (audit: { readonly [group: string]: { readonly [field: string]: AuditEntry } | ReadonlyArray<{ readonly [field: string]: AuditEntry }> }): AuditEntry['sources'][number][] {
  return Object.values(audit).flatMap(entries => [entries].flat()).flatMap(entries => Object.values(entries).flatMap(({ sources }) => sources))
}
