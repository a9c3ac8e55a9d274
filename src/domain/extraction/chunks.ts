import type { Document, Session, Template } from '../lifecycle/records.ts'
import type { Fixture } from '../lifecycle/outcome.ts'
import type { Block } from '../files/extracted-text.ts'
import { chunkIdOf, type AuditEntry, type Extraction, type SourceDocument } from './extraction.ts'
import { filenameOf } from '../lifecycle/lifecycle.ts'

/** What parsing makes of one page. */
export interface Chunk {
  readonly id: string
  /** From 1. */
  readonly page: number
  readonly blocks: readonly Block[]
}

/** What is extracted from which documents. */
export interface ExtractionInput {
  readonly template: Template
  readonly documents: readonly Document[]
  /** The exact values to take instead of extracting any. */
  readonly given: Fixture['data']
}

/**
 * Returns the chunks of a document, one for each page: its text, or, where it has none, the text that runs over it cite and that
 * another run in its sessions would cite.
 */
export async function chunksOf (
  document: Document,
  source: SourceDocument,
  sessions: readonly Session[],
  extractionOf: (input: ExtractionInput) => Promise<Extraction>
): Promise<Chunk[]> {
  const inputs = source.pages === null ? distinct(sessions.flatMap(inputsOfSession)).filter(({ documents }) => documents.some(({ id }) => id === document.id)) : []
  const cited = await Promise.all(inputs.map(async input => sourcesIn((await extractionOf(input)).audit)))
  const textsByChunk = new Map<string, Set<string>>()
  for (const { chunkId, text } of cited.flat()) textsByChunk.set(chunkId, (textsByChunk.get(chunkId) ?? new Set()).add(text))
  return Array.from({ length: source.pageCount }, (_, index) => {
    const id = chunkIdOf(document.id, index + 1)
    const texts = [...textsByChunk.get(id) ?? []]
    const madeUp = [{ type: 'heading' as const, content: filenameOf(document) }, ...texts.map(content => ({ type: 'paragraph' as const, content }))]
    return { id, page: index + 1, blocks: source.pages === null ? madeUp : source.pages[index] ?? [] }
  })
}

/** The inputs of the runs of a session, and of the run that it would get next. */
function inputsOfSession ({ template, documents, runs, automaticRun }: Session): ExtractionInput[] {
  const all = [...automaticRun === null ? [] : [automaticRun], ...runs]
  return [
    ...all.map(({ template, inputs, plan }) => ({ template, documents: inputs.map(({ document }) => document), given: plan.fixture?.data })),
    { template, documents, given: undefined }
  ]
}

/** Equal inputs cite the same texts. */
function distinct (inputs: readonly ExtractionInput[]): ExtractionInput[] {
  const keyed = inputs.map(input => [`${input.template.id} ${input.template.updatedAt} ${JSON.stringify(input.given ?? null)} ${input.documents.map(({ id }) => id).join()}`, input] as const)
  return [...new Map(keyed).values()]
}

function sourcesIn (audit: Extraction['audit']): AuditEntry['sources'][number][] {
  return Object.values(audit).flatMap(entries => [entries].flat()).flatMap(entries => Object.values(entries).flatMap(({ sources }) => sources))
}
