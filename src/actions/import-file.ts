import type { Upload } from '../domain/files/upload.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import type { AddedDocument } from '../store/records.ts'
import type { FileReceiver } from './receive-file.ts'
import { isSupported, SUPPORTED_RULE } from '../domain/files/file-key.ts'
import { unprocessable } from '../http/errors.ts'
import { FileTooLarge } from '../store/uploaded-files.ts'
import { addDocument } from './add-documents.ts'
import { FetchError, fetchFile } from './fetch-file.ts'
import { newId } from './new-id.ts'

export interface Import {
  readonly url: string
  readonly filename?: string
  readonly workspaceId: number
  /** True if the address may be one that is not public. */
  readonly allowPrivate: boolean
  /** The instant of the request. */
  readonly now: number
}

/** Fetches a file and adds a document for it. Throws a 422 that says why it cannot be fetched, or cannot be a document. */
export async function importFile (namespace: Namespace, receiver: FileReceiver, request: Import): Promise<AddedDocument> {
  return await fetchAndAdd(namespace, receiver, request).catch((error: unknown) => {
    if (error instanceof FetchError) throw unprocessable({ url: [`The url ${error.message}`] })
    throw error instanceof FileTooLarge ? unprocessable({ url: [`The url leads to more than ${receiver.maxSize} bytes.`] }) : error
  })
}

async function fetchAndAdd (
  namespace: Namespace,
  receiver: FileReceiver,
  { url, workspaceId, now, ...options }: Import
): Promise<AddedDocument> {
  const { source, contentType, contentLength, ...named } = await fetchFile(url, { allowPrivate: options.allowPrivate })
  try {
    const filename = options.filename ?? named.filename
    const rejectOthers = (actual: string | null | undefined): void => {
      if (isSupported(filename ?? '', contentType, actual)) return
      throw unprocessable({ url: [`The url leads to a file whose ${SUPPORTED_RULE}`] })
    }
    rejectOthers(null)
    if (Number(contentLength) > receiver.maxSize) throw new FileTooLarge(url)
    return await receiver.receive(source, { contentType, filename }, async received => {
      rejectOthers(received.inspection?.mime)
      const key = `tmp/${await newId(namespace, 'import', url)}`
      const upload: Upload = { key, filename, contentType, uploadedAt: now, ...received }
      return await addDocument(namespace, upload, { workspaceId, sessionId: null, now, source: { type: 'url', url } })
    })
  } finally {
    source.destroy()
  }
}
