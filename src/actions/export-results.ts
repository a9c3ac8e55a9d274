import { Type } from '@sinclair/typebox'
import type { ExportedResult } from '../spreadsheets/exported-result.ts'
import type { Session } from '../domain/lifecycle/records.ts'
import type { Namespace } from '../namespaces/namespace.ts'
import { filenameOf, sessionAt, type ResultState } from '../domain/lifecycle/lifecycle.ts'
import { presentResult } from '../resources/result.ts'

export const WORKBOOK_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const Workbook = { description: 'The workbook.', content: { [WORKBOOK_TYPE]: { schema: Type.String() } } }

/** A result as it is exported. */
export async function exportResult (namespace: Namespace, session: Session, result: ResultState): Promise<ExportedResult> {
  const { id, title, status, config_hash: configHash, created_at: createdAt, completed_at: completedAt, data, audit_data: auditData } = await presentResult(namespace, session.id, result)
  return {
    sessionId: session.id,
    sessionName: sessionAt(session, namespace.clock.now()).name,
    resultId: id,
    title,
    status,
    configHash,
    createdAt,
    completedAt,
    documents: result.documents.map(filenameOf),
    data,
    auditData
  }
}
