import type { ExportedResult } from '../../src/spreadsheets/exported-result.ts'

/** Returns a result to export, with the given properties. */
export function exportedResult (given: Partial<ExportedResult> = {}): ExportedResult {
  return {
    sessionId: 'd4e5f6a7-0000-4000-8000-000000000001',
    sessionName: 'invoice.pdf',
    resultId: 'd4e5f6a7-0000-4000-8000-000000000002',
    title: 'Invoices - invoice.pdf',
    status: 'completed',
    configHash: 'ab'.repeat(32),
    createdAt: '2024-01-15T10:30:00.000Z',
    completedAt: '2024-01-15T10:30:05.000Z',
    documents: ['invoice.pdf'],
    data: {},
    auditData: {},
    ...given
  }
}
