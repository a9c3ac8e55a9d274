/** One result as the exports show it; instants are ISO 8601 text. */
export interface ExportedResult {
  readonly sessionId: string
  readonly sessionName: string
  readonly resultId: string
  readonly title: string | null
  readonly status: string
  readonly configHash: string
  readonly createdAt: string
  readonly completedAt: string | null
  /** Filenames. */
  readonly documents: readonly string[]
  /** By group: `{ field: value }`, or a list of such objects for an iterated group. */
  readonly data: { readonly [group: string]: unknown }
  /**
   * By group: `{ field: { reasoning, sources: [{ chunk_id, text, page }] } }`, or a list of such objects. A fixture may have any
   * other shape, which is exported as text.
   */
  readonly auditData: { readonly [group: string]: unknown }
}
