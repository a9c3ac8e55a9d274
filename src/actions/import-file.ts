import type { Upload } from '../domain/files/upload.ts'
import type { FileReceiver } from './receive-file.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import type { AddedDocument } from '../store/store.ts'
import { isSupported, SUPPORTED_RULE } from '../domain/files/file-key.ts'
import { unprocessable } from '../http/errors.ts'
import { FetchError, fetchFile } from './fetch-file.ts'
import { BlobTooLarge } from '../store/blobs.ts'
import { newId } from './new-id.ts'
import { addDocument } from './add-documents.ts'

export interface Import {
  readonly url: string
  readonly filename?: string
  readonly workspaceId: number
  /** Whether the address may be one that is not public. */
  readonly allowPrivate: boolean
}

/** Fetches a file and makes a document of it. Throws a 422 that says why it cannot be fetched, or be one. */
export async function importFile (namespace: Namespace, intake: FileReceiver, { url, filename: called, workspaceId, allowPrivate }: Import): Promise<AddedDocument> {
  const upload = await fetchUpload(namespace, intake, url, called, allowPrivate).catch((error: unknown) => {
    if (error instanceof FetchError) throw unprocessable({ url: [`The url ${error.message}`] })
    throw error instanceof BlobTooLarge ? unprocessable({ url: [`The url leads to more than ${intake.maxSize} bytes.`] }) : error
  })
  return await addDocument(namespace, upload, { workspaceId, sessionId: null, source: { type: 'url', url } })
}

async function fetchUpload (namespace: Namespace, intake: FileReceiver, url: string, called: string | undefined, allowPrivate: boolean): Promise<Upload> {
  const { source, contentType, contentLength, ...named } = await fetchFile(url, { allowPrivate })
  try {
    const filename = called ?? named.filename
    if (!isSupported(filename ?? '', contentType)) throw unprocessable({ url: [`The url leads to a file whose ${SUPPORTED_RULE}`] })
    if (Number(contentLength) > intake.maxSize) throw new BlobTooLarge(url)
    const received = await intake.receive(namespace, source, { contentType, filename })
    const key = `tmp/${await newId(namespace, 'import', url)}`
    return { key, filename, contentType, uploadedAt: namespace.clock.now(), ...received }
  } finally {
    source.destroy()
  }
}
