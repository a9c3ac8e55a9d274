import t from 'tap'
import { resultsAt, type ResultState } from '../../src/domain/lifecycle/lifecycle.ts'
import { presentDocument } from '../../src/resources/document.ts'
import { presentResult } from '../../src/resources/result.ts'
import { sessionWith } from '../domain/records.ts'
import { build } from '../helper.ts'

t.test('a failed document and its results say why', async t => {
  const { namespaces } = await build(t)
  const session = sessionWith({ auto: true, parse: { failure: 'The file is encrypted.' } })
  const [document] = session.documents
  t.match(presentDocument({ document, sessions: [session] }, 11_000), {
    status: 'failed',
    error: 'The file is encrypted.',
    parsings: [{ status: 'failed', updated_at: '1970-01-01T00:00:11Z' }],
    meta: { page_count: null }
  })
  const [result] = resultsAt(session, 11_000) as [ResultState]
  t.match(await presentResult((await namespaces.open('default')), session.id, result), {
    status: 'failed',
    error: 'The file is encrypted.',
    title: null,
    data: {},
    audit_data: {},
    completed_at: '1970-01-01T00:00:11Z'
  })
})

t.test('a document whose parsing nobody asked for has no parsings', async t => {
  const [document] = sessionWith().documents
  t.match(presentDocument({ document: { ...document, parsings: [] }, sessions: [] }, 0), { status: 'uploaded', parsings: [], meta: { page_count: null } })
})
