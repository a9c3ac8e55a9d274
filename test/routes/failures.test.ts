import t from 'tap'
import { resultsAt, type ResultState } from '../../src/domain/lifecycle.ts'
import { presentDocument } from '../../src/routes/documents.ts'
import { presentResult } from '../../src/routes/results.ts'
import { sessionWith } from '../domain/records.ts'

t.test('a failed document and its results say why', async t => {
  const session = sessionWith({ auto: true, parse: { failure: 'The file is encrypted.' } })
  t.match(presentDocument(session, session.documents[0], 11_000), {
    status: 'failed',
    error: 'The file is encrypted.',
    parsings: [{ status: 'failed', updated_at: '1970-01-01T00:00:11Z' }],
    meta: { page_count: null }
  })
  const [result] = resultsAt(session, 11_000) as [ResultState]
  t.match(await presentResult('seed', session, result), {
    status: 'failed',
    error: 'The file is encrypted.',
    title: null,
    data: {},
    audit_data: {},
    completed_at: '1970-01-01T00:00:11Z'
  })
})

t.test('a document whose parsing nobody asked for has no parsings', async t => {
  const session = sessionWith()
  const [document] = session.documents
  t.match(presentDocument(session, { ...document, parse: { ...document.parse, askedAt: 5_000 } }, 0), { status: 'uploaded', parsings: [], meta: { page_count: null } })
})
