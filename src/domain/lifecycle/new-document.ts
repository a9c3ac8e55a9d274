import type { Document, Source } from './records.ts'

/** The source of what came through a signed URL, or with a request. */
export const UPLOADED: Source = { type: 'upload', url: null }

/** A document as it comes into a workspace: not parsed yet. */
export function newDocument (of: Pick<Document, 'id' | 'workspaceId' | 'key' | 'upload' | 'createdAt'> & Partial<Pick<Document, 'filename' | 'source'>>): Document {
  return { filename: null, source: UPLOADED, parsings: [], ...of }
}
