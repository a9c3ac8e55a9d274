import { Type, type Static } from '@sinclair/typebox'
import type { FoundDocument, Session } from '../domain/lifecycle/records.ts'
import { sessionAt } from '../domain/lifecycle/lifecycle.ts'
import { SESSION_STATUSES } from '../domain/lifecycle/statuses.ts'
import { Enum, Instant, isoOf, Ref, Uuid } from '../http/schema.ts'
import { DocumentBody, presentDocument } from './document.ts'
import { presentResult, ResultBody, type ExtractedResult } from './result.ts'

export const SessionBody = Type.Object({
  id: Uuid('session'),
  name: Type.String({
    description: 'For a session of a batch: "Pending..." until parsing begins, then the filename of the document.',
    examples: ['invoice.pdf']
  }),
  extraction_template_id: Uuid('template', 'The template of the session.'),
  settings: Type.Object({ auto_extract: Type.Optional(Type.Boolean({ examples: [true] })) }),
  status: Enum(SESSION_STATUSES, 'Status of the session.', 'completed'),
  created_at: Instant,
  updated_at: Instant,
  documents: Type.Array(Ref(DocumentBody)),
  results: Type.Array(Ref(ResultBody), { description: 'Oldest first.' })
}, { $id: 'Session', description: 'An extraction session: documents and the runs over them.' })

/** The documents and results of a session at an instant. */
export interface SessionContent {
  readonly documents: readonly FoundDocument[]
  readonly results: readonly ExtractedResult[]
}

/** Presents a session as it stands at `now`. */
export function presentSession (session: Session, { documents, results }: SessionContent, now: number): Static<typeof SessionBody> {
  const { status, name, updatedAt } = sessionAt(session, now)
  return {
    id: session.id,
    name,
    extraction_template_id: session.template.id,
    settings: session.autoExtract === null ? {} : { auto_extract: session.autoExtract },
    status,
    created_at: isoOf(session.createdAt),
    updated_at: isoOf(updatedAt),
    documents: documents.map(document => presentDocument(document, now)),
    results: results.map(result => presentResult(session.id, result))
  }
}
