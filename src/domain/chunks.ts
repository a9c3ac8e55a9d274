import type { Document, Session } from './records.ts'
import { chunkIdOf, contentOf } from './content.ts'
import { extract } from './extraction.ts'
import { filenameOf } from './lifecycle.ts'

/** What parsing makes of one page. */
export interface Chunk {
  readonly id: string
  /** From 1. */
  readonly page: number
  readonly blocks: ReadonlyArray<{ readonly type: 'heading' | 'paragraph', readonly content: string }>
}

/** The chunks of a document, one for each page: they hold what an extraction by the session's template would cite. */
export async function chunksOf (seed: string, session: Session, document: Document): Promise<Chunk[]> {
  const { audit } = await extract(seed, session.template, session.documents)
  const sources = Object.values(audit).flatMap(fields => Object.values(fields).flatMap(({ sources }) => sources))
  return Array.from({ length: contentOf(document).pageCount }, (_, index) => {
    const id = chunkIdOf(document, index + 1)
    const cited = sources.filter(({ chunkId }) => chunkId === id).map(({ text }) => ({ type: 'paragraph' as const, content: text }))
    return { id, page: index + 1, blocks: [{ type: 'heading', content: filenameOf(document) }, ...cited] }
  })
}
