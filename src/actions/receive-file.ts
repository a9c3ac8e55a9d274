import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ClaimedType } from '../domain/files/extracted-text.ts'
import type { InspectedFile } from '../domain/files/upload.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import type { TextExtractor } from '../text-extraction/text-extractor.ts'

/** How files get in, whatever way they come. */
export interface FileReceiver {
  /** How many bytes a file may have. */
  readonly maxSize: number
  /** Keeps the bytes, and reads them. Throws BlobTooLarge, and whatever error `source` ends with; then nothing is kept. */
  receive (namespace: Pick<Namespace, 'blobs'>, source: Readable, claimed: ClaimedType): Promise<ReceivedFile>
}

export interface ReceivedFile {
  readonly size: number
  readonly sha256: string
  /** What was found; null if files are not read. */
  readonly inspection: InspectedFile | null
}

/** An intake; without a reader any bytes will do. */
export function createFileReceiver ({ maxSize, reader }: { readonly maxSize: number, readonly reader: Pick<TextExtractor, 'read'> | null }): FileReceiver {
  return {
    maxSize,
    async receive ({ blobs }, source, claimed) {
      const received = await blobs.receive(source, maxSize)
      const folder = await blobs.folder()
      if (reader === null || folder === undefined) return { ...received, inspection: null }
      const { pages, ...inspection } = await reader.read(join(folder, received.sha256), claimed)
      if (pages.some(blocks => blocks.length > 0)) await blobs.keepPages(received.sha256, pages)
      return { ...received, inspection }
    }
  }
}
