/** A piece of a page's text. The lines of a paragraph are separated by `\n`. */
export interface Block {
  readonly type: 'heading' | 'paragraph'
  readonly content: string
}

/** The result of extracting text from the bytes of a file. The same bytes always give the same result. */
export interface ExtractedText {
  /** The media type that the bytes show; the claimed type if they show none. */
  readonly mime: string
  /** At least 1 if the file is readable. */
  readonly pageCount: number
  /** The reason why the file is unreadable, and what to do about it; null if it is readable. */
  readonly failure: string | null
  /** The text of each page, in order: at most the first 500 pages, and 1,000,000 characters in total. */
  readonly pages: ReadonlyArray<readonly Block[]>
}

/** The media type and name that the client claims for a file. */
export interface ClaimedType {
  readonly contentType: string
  readonly filename: string | null
}

/** Returns the result for an unreadable file. */
export function failedExtraction (mime: string, failure: string): ExtractedText {
  return { mime, pageCount: 0, failure, pages: [] }
}
