import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ClaimedType, ExtractedText } from '../domain/files/extracted-text.ts'
import type { InspectedFile, Upload } from '../domain/files/upload.ts'
import type { ByteCheck, Pages, UploadedFiles } from '../store/uploaded-files.ts'
import { encodingOf } from '../text-extraction/media-type.ts'
import type { TextExtractor } from '../text-extraction/text-extractor.ts'

/** Receives uploaded files, whatever request they come with, and knows their text. */
export interface FileReceiver {
  /** The maximum size of a file in bytes. */
  readonly maxSize: number
  /**
   * Keeps the bytes of `source` and extracts their text, then resolves as `use` does, which writes the records that refer to
   * the file. Throws FileTooLarge, any error that `source` ends with, and what `check` throws; then nothing is kept.
   */
  receive<T> (source: Readable, claim: ClaimedType, use: (file: ReceivedFile) => Promise<T>, check?: ByteCheck): Promise<T>
  /** Returns the text of an upload by page; undefined if none was extracted, or if it has none. */
  textOf (upload: Upload): Promise<Pages | undefined>
}

export interface ReceivedFile {
  readonly size: number
  readonly sha256: string
  /** The findings of text extraction; null if it is off. */
  readonly inspection: InspectedFile | null
}

export interface FileReceiverOptions {
  readonly files: UploadedFiles
  readonly maxSize: number
  /** Null if any bytes are accepted and none are looked into. */
  readonly extractor: Pick<TextExtractor, 'read'> | null
}

export function createFileReceiver ({ files, maxSize, extractor }: FileReceiverOptions): FileReceiver {
  /** Extracts the text of a file and keeps it. */
  async function inspect (sha256: string, path: string, claim: ClaimedType): Promise<ExtractedText | null> {
    if (extractor === null) return null
    const text = await extractor.read(path, claim)
    if (text.failure === null) await files.keepText(sha256, textTypeOf(text.mime, claim), text.pages)
    return text
  }

  return {
    maxSize,
    receive: async (source, claim, use, check) => await files.receive(source, maxSize, async ({ size, sha256, path }) => {
      return await use({ size, sha256, inspection: withoutText(await inspect(sha256, path, claim)) })
    }, check),
    async textOf (upload) {
      const { sha256, inspection } = upload
      if (inspection === null || inspection.failure !== null) return undefined
      const contentType = textTypeOf(inspection.mime, upload)
      // Derived from the bytes, so that it can be extracted again where it was lost.
      const pages = await files.findText(sha256, contentType) ??
        (await inspect(sha256, join(await files.folder(), sha256), { contentType, filename: null }))?.pages
      return pages?.some(blocks => blocks.length > 0) === true ? pages : undefined
    }
  }
}

/** Returns the media type on which the text of a file depends: with the encoding, if the client named one. */
function textTypeOf (mime: string, { contentType }: Pick<ClaimedType, 'contentType'>): string {
  const encoding = encodingOf(contentType)
  return encoding === undefined ? mime : `${mime}; charset=${encoding}`
}

function withoutText (text: ExtractedText | null): InspectedFile | null {
  if (text === null) return null
  const { pages: _, ...inspection } = text
  return inspection
}
