/** The statuses of the API's current generation (G2). */
export const DOCUMENT_STATUSES = ['uploaded', 'queued', 'parsing', 'parsed', 'processed', 'failed'] as const
export const PARSING_STATUSES = ['queued', 'parsing', 'ready', 'failed'] as const
export const SESSION_STATUSES = ['pending', 'processing', 'completed', 'failed'] as const
export const RESULT_STATUSES = ['parsing_pending', 'created', 'processing', 'completed', 'failed'] as const

export type DocumentStatus = typeof DOCUMENT_STATUSES[number]
export type ParsingStatus = typeof PARSING_STATUSES[number]
export type SessionStatus = typeof SESSION_STATUSES[number]
export type ResultStatus = typeof RESULT_STATUSES[number]
