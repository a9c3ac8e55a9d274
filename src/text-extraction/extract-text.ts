import { open, type FileHandle } from 'node:fs/promises'
import { failedExtraction, type ClaimedType, type ExtractedText } from '../domain/files/extracted-text.ts'
import { documentTypeOf } from '../domain/files/file-key.ts'
import { COMPOUND_FILE } from './compound-file.ts'
import { detectType, RTF } from './detect-type.ts'
import { readDocx } from './docx.ts'
import { checkImage } from './image.ts'
import { claimedTypeOf, DOC, DOCX, encodingOf, JPEG, PDF, PNG, PPTX, TIFF } from './media-type.ts'
import { createPageCollector, type PagedText } from './pages.ts'
import { readPptx } from './pptx.ts'
import { readText } from './plain-text.ts'
import { countTiffPages } from './tiff.ts'
import { Damaged, Unreadable } from './unreadable.ts'

/**
 * Reads the file at `path`, in this thread and for as long as it takes: `createReader` does so beside, and within limits.
 * Rejects only with what the system throws: if the file is not there, for one.
 */
export async function extractText (path: string, claim: ClaimedType): Promise<ExtractedText> {
  await using file = await open(path)
  const claimed = claimedTypeOf(claim)
  const { size } = await file.stat()
  if (size === 0) return failedExtraction(claimed, 'The file is empty: upload it again.')
  let actual: string | undefined
  try {
    actual = await detectType(file, path, claimed)
    const type = documentTypeOf(claimed) ?? actual ?? claimed
    return { mime: type, failure: null, ...await contentOf({ file, path, size, encoding: encodingOf(claim.contentType) }, type, actual) }
  } catch (error) {
    const type = actual ?? claimed
    if (error instanceof Damaged) return failedExtraction(type, `${error.message} It was read as ${type}.`)
    if (error instanceof Unreadable) return failedExtraction(type, error.message)
    throw error
  }
}

interface Source {
  readonly file: FileHandle
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** The encoding that the client claims for a text. */
  readonly encoding: string | undefined
}

interface Format {
  /** The types that detection may return for the bytes. */
  readonly types: ReadonlyArray<string | undefined>
  read (source: Source): Promise<PagedText>
}

async function contentOf (source: Source, type: string, actual: string | undefined): Promise<PagedText> {
  const format = type.startsWith('text/') ? TEXT : FORMATS.get(type)
  if (format === undefined) return ONE_PAGE
  if (!format.types.includes(actual)) throw notAsClaimed(type, actual)
  return await format.read(source)
}

function notAsClaimed (claimed: string, actual: string | undefined): Unreadable {
  if (actual === COMPOUND_FILE && (claimed === DOCX || claimed === PPTX)) {
    return new Unreadable('The file is encrypted: remove its password.')
  }
  const truth = actual === undefined ? 'it is not one' : `its bytes are ${actual}`
  return new Unreadable(`The file says it is ${claimed}, but ${truth}: upload it with its real type.`)
}

/** The content of what is not looked into. */
const ONE_PAGE: PagedText = { pageCount: 1, pages: [[]] }

const TEXT: Format = { types: [undefined, RTF], read: async ({ file, encoding }) => await readText(file, encoding) }

const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  [PDF, { types: [PDF], read: readWholePdf }],
  [DOCX, { types: [DOCX], read: async ({ path }) => await readDocx(path) }],
  [PPTX, { types: [PPTX], read: async ({ path }) => await readPptx(path) }],
  [DOC, { types: [DOC, COMPOUND_FILE, RTF], read: async () => ONE_PAGE }],
  [PNG, { types: [PNG], read: readPicture }],
  [JPEG, { types: [JPEG], read: readPicture }],
  [TIFF, { types: [TIFF], read: async ({ file }) => createPageCollector().content(await countTiffPages(file)) }]
])

async function readWholePdf ({ file, size }: Source): Promise<PagedText> {
  const data = new Uint8Array(size)
  await file.read(data, 0, size, 0)
  const { readPdf } = await import('./pdf.ts')
  return await readPdf(data)
}

async function readPicture ({ file }: Source): Promise<PagedText> {
  await checkImage(file)
  return ONE_PAGE
}
