import type { Block } from '../files/extracted-text.ts'
import { filenameOf } from '../lifecycle/lifecycle.ts'
import type { Fixture } from '../lifecycle/outcome.ts'
import type { Document, Session, Template } from '../lifecycle/records.ts'
import type { AuditEntry } from './audit-entry.ts'
import { chunkIdOf } from './citations.ts'
import type { Extraction } from './extraction.ts'
import type { SourceDocument } from './source-document.ts'

/** The result of parsing one page. */
export interface Chunk {
  readonly id: string
  /** From 1. */
  readonly page: number
  readonly blocks: readonly Block[]
  /** True if the blocks are made up, because the document has no text. */
  readonly isGenerated: boolean
}

/** The input of one run. */
export interface ExtractionInput {
  readonly template: Template
  readonly documents: readonly Document[]
  /** The exact values to take instead of extracting any. */
  readonly given: Fixture['data']
}

/**
 * Returns the chunks of a document, one for each page: its text, or, for a document without text, the lines that the runs over
 * it cite, and those that another run in its sessions would cite.
 */
export async function chunksOf (
  document: Document,
  source: SourceDocument,
  sessions: readonly Session[],
  extractionOf: (input: ExtractionInput) => Promise<Extraction>
): Promise<Chunk[]> {
  const inputs = source.pages === null ? distinct(sessions.flatMap(inputsOfSession)).filter(isOver(document)) : []
  const cited = await Promise.all(inputs.map(async input => sourcesIn((await extractionOf(input)).audit)))
  const textsByChunk = new Map<string, Set<string>>()
  for (const { chunkId, text } of cited.flat()) textsByChunk.set(chunkId, (textsByChunk.get(chunkId) ?? new Set()).add(text))
  const isGenerated = source.pages === null
  return Array.from({ length: source.pageCount }, (_, index) => {
    const id = chunkIdOf(document.id, index + 1)
    const paragraphs = [...textsByChunk.get(id) ?? []].map((content): Block => ({ type: 'paragraph', content }))
    const madeUp: Block[] = [{ type: 'heading', content: filenameOf(document) }, ...paragraphs]
    return { id, page: index + 1, isGenerated, blocks: source.pages === null ? madeUp : source.pages[index] ?? [] }
  })
}

function isOver (document: Document): (input: ExtractionInput) => boolean {
  return ({ documents }) => documents.some(({ id }) => id === document.id)
}

/** Returns the inputs of the runs of a session, and of the run that it would get next. */
function inputsOfSession ({ template, documents, runs, automaticRun }: Session): ExtractionInput[] {
  const all = [...automaticRun === null ? [] : [automaticRun], ...runs]
  return [
    ...all.map(({ template, inputs, plan }) => {
      return { template, documents: inputs.map(({ document }) => document), given: plan.fixture?.data }
    }),
    { template, documents, given: undefined }
  ]
}

/** Equal inputs cite the same lines, so each occurs once. */
function distinct (inputs: readonly ExtractionInput[]): ExtractionInput[] {
  const keyed = inputs.map(input => {
    const { template, documents, given } = input
    const ids = documents.map(({ id }) => id).join()
    return [`${template.id} ${template.updatedAt} ${JSON.stringify(given ?? null)} ${ids}`, input] as const
  })
  return [...new Map(keyed).values()]
}

function sourcesIn (audit: Extraction['audit']): Array<AuditEntry['sources'][number]> {
  const groups = Object.values(audit).flatMap(entries => [entries].flat())
  return groups.flatMap(entries => Object.values(entries).flatMap(({ sources }) => sources))
}
