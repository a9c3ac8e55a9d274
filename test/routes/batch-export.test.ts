import t from 'tap'
import readWorkbook from 'read-excel-file/node'
import { BATCH_URL, build, NOON, otherTemplate, TEMPLATE, type Rig } from '../helper.ts'
import { findsNone, MISSING, NO_UUIDS, notOf, refusesBadBodies } from './bad-input.ts'
import { ask, get, idle, newSession, NO_ABILITY, notFound, refusal, run, SESSIONS_URL, UNKNOWN } from './files.ts'

const EXPORT_URL = `${BATCH_URL}/export`
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const FIRST = { invoice: { invoice_number: 'INV-1', date: null, due_date: '=1+1', currency: 'EUR' }, amounts: { total_amount: 8800.5 } }
const FIRST_AUDIT = { invoice: { invoice_number: { reasoning: 'Top right.', sources: [{ chunk_id: '9c90c3cc-0d44-4b50-8888-8dd257360521', text: 'No. INV-1', page: 1 }] } } }

/** Three sessions: one with two completed runs, one with one, and one with none. */
async function threeSessions (rig: Rig): Promise<string[]> {
  await rig.control('PUT', '/namespaces/default/outcomes/a', { match: { file: 'a.pdf', template: TEMPLATE }, attempts: { 1: { data: { invoice: { invoice_number: 'old' } } }, 2: { data: FIRST, audit_data: FIRST_AUDIT, title: 'Invoice INV-1' }, 3: { extract_failure: 'The model gave up.' } } })
  await rig.control('PUT', '/namespaces/default/outcomes/b', { match: { file: 'b.pdf', template: TEMPLATE }, attempts: { '*': { data: { vendor: { vendor_name: 'Acme, "the" best' } }, audit_data: {} } } })
  const [a = '', b = '', c = ''] = await rig.create(['tmp/a.pdf', 'tmp/b.pdf', 'tmp/c.pdf'], { auto_extract: true })
  await ask(rig, 'DELETE', `/extractions/results/${c.replace(/0(...)$/, '2$1')}`)
  for (let n = 0; n < 2; n++) {
    await idle(rig)
    await run(rig, a)
  }
  await idle(rig)
  const { documents: [{ id }] } = await get(rig, `${SESSIONS_URL}/${c}`)
  await ask(rig, 'DELETE', `${SESSIONS_URL}/${c}/documents/${id}`)
  return [a, b, c]
}

t.test('batch export: JSON is a bare array of the last completed results, in both forms', async t => {
  const rig = await build(t)
  const [a = '', b = '', c = ''] = await threeSessions(rig)
  const expected = [200, [
    { session_id: b, session_name: 'b.pdf', data: { vendor: { vendor_name: 'Acme, "the" best' } } },
    { session_id: a, session_name: 'a.pdf', data: FIRST },
    { session_id: c, session_name: 'c.pdf', data: (await get(rig, `${SESSIONS_URL}/${c}`)).results.at(-1)?.data ?? {} }
  ]]
  const body = { session_ids: [b, a, c, a.toUpperCase()] }
  t.strictSame(await ask(rig, 'POST', EXPORT_URL, body), expected, 'by default')
  t.strictSame(await ask(rig, 'POST', EXPORT_URL, { ...body, format: 'json' }, 'viewer'), expected)
  t.strictSame(await ask(rig, 'POST', `${EXPORT_URL}/json`, body, 'read'), expected)
  t.strictSame(await ask(rig, 'POST', `${EXPORT_URL}/json`, { ...body, format: 'excel' }), expected, 'the format in the path counts')
})

t.test('batch export: JSON has empty data for sessions without a completed run', async t => {
  const rig = await build(t)
  const [pending = ''] = await rig.create(['tmp/a.pdf'])
  const empty = await newSession(rig, { name: 'Empty' })
  const running = await rig.create(['tmp/b.pdf'], { auto_extract: true })
  await rig.clock.advanceTo(NOON + 20_000)
  t.strictSame(await ask(rig, 'POST', EXPORT_URL, { session_ids: [pending, empty, ...running] }), [200, [
    { session_id: pending, session_name: 'a.pdf', data: {} },
    { session_id: empty, session_name: 'Empty', data: {} },
    { session_id: running[0], session_name: 'b.pdf', data: {} }
  ]])
  const csv = await rig.call('POST', `${EXPORT_URL}/csv`, { session_ids: [pending] })
  t.equal(csv.body, 'Session,Session Name,Group,Item,Field,Value\r\n')
})

t.test('batch export: CSV has a row for each value', async t => {
  const rig = await build(t)
  const [a = '', b = ''] = await threeSessions(rig)
  for (const [url, body] of [[EXPORT_URL, { format: 'csv' }], [`${EXPORT_URL}/csv`, {}]] as const) {
    const reply = await rig.call('POST', url, { session_ids: [a, b], ...body })
    t.strictSame([reply.statusCode, reply.headers['content-type'], reply.headers['content-disposition']], [200, 'text/csv; charset=utf-8', 'attachment; filename="extraction_results.csv"'])
    t.strictSame(reply.body.split('\r\n'), [
      'Session,Session Name,Group,Item,Field,Value',
      `${a},a.pdf,invoice,,invoice_number,INV-1`,
      `${a},a.pdf,invoice,,date,`,
      `${a},a.pdf,invoice,,due_date,'=1+1`,
      `${a},a.pdf,invoice,,currency,EUR`,
      `${a},a.pdf,amounts,,total_amount,8800.5`,
      `${b},b.pdf,vendor,,vendor_name,"Acme, ""the"" best"`,
      ''
    ])
  }
})

