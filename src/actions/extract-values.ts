import type { Document, Session, Template } from '../domain/lifecycle/records.ts'
import type { Fixture } from '../domain/lifecycle/outcome.ts'
import { chunksOf, type Chunk, type ExtractionInput } from '../domain/extraction/chunks.ts'
import { extract, type Extraction } from '../domain/extraction/extraction.ts'
import { documentContent } from '../domain/files/document-content.ts'
import { digestOf } from '../domain/ids.ts'
import { configHashOf } from '../domain/templates/config-hash.ts'
import type { ResultState } from '../domain/lifecycle/lifecycle.ts'
import type { ExtractedResult } from '../resources/result.ts'
import type { FileReceiver } from './receive-file.ts'
import { sourceDocument } from './source-document.ts'

/** Extracts values from documents. An extraction is a function of what it is given, so that it is remembered. */
export interface Extractor {
  /** Returns a result with the values that its run found, if it has completed. */
  extractResult (seed: string, result: ResultState): Promise<ExtractedResult>
  /** Returns the chunks of a document that is attached to `sessions`. */
  chunks (seed: string, document: Document, sessions: readonly Session[]): Promise<Chunk[]>
}

/** The number of extractions that are remembered; the one that was not used for the longest time is dropped first. */
const REMEMBERED = 500

export function createExtractor (receiver: FileReceiver): Extractor {
  const remembered = new Map<string, Promise<Extraction>>()

  async function extractAnew (seed: string, { template, documents, given }: ExtractionInput): Promise<Extraction> {
    const sources = await Promise.all(documents.map(async document => await sourceDocument(receiver, document)))
    return await extract(seed, template, sources, given)
  }

  async function extractOnce (seed: string, input: ExtractionInput): Promise<Extraction> {
    const key = keyOf(seed, input.template, input.documents, input.given)
    const extraction = remembered.get(key) ?? extractAnew(seed, input)
    // The order of a map is that of insertion: what is used moves to its end.
    remembered.delete(key)
    remembered.set(key, extraction)
    for (const oldest of remembered.keys()) {
      if (remembered.size <= REMEMBERED) break
      remembered.delete(oldest)
    }
    return await extraction.catch((error: unknown) => {
      remembered.delete(key)
      throw error
    })
  }

  return {
    async extractResult (seed, result) {
      if (result.status !== 'completed') return { result, extraction: null }
      const { template, documents, fixture } = result
      return { result, extraction: await extractOnce(seed, { template, documents, given: fixture?.data }) }
    },
    async chunks (seed, document, sessions) {
      return await chunksOf(document, await sourceDocument(receiver, document), sessions, async input => await extractOnce(seed, input))
    }
  }
}

function keyOf (seed: string, template: Template, documents: readonly Document[], given: Fixture['data']): string {
  const files = documents.map(document => {
    const { sha256, pageCount } = documentContent(document)
    return [document.id, sha256, pageCount, document.upload?.inspection?.mime ?? null]
  })
  return digestOf(seed, template.id, configHashOf(template), JSON.stringify(files), JSON.stringify(given ?? null))
}
