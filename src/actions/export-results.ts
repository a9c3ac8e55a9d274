import { Type } from '@sinclair/typebox'
import type { Session } from '../domain/lifecycle/records.ts'
import type { ExportedResult } from '../spreadsheets/exported-result.ts'
import { sessionAt } from '../domain/lifecycle/lifecycle.ts'
import { presentResult, type ExtractedResult } from '../resources/result.ts'

export const WORKBOOK_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const Workbook = { description: 'The workbook.', content: { [WORKBOOK_TYPE]: { schema: Type.String() } } }

/** Returns a result of a session as it is written into files. */
export function exportResult (session: Session, extracted: ExtractedResult, now: number): ExportedResult {
  const { id, title, status, config_hash: configHash, ...presented } = presentResult(session.id, extracted)
  return {
    sessionId: session.id,
    sessionName: sessionAt(session, now).name,
    resultId: id,
    title,
    status,
    configHash,
    createdAt: presented.created_at,
    completedAt: presented.completed_at,
    documents: presented.document_refs.map(({ filename }) => filename),
    data: presented.data,
    auditData: presented.audit_data
  }
}
