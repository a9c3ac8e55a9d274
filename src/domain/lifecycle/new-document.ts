import type { Document, Source } from './records.ts'

/** The source of a file that was sent through a signed URL or in a request. */
export const UPLOADED: Source = { type: 'upload', url: null }

type Required = Pick<Document, 'id' | 'workspaceId' | 'key' | 'upload' | 'createdAt'>
type Optional = Partial<Pick<Document, 'filename' | 'source'>>

/** Returns a document that has not been parsed yet. */
export function newDocument (facts: Required & Optional): Document {
  return { filename: null, source: UPLOADED, parsings: [], ...facts }
}
