import { Type } from '@sinclair/typebox'
import type { Session } from '../domain/lifecycle/records.ts'
import type { ExportedResult } from '../spreadsheets/exported-result.ts'
import { filenameOf, sessionAt } from '../domain/lifecycle/lifecycle.ts'
import { presentAudit, presentSummary, type ExtractedResult } from '../resources/result.ts'

export const WORKBOOK_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const Workbook = { description: 'The workbook.', content: { [WORKBOOK_TYPE]: { schema: Type.String() } } }

/** Returns a result of a session as it is written into files. */
export function exportResult (session: Session, extracted: ExtractedResult, now: number): ExportedResult {
  const { result, extraction } = extracted
  const { id, title, status, config_hash: configHash, created_at: createdAt, completed_at: completedAt } = presentSummary(session.id, result)
  return {
    sessionId: session.id,
    sessionName: sessionAt(session, now).name,
    resultId: id,
    title,
    status,
    configHash,
    createdAt,
    completedAt,
    documents: result.documents.map(filenameOf),
    data: extraction?.data ?? {},
    auditData: extraction === null ? {} : presentAudit(result, extraction)
  }
}
