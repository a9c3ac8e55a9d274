import t from 'tap'
import { build, READ, type Rig } from '../helper.ts'

const NS = '/namespaces/default'

async function idle ({ control }: Rig): Promise<void> {
  await control('POST', `${NS}/clock/advance`, { to: 'idle' })
}

t.test('a run over a parsed session is created, and comes to its end', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'])
  await idle(rig)
  const reply = await rig.call('POST', `/extractions/sessions/${id.toUpperCase()}/results`)
  t.equal(reply.statusCode, 201)
  const result = reply.json()
  t.match(result, { extraction_session_id: id, status: 'created', title: null, completed_at: null, data: {}, audit_data: {}, document_refs: [{ kind: 'documentRef' }], created_at: '2024-01-15T10:30:11Z' })
  t.same((await rig.call('GET', `/extractions/results/${result.id}`)).json(), result)
  await idle(rig)
  t.match((await rig.call('GET', `/extractions/results/${result.id}`)).json(), { status: 'completed', title: 'Invoices - a.pdf' })
})

t.test('a run over a session that is still being parsed waits for it; each call makes another', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/retry.pdf'])
  await rig.control('PUT', `${NS}/outcomes/retry`, { match: {}, attempts: { 1: { extract_failure: 'The model gave up.' } } })
  const runs = []
  for (let n = 0; n < 2; n++) runs.push((await rig.call('POST', `/extractions/sessions/${id}/results`, {})).json())
  t.same(runs.map(({ status }) => status), ['parsing_pending', 'parsing_pending'])
  t.not(runs[0].id, runs[1].id)
  await idle(rig)
  t.same((await rig.call('GET', `/extractions/sessions/${id}/results`)).json().data.map(({ id, status }: { id: string, status: string }) => [id, status]), [[runs[0].id, 'failed'], [runs[1].id, 'completed']])
})

t.test('it needs an ability and a session', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'])
  t.equal((await rig.app.inject({ method: 'POST', url: `/extractions/sessions/${id}/results`, headers: READ })).statusCode, 403)
  const unknown = await rig.call('POST', '/extractions/sessions/00000000-0000-4000-8000-000000000000/results')
  t.same([unknown.statusCode, unknown.json()], [404, { message: 'Session not found.' }])
})
