/** The origin of a value. */
export interface AuditEntry {
  /** Null unless the template asks for it. */
  readonly reasoning: string | null
  /** The lines in which the value is printed; empty if there are none. */
  readonly sources: ReadonlyArray<{ readonly chunkId: string, readonly text: string, readonly page: number }>
}