t.test('batch export: Excel has sheets of values, sources and results, cell by cell', async t => {
  const rig = await build(t)
  const [a = '', b = ''] = await threeSessions(rig)
  const results = await Promise.all([a, b].map(async id => (await get(rig, `${SESSIONS_URL}/${id}/results`)).data.findLast(({ status }: { status: string }) => status === 'completed')))
  for (const [url, body] of [[EXPORT_URL, { format: 'excel' }], [`${EXPORT_URL}/excel`, {}]] as const) {
    const reply = await rig.call('POST', url, { session_ids: [a, b], ...body })
    t.strictSame([reply.statusCode, reply.headers['content-type'], reply.headers['content-disposition']], [200, XLSX, 'attachment; filename="extraction_results.xlsx"'])
    t.strictSame(await readWorkbook(reply.rawPayload), [
      {
        sheet: 'Data',
        data: [
          ['Session', 'Session Name', 'Group', 'Item', 'Field', 'Value'],
          [a, 'a.pdf', 'invoice', null, 'invoice_number', 'INV-1'],
          [a, 'a.pdf', 'invoice', null, 'date', null],
          [a, 'a.pdf', 'invoice', null, 'due_date', '=1+1'],
          [a, 'a.pdf', 'invoice', null, 'currency', 'EUR'],
          [a, 'a.pdf', 'amounts', null, 'total_amount', 8800.5],
          [b, 'b.pdf', 'vendor', null, 'vendor_name', 'Acme, "the" best']
        ]
      },
      {
        sheet: 'Audit',
        data: [
          ['Session', 'Session Name', 'Group', 'Item', 'Field', 'Reasoning', 'Source Text', 'Page', 'Chunk'],
          [a, 'a.pdf', 'invoice', null, 'invoice_number', 'Top right.', 'No. INV-1', 1, '9c90c3cc-0d44-4b50-8888-8dd257360521']
        ]
      },
      {
        sheet: 'Metadata',
        data: [
          ['Session', 'Session Name', 'Result', 'Title', 'Status', 'Config Hash', 'Documents', 'Created At', 'Completed At'],
          [a, 'a.pdf', results[0].id, 'Invoice INV-1', 'completed', results[0].config_hash, 'a.pdf', results[0].created_at, results[0].completed_at],
          [b, 'b.pdf', results[1].id, 'Invoices - b.pdf', 'completed', results[1].config_hash, 'b.pdf', results[1].created_at, results[1].completed_at]
        ]
      }
    ])
  }
})

t.test('batch export: names sessions that are unknown or of another template', async t => {
  const rig = await build(t)
  const [own = ''] = await rig.create(['tmp/a.pdf'])
  const [, { id: foreign }] = await ask(rig, 'POST', SESSIONS_URL, { extraction_template_id: otherTemplate.id })
  const fault = 'is invalid: send the id of a session of this template.'
  for (const url of [EXPORT_URL, `${EXPORT_URL}/excel`]) {
    t.strictSame(await ask(rig, 'POST', url, { session_ids: [own, UNKNOWN, foreign] }), refusal({ 'session_ids.1': `The selected session_ids.1 ${fault}`, 'session_ids.2': `The selected session_ids.2 ${fault}` }))
  }
  t.equal((await ask(rig, 'POST', EXPORT_URL, { session_ids: [own] }, 'other'))[0], 422, 'sessions of another namespace are unknown too')
})

t.test('batch export: rejects invalid bodies', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'])
  const ids = {
    session_ids: [...MISSING, ...notOf(['array'], 'must be an array.', 'missing'), [Array(51).fill(id), 'must not have more than 50 items.'], [Array(10_000).fill(id), 'must not have more than 50 items.']] as const,
    'session_ids.1': [...[null, ''].map(value => [value, 'is required.'] as const), ...[5, {}, [id]].map(value => [value, 'must be a string.'] as const), ['x', 'must be a valid UUID.']] as const
  }
  const formats = ['xlsx', 'JSON', 5, [], {}].map(format => [format, 'must be one of json, csv, excel.'] as const)
  await refusesBadBodies(t, rig, { method: 'POST', url: EXPORT_URL, valid: { session_ids: [id, id], format: 'json' }, bad: { ...ids, format: formats } })
  await refusesBadBodies(t, rig, { method: 'POST', url: `${EXPORT_URL}/csv`, valid: { session_ids: [id, id] }, bad: ids })
})

t.test('batch export: checks the format in the path before the body', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'])
  for (const format of ['xlsx', 'JSON', 'pdf', '%00', 'x'.repeat(2_000)]) {
    for (const body of [{ session_ids: [id] }, {}]) t.strictSame(await ask(rig, 'POST', `${EXPORT_URL}/${format}`, body), [404, { message: 'Format not found: send json, csv, excel.' }], format)
  }
})

t.test('batch export: checks token, ability and template first', async t => {
  const rig = await build(t)
  for (const path of ['', '/json']) {
    t.equal((await rig.app.inject({ method: 'POST', url: EXPORT_URL + path })).statusCode, 401)
    t.strictSame(await ask(rig, 'POST', EXPORT_URL.replace(TEMPLATE, UNKNOWN) + path, {}, 'writer'), NO_ABILITY)
    t.strictSame(await ask(rig, 'POST', EXPORT_URL + path, {}, 'stranger'), notFound('Template'))
    await findsNone(t, rig, 'POST', `/extractions/templates/*/sessions/batch/export${path}`, 'Template', NO_UUIDS)
  }
})
