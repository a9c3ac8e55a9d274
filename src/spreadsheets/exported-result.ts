/** One result as it is written into a file; instants are ISO 8601 text. */
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
  /** By group: `{ field: value }`, or, where the group is iterated, a list of such objects. */
  readonly data: { readonly [group: string]: unknown }
  /**
   * By group: `{ field: { reasoning, sources: [{ chunk_id, text, page }] } }`, or a list of such objects. What is shaped
   * otherwise is written as well as it can be.
   */
  readonly auditData: { readonly [group: string]: unknown }
}
