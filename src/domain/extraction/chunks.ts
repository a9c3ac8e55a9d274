import type { Block } from '../files/extracted-text.ts'
import { filenameOf } from '../lifecycle/lifecycle.ts'
import type { Fixture } from '../lifecycle/outcomes.ts'
import type { Document, FoundDocument, Session, Template } from '../lifecycle/records.ts'
import { chunkIdOf } from './citations.ts'
import { extract, type Extraction, type SourceDocument } from './extraction.ts'

/** The result of parsing one page. */
export interface Chunk {
  readonly id: string
  /** From 1. */
  readonly page: number
  readonly blocks: readonly Block[]
  /** Whether the text was made up, because the document has none: a scan, for one. */
  readonly madeUp: boolean
}

/**
 * Returns the chunks of a document, one for each page: its text, or, for a document without text, the lines that the runs over
 * it cite, and those that another run in its sessions would cite.
 */
export async function chunksOf (
  seed: string, { document, sessions }: FoundDocument, sourcesOf: (documents: readonly Document[]) => Promise<SourceDocument[]>
): Promise<Chunk[]> {
  const [source] = await sourcesOf([document]) as [SourceDocument]
  const madeUp = source.pages === null
  const runs = madeUp ? distinctRuns(sessions).filter(({ documents }) => documents.some(({ id }) => id === document.id)) : []
  const cited = await Promise.all(runs.map(async ({ template, documents, given }) => {
    return citationsIn(await extract(seed, template, await sourcesOf(documents), given))
  }))
  return Array.from({ length: source.pageCount }, (_, index) => {
    const id = chunkIdOf(document.id, index + 1)
    if (source.pages !== null) return { id, page: index + 1, blocks: source.pages[index] ?? [], madeUp }
    const texts = new Set(cited.flat().filter(({ chunkId }) => chunkId === id).map(({ text }) => text))
    const paragraphs = [...texts].map((content): Block => ({ type: 'paragraph', content }))
    return { id, page: index + 1, blocks: [{ type: 'heading', content: filenameOf(document) }, ...paragraphs], madeUp }
  })
}

/** A template and the documents that it is run over. */
interface RunInput {
  readonly template: Template
  readonly documents: readonly Document[]
  readonly given: Fixture['data']
}

/** The runs of sessions, and one more as it would be now. The same inputs cite the same lines, so each occurs once. */
function distinctRuns (sessions: readonly Session[]): RunInput[] {
  const runs = sessions.flatMap(runsOf)
  const idsOf = ({ documents }: RunInput): string => documents.map(({ id }) => id).join()
  return runs.filter((run, index) => {
    return runs.findIndex(other => other.template === run.template && other.given === run.given && idsOf(other) === idsOf(run)) === index
  })
}

function runsOf ({ template, documents, runs, automaticRun }: Session): RunInput[] {
  const requested = [...automaticRun === null ? [] : [automaticRun], ...runs]
  return [
    ...requested.map(({ template, inputs, plan }) => {
      return { template, documents: inputs.map(({ document }) => document), given: plan.fixture?.data }
    }),
    { template, documents, given: undefined }
  ]
}

function citationsIn ({ audit }: Extraction): Array<{ readonly chunkId: string, readonly text: string }> {
  return Object.values(audit).flatMap(entries => [entries].flat()).flatMap(entries => Object.values(entries).flatMap(({ sources }) => sources))
}
