import t, { type Test } from 'tap'
import readWorkbook from 'read-excel-file/node'
import { build, NOON, type Rig } from '../helper.ts'
import { findsNone, NO_UUIDS } from './bad-input.ts'
import { ask, get, idle, NO_ABILITY, notFound, run, SESSIONS_URL, sessionOf, upload } from './files.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Reads the sheets of an exported result. */
async function sheetsOf (t: Test, rig: Rig, id: string): Promise<Array<{ sheet: string, data: unknown[][] }>> {
  const reply = await rig.call('GET', `/extractions/results/${id}/export/excel`)
  t.strictSame([reply.statusCode, reply.headers['content-type'], reply.headers['content-disposition']], [200, XLSX, 'attachment; filename="extraction_result.xlsx"'])
  return await readWorkbook(reply.rawPayload)
}

t.test('export: the sheets Data, Audit and Metadata have the values of the result, cell by cell', async t => {
  const rig = await build(t)
  const { session } = await sessionOf(rig, [await upload(rig, 'Invoice Number: INV-7\nTotal Amount: 1,250.00\n', { filename: 'note.txt' }), 'tmp/b.pdf'], { name: 'March' })
  const id = await run(rig, session)
  await idle(rig)
  const { data, audit_data: audit, ...result } = await get(rig, `/extractions/results/${id}`)
  t.strictSame([data.invoice.invoice_number, data.amounts.total_amount], ['INV-7', 1250])
  const rows = (groups: object): Array<[string, string, any]> => Object.entries(groups).flatMap(([group, fields]) => Object.entries(fields).map(([field, value]): [string, string, any] => [group, field, value]))
  t.strictSame(await sheetsOf(t, rig, id), [
    {
      sheet: 'Data',
      data: [
        ['Session', 'Session Name', 'Group', 'Item', 'Field', 'Value'],
        ...rows(data).map(([group, field, value]) => [session, 'March', group, null, field, value])
      ]
    },
    {
      sheet: 'Audit',
      data: [
        ['Session', 'Session Name', 'Group', 'Item', 'Field', 'Reasoning', 'Source Text', 'Page', 'Chunk'],
        ...rows(audit).map(([group, field, { reasoning, sources: [{ text = null, page = null, chunk_id: chunk = null } = {}] }]) => [session, 'March', group, null, field, reasoning, text, page, chunk])
      ]
    },
    {
      sheet: 'Metadata',
      data: [
        ['Session', 'Session Name', 'Result', 'Title', 'Status', 'Config Hash', 'Documents', 'Created At', 'Completed At'],
        [session, 'March', id, 'Invoices - note.txt - b.pdf', 'completed', result.config_hash, 'note.txt, b.pdf', '2024-01-15T10:30:00Z', '2024-01-15T10:31:52Z']
      ]
    }
  ])
})

t.test('export: a result that has not completed has only its metadata', async t => {
  const rig = await build(t)
  const { session } = await sessionOf(rig, ['tmp/mock-extract-failed.pdf'])
  const id = await run(rig, session)
  const metadata = async (): Promise<unknown[][]> => {
    const [data, audit, metadata] = await sheetsOf(t, rig, id)
    t.strictSame([data?.data.length, audit?.data.length], [1, 1], 'headers only')
    return metadata?.data ?? []
  }
  const { config_hash: hash } = await get(rig, `/extractions/results/${id}`)
  const row = [session, 'New session', id, null, 'parsing_pending', hash, 'mock-extract-failed.pdf', '2024-01-15T10:30:00Z', null]
  t.strictSame((await metadata())[1], row)
  await idle(rig)
  t.strictSame((await metadata())[1], [...row.slice(0, 4), 'failed', ...row.slice(5, 8), '2024-01-15T10:31:52Z'])
})

t.test('export: returns the same bytes every time', async t => {
  const rig = await build(t)
  const { session } = await sessionOf(rig, ['tmp/a.pdf'])
  const id = await run(rig, session)
  await idle(rig)
  const bytes = async (): Promise<Buffer> => (await rig.call('GET', `/extractions/results/${id}/export/excel`)).rawPayload
  t.ok((await bytes()).equals(await bytes()))
})

t.test('export: works after its documents were deleted, and ends with its session', async t => {
  const rig = await build(t)
  const { session, documents: [document = ''] } = await sessionOf(rig, ['tmp/a.pdf'])
  const id = await run(rig, session)
  await idle(rig)
  const before = await sheetsOf(t, rig, id)
  await ask(rig, 'DELETE', `/extractions/documents/${document}`)
  t.strictSame(await sheetsOf(t, rig, id), before)
  await ask(rig, 'DELETE', `${SESSIONS_URL}/${session}`)
  t.strictSame(await ask(rig, 'GET', `/extractions/results/${id}/export/excel`), notFound('Result'))
})

t.test('results are for members; unknown, malformed and foreign ids answer 404', async t => {
  const rig = await build(t)
  const { session } = await sessionOf(rig, ['tmp/a.pdf'])
  const id = await run(rig, session)
  for (const [method, path] of [['GET', ''], ['GET', '/export/excel'], ['DELETE', '']] as const) {
    await findsNone(t, rig, method, `/extractions/results/*${path}`, 'Result', [...NO_UUIDS, session])
    for (const who of ['stranger', 'other'] as const) t.strictSame(await ask(rig, method, `/extractions/results/${id}${path}`, undefined, who), notFound('Result'))
    t.strictSame(await ask(rig, method, `/extractions/results/x${path}`, undefined, method === 'GET' ? 'writer' : 'read'), NO_ABILITY)
    t.equal((await rig.app.inject({ method, url: `/extractions/results/${id}${path}` })).statusCode, 401)
  }
  t.equal((await rig.app.inject({ url: `/extractions/results/${id.toUpperCase()}/export/excel`, headers: { authorization: 'Bearer rd_test_viewer' } })).statusCode, 200)
})

t.test('a future result answers 404 until it exists', async t => {
  const rig = await build(t)
  const [session = ''] = await rig.create(['tmp/a.pdf'], { auto_extract: true })
  const id = session.replace(/0(...)$/, '2$1')
  for (const [method, path] of [['GET', ''], ['GET', '/export/excel'], ['DELETE', '']] as const) t.strictSame(await ask(rig, method, `/extractions/results/${id}${path}`), notFound('Result'))
  await rig.clock.advanceTo(NOON + 11_000)
  t.equal((await sheetsOf(t, rig, id)).length, 3)
})
