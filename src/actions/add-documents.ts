import type { Upload } from '../domain/files/upload.ts'
import type { Document } from '../domain/lifecycle/records.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import type { AddedDocument } from '../store/records.ts'
import { filenameOfKey, isSupported, OCTET_STREAM, SUPPORTED_RULE } from '../domain/files/file-key.ts'
import { known } from '../domain/known.ts'
import { newDocument } from '../domain/lifecycle/new-document.ts'
import { rejectItems } from '../http/errors.ts'
import { newId } from './new-id.ts'

/** Throws a 422 that names every file key under which nothing was uploaded. */
export function assertUploaded (keys: string | readonly string[], field: string, uploads: ReadonlyMap<string, Upload>): void {
  rejectItems(
    keys,
    field,
    key => uploads.has(key) ? null : 'was not uploaded: PUT it to a signed URL first, and send the key that came with it.'
  )
}

/** The place that documents are added to. */
export interface Destination {
  readonly workspaceId: number
  /** The session to attach them to; null for none. */
  readonly sessionId: string | null
  /** The instant of the request. */
  readonly now: number
  /** The filename and media type that the caller gives now, in place of those of the upload. */
  readonly filename?: string | undefined
  readonly mime?: string | undefined
}

/**
 * Adds a document for each of some file keys, or for one, or finds the one with the same bytes. `field` is the field of the body
 * that holds the keys. Throws a 422 that names every key whose file cannot be a document.
 */
export async function addUploadedDocuments (
  namespace: Namespace,
  keys: string | readonly string[],
  field: string,
  destination: Destination
): Promise<AddedDocument[]> {
  const { records, uploadPolicy } = namespace
  const uploads = await records.findUploads([keys].flat())
  if (uploadPolicy === 'strict') assertUploaded(keys, field, uploads)
  const uploadOf = (key: string): Upload | null => renamed(uploads.get(key) ?? null, destination)
  rejectItems(keys, field, key => {
    const upload = uploadOf(key)
    const filename = destination.filename ?? upload?.filename ?? filenameOfKey(key)
    return isSupported(filename, upload?.contentType ?? OCTET_STREAM, upload?.inspection?.mime) ? null : SUPPORTED_RULE
  })
  const documents: Document[] = []
  for (const key of new Set([keys].flat())) documents.push(await documentFrom(namespace, key, uploadOf(key), destination))
  return await records.addDocuments(documents, destination.sessionId)
}

/** Adds a document for a file that has just been received, or finds the one with the same bytes. */
export async function addDocument (
  namespace: Namespace,
  upload: Upload,
  destination: Destination & Pick<Document, 'source'>
): Promise<AddedDocument> {
  const document = { ...await documentFrom(namespace, upload.key, upload, destination), source: destination.source }
  const [added] = await namespace.records.addDocuments([document], destination.sessionId)
  return known(added, 'one document was added')
}

function renamed (upload: Upload | null, { filename, mime }: Destination): Upload | null {
  return upload === null ? null : { ...upload, filename: filename ?? upload.filename, contentType: mime ?? upload.contentType }
}

async function documentFrom (
  namespace: Namespace,
  key: string,
  upload: Upload | null,
  { workspaceId, filename, now }: Destination
): Promise<Document> {
  const id = await newId(namespace, 'document', workspaceId, key)
  return newDocument({ id, workspaceId, key, filename: filename ?? null, upload, createdAt: now })
}
