/** A piece of a page's text. The lines of a paragraph are kept apart by `\n`. */
export interface Block {
  readonly type: 'heading' | 'paragraph'
  readonly content: string
}

/** What was found when the bytes of a file were read. The same bytes give the same reading every time. */
export interface ExtractedText {
  /** The media type as the bytes tell; if they do not, the one that was claimed. */
  readonly mime: string
  /** At least 1 if the file can be read. */
  readonly pageCount: number
  /** Why the file cannot be read, for a person to act on; null if it can. */
  readonly failure: string | null
  /** The text of each page, in order: of the first 500 pages at most, and 1,000,000 characters in all. */
  readonly pages: ReadonlyArray<readonly Block[]>
}

/** What is said of a file beside its bytes. */
export interface ClaimedType {
  readonly contentType: string
  readonly filename: string | null
}

/** The reading of a file that cannot be read. */
export function failedExtraction (mime: string, failure: string): ExtractedText {
  return { mime, pageCount: 0, failure, pages: [] }
}
