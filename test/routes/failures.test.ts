import t from 'tap'
import { resultsAt, type ResultState } from '../../src/domain/lifecycle/lifecycle.ts'
import { presentDocument } from '../../src/resources/document.ts'
import { presentResult } from '../../src/resources/result.ts'
import { sessionWith } from '../domain/records.ts'

t.test('a failed document and its results have an error', async t => {
  const session = sessionWith({ auto: true, parse: { failure: 'The file is encrypted.' } })
  const [document] = session.documents
  t.match(presentDocument({ document, runs: session.runs }, 11_000), {
    status: 'failed',
    error: 'The file is encrypted.',
    parsings: [{ status: 'failed', updated_at: '1970-01-01T00:00:11Z' }],
    meta: { page_count: null }
  })
  const [result] = resultsAt(session, 11_000) as [ResultState]
  t.match(presentResult(session.id, { result, extraction: null }), {
    status: 'failed',
    error: 'The file is encrypted.',
    title: null,
    data: {},
    audit_data: {},
    completed_at: '1970-01-01T00:00:11Z'
  })
})

t.test('a document without a requested parsing has no parsings', async t => {
  const [document] = sessionWith().documents
  t.match(presentDocument({ document: { ...document, parsings: [] }, runs: [] }, 0), { status: 'uploaded', parsings: [], meta: { page_count: null } })
})
