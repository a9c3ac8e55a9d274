import { Type, type Static, type TSchema, type TUnsafe } from '@sinclair/typebox'
import { mapGroups, type Grouped as GroupedValues } from '../domain/extraction/by-group.ts'
import { configHashOf } from '../domain/templates/config-hash.ts'
import { titleOf, type Extraction } from '../domain/extraction/extraction.ts'
import { filenameOf, type ResultState } from '../domain/lifecycle/lifecycle.ts'
import { RESULT_STATUSES } from '../domain/lifecycle/statuses.ts'
import { Digest, Enum, Instant, isoOf, Nullable, Ref, Uuid } from '../http/schema.ts'
import { DocumentRefBody, presentDocumentRef } from './document-ref.ts'

const AuditEntryBody = Type.Object({
  reasoning: Type.Optional(Type.String({ description: 'Present only if the template sets `reasoning_enabled`.' })),
  sources: Type.Array(Type.Object({
    chunk_id: Uuid('chunk', 'The chunk that contains the text.'),
    text: Type.String(),
    page: Type.Integer({ minimum: 1 })
  }), { description: 'Places in the documents where the value was found; empty for a generated value.' })
})

/** A schema for values by group and field; a group with `iterates_on` has a list of field objects. */
function Grouped<T extends TSchema> (value: T, description: string, example: GroupedValues<Static<T>>): TUnsafe<GroupedValues<Static<T>>> {
  const fields = Type.Record(Type.String(), value)
  return Type.Unsafe(Type.Record(Type.String(), Type.Union([fields, Type.Array(fields)]), { description, examples: [example] }))
}

/** Extracted values for the examples of the OpenAPI document. */
export const EXAMPLE_DATA = { invoice: { invoice_number: 'INV-2024-001', total: 8800 } }

const CHUNK = '1ec5e1d4-0b1f-4c0e-9d5a-2f6e1c7b8a90'

const EXAMPLE_AUDIT = {
  invoice: {
    invoice_number: {
      reasoning: 'The value follows its label.',
      sources: [{ chunk_id: CHUNK, text: 'Invoice Number: INV-2024-001', page: 1 }]
    },
    total: { reasoning: 'The value is at the foot of the page.', sources: [{ chunk_id: CHUNK, text: 'Total 8,800.00', page: 1 }] }
  }
}

export const ResultBody = Type.Object({
  id: Uuid('result'),
  extraction_session_id: Uuid('session', 'The session of the run.'),
  status: Enum(RESULT_STATUSES, 'Status of the run; completed and failed are final.', 'completed'),
  config_hash: Digest('Fingerprint of the parsing configuration.'),
  title: Nullable(
    Type.String(),
    'Null until the run has completed, and always null if the template has no `extraction_title_prompt`.',
    'Invoices - invoice.pdf'
  ),
  error: Type.Optional(Type.String({ description: 'Reason of the failure; present only on a failed result.' })),
  created_at: Instant,
  completed_at: Nullable(Instant, 'Instant at which the run completed or failed; null until then.'),
  document_refs: Type.Array(Ref(DocumentRefBody)),
  data: Grouped(Type.Unknown(), 'The values, by group and field; empty until the run has completed.', EXAMPLE_DATA),
  audit_data: Grouped(AuditEntryBody, 'The sources of each value; empty until the run has completed.', EXAMPLE_AUDIT),
  updated_at: Instant
}, { $id: 'Result', description: 'One run of an extraction over the documents of a session.' })

/** A result with the values that its run found; null until it has completed. */
export interface ExtractedResult {
  readonly result: ResultState
  readonly extraction: Extraction | null
}

/** Presents a result with its values. */
export function presentResult (sessionId: string, { result, extraction }: ExtractedResult): Static<typeof ResultBody> {
  const { template, documents, fixture } = result
  return {
    id: result.id,
    extraction_session_id: sessionId,
    status: result.status,
    config_hash: configHashOf(template),
    title: result.status === 'completed' ? fixture?.title ?? titleOf(template.name, documents.map(filenameOf), template.schema) : null,
    ...result.failure === null ? {} : { error: result.failure },
    created_at: isoOf(result.createdAt),
    completed_at: result.completedAt === null ? null : isoOf(result.completedAt),
    document_refs: documents.map(presentDocumentRef),
    data: extraction?.data ?? {},
    audit_data: extraction === null ? {} : presentAudit(result, extraction),
    updated_at: isoOf(result.updatedAt)
  }
}

/** Presents where the values of a completed result come from. */
function presentAudit ({ fixture }: ResultState, { audit }: Extraction): Static<typeof ResultBody>['audit_data'] {
  const given = fixture?.auditData as Static<typeof ResultBody>['audit_data'] | undefined
  return given ?? mapGroups(audit, ({ reasoning, sources }) => ({
    ...reasoning === null ? {} : { reasoning },
    sources: sources.map(({ chunkId, text, page }) => ({ chunk_id: chunkId, text, page }))
  }))
}
