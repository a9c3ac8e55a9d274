import type { Upload } from '../domain/files/upload.ts'
import type { Document } from '../domain/lifecycle/records.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import type { AddedDocument } from '../store/store.ts'
import type { NamespaceRegistry } from '../namespaces/registry.ts'
import { newDocument } from '../domain/lifecycle/new-document.ts'
import { filenameOfKey, isSupported, OCTET_STREAM, SUPPORTED_RULE } from '../domain/files/file-key.ts'
import { rejectItems } from '../http/errors.ts'
import { newId } from './new-id.ts'

/** Throws a 422 that names every file key under which nothing was uploaded. */
export function assertUploaded (keys: string | readonly string[], field: string, uploads: ReadonlyMap<string, Upload>): void {
  rejectItems(keys, field, key => uploads.has(key) ? null : 'was not uploaded: PUT it to a signed URL first, and send the key that came with it.')
}

/** Where files are to go, and how they are called there. */
export interface Destination {
  readonly workspaceId: number
  /** The session to attach them to; null for none. */
  readonly sessionId: string | null
  /** What the file is called and what it is, where its sender says so again. */
  readonly filename?: string | undefined
  readonly mime?: string | undefined
}

/**
 * Makes documents of what was uploaded under some keys, or under one, or finds those that have the same bytes. Throws a
 * 422 that names every key of a file that cannot be one.
 */
export async function addUploadedDocuments (namespace: Namespace, { uploads: policy }: NamespaceRegistry, keys: string | readonly string[], field: string, destination: Destination): Promise<AddedDocument[]> {
  const uploads = await namespace.store.findUploads([keys].flat())
  if (policy === 'strict') assertUploaded(keys, field, uploads)
  const files = [...new Set([keys].flat())].map(key => ({ key, upload: asCalled(uploads.get(key) ?? null, destination) }))
  rejectItems(keys, field, key => {
    const upload = asCalled(uploads.get(key) ?? null, destination)
    const filename = destination.filename ?? upload?.filename ?? filenameOfKey(key)
    return isSupported(filename, upload?.contentType ?? OCTET_STREAM) ? null : SUPPORTED_RULE
  })
  const documents: Document[] = []
  for (const { key, upload } of files) documents.push(await newDocumentOf(namespace, key, upload, destination))
  return await namespace.store.addDocuments(documents, destination.sessionId)
}

/** Makes a document of bytes that have just come, or finds the one that has the same. */
export async function addDocument (namespace: Namespace, upload: Upload, destination: Destination & Pick<Document, 'source'>): Promise<AddedDocument> {
  const document = { ...await newDocumentOf(namespace, upload.key, upload, destination), source: destination.source }
  const [taken] = await namespace.store.addDocuments([document], destination.sessionId)
  return taken as AddedDocument
}

function asCalled (upload: Upload | null, { filename, mime }: Destination): Upload | null {
  return upload === null ? null : { ...upload, filename: filename ?? upload.filename, contentType: mime ?? upload.contentType }
}

async function newDocumentOf (namespace: Namespace, key: string, upload: Upload | null, { workspaceId, filename }: Destination): Promise<Document> {
  const id = await newId(namespace, 'document', workspaceId, key)
  return newDocument({ id, workspaceId, key, filename: filename ?? null, upload, createdAt: namespace.clock.now() })
}
