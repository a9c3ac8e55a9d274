/** Bytes that a client sent under a file key. The bytes themselves are kept by the blob store, under their SHA-256. */
export interface Upload {
  readonly key: string
  /** The name that the client gave the file; null if it gave none. */
  readonly filename: string | null
  readonly contentType: string
  /** Bytes. */
  readonly size: number
  /** 64 hexadecimal digits. */
  readonly sha256: string
  readonly uploadedAt: number
  /** The result of the text extraction without its text; null if the bytes were not inspected. */
  readonly inspection: InspectedFile | null
}

/** The facts that text extraction establishes about a file. */
export interface InspectedFile {
  /** The media type that the bytes show; the claimed type if they show none. */
  readonly mime: string
  readonly pageCount: number
  /** The reason why the bytes are unreadable; null if they are readable. */
  readonly failure: string | null
}
