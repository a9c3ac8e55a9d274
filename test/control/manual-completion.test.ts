import t from 'tap'
import { BATCH_URL, build, type Rig } from '../helper.ts'

const NS = '/namespaces/default'

interface Ids { session: string, document: string, result: string }

async function automatic (rig: Rig, file = 'tmp/a.pdf'): Promise<Ids> {
  const [id = ''] = await rig.create([file], { auto_extract: true })
  return { session: id, document: await rig.documentOf(id), result: await rig.resultOf(id) }
}

async function end ({ control }: Rig, path: string, body?: object): Promise<{ status: number, body: any }> {
  const reply = await control('POST', `${NS}/${path}`, body)
  return { status: reply.statusCode, body: reply.json() }
}

t.test('completes a document and then its run', async t => {
  const rig = await build(t)
  const { session, document, result } = await automatic(rig)
  await rig.clock.advanceTo((await rig.clock.now()) + 500)
  const at = '2024-01-15T10:30:00.500Z'
  t.same(await end(rig, `documents/${document.toUpperCase()}/complete`), {
    status: 200,
    body: {
      now: at,
      fired: [
        { at, resource: `document:${document}`, from: 'queued', to: 'parsed' },
        { at, resource: `result:${result}`, from: null, to: 'created' },
        { at, resource: `session:${session}`, from: 'pending', to: 'processing' }
      ]
    }
  })
  const data = { invoice: { invoice_number: 'INV-7' } }
  t.same(await end(rig, `results/${result}/complete`, { data, title: 'Invoice INV-7' }), {
    status: 200,
    body: {
      now: at,
      fired: [
        { at, resource: `document:${document}`, from: 'parsed', to: 'processed' },
        { at, resource: `result:${result}`, from: 'created', to: 'completed' },
        { at, resource: `session:${session}`, from: 'processing', to: 'completed' }
      ]
    }
  })
  t.match((await rig.call('GET', `/extractions/results/${result}`)).json(), { status: 'completed', title: 'Invoice INV-7', data })
  t.same((await rig.control('POST', `${NS}/clock/advance`, { to: 'idle' })).json().fired, [], 'no event is left')
})

t.test('a manual failure has the given reason', async t => {
  const rig = await build(t)
  const one = await automatic(rig, 'tmp/one.pdf')
  const other = await automatic(rig, 'tmp/other.pdf')
  await end(rig, `documents/${one.document}/fail`, { reason: 'The scanner was on fire.' })
  t.match((await rig.call('GET', `/extractions/sessions/${one.session}`)).json(), { status: 'failed', documents: [{ error: 'The scanner was on fire.' }], results: [{ status: 'failed', error: 'The scanner was on fire.' }] })
  await end(rig, `documents/${other.document}/complete`)
  await end(rig, `results/${other.result}/fail`)
  t.match((await rig.call('GET', `/extractions/results/${other.result}`)).json(), { status: 'failed', error: 'The extraction was failed by the control API.' })
})

t.test('manual completion overrides scripts, even for a stuck resource', async t => {
  const rig = await build(t)
  const failing = await automatic(rig, 'tmp/mock-parse-failed.pdf')
  await end(rig, `documents/${failing.document}/complete`)
  t.match((await rig.call('GET', `/extractions/documents/${failing.document}`)).json(), { status: 'parsed' })
  const stuck = await automatic(rig, 'tmp/mock-stuck.pdf')
  await rig.control('POST', `${NS}/clock/advance`, { to: 'idle' })
  t.match(await end(rig, `results/${stuck.result}/complete`), { status: 200, body: { fired: [{}, { from: 'processing', to: 'completed' }, {}] } })
})

t.test('completes a requested run', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'])
  await rig.call('POST', `${BATCH_URL}/execute`, { session_ids: [id] })
  const [{ id: result }] = (await rig.call('GET', `/extractions/sessions/${id}/results`)).json().data
  t.match(await end(rig, `results/${result}/complete`), { status: 409, body: { detail: 'The result waits for its document: complete or fail that first.' } })
  await end(rig, `documents/${await rig.documentOf(id)}/complete`)
  t.match(await end(rig, `results/${result}/complete`), { status: 200 })
})

t.test('rejects finished and unknown resources and fixtures that do not fit', async t => {
  const rig = await build(t)
  const { document, result } = await automatic(rig)
  t.match(await end(rig, `results/${result}/complete`), { status: 404, body: { detail: 'Result not found.' } }, 'the run does not exist yet')
  await end(rig, `documents/${document}/complete`)
  t.match(await end(rig, `documents/${document}/complete`), { status: 409, body: { detail: 'The document has been parsed already.' } })
  t.match(await end(rig, `results/${result}/complete`, { data: { invoice: { invoice_number: 7 } }, size: 1 }), { status: 422, body: { errors: { size: ['The size field is not known.'] } } })
  t.match(await end(rig, `results/${result}/complete`, { data: { invoice: { invoice_number: 7 } } }), { status: 422, body: { errors: { 'data.invoice.invoice_number': ['The data.invoice.invoice_number field must be a string.'] } } })
  t.match(await end(rig, `results/${result}/fail`, { reason: 'x'.repeat(1_001) }), { status: 422 })
  await end(rig, `results/${result}/fail`)
  t.match(await end(rig, `results/${result}/complete`), { status: 409, body: { detail: 'The result has failed already.' } })
  t.match(await end(rig, `documents/${document}/fail`), { status: 409, body: { detail: 'The document has been parsed already.' } })
  for (const id of ['x', '00000000-0000-4000-8000-000000000000', result]) t.match(await end(rig, `documents/${id}/fail`), { status: 404, body: { detail: 'Document not found.' } })
  const failed = await automatic(rig, 'tmp/mock-parse-failed.pdf')
  await rig.control('POST', `${NS}/clock/advance`, { to: 'idle' })
  t.match(await end(rig, `documents/${failed.document}/complete`), { status: 409, body: { detail: 'The document has failed already.' } })
  t.equal((await rig.control('POST', `/namespaces/nowhere/documents/${document}/complete`)).statusCode, 404)
})

t.test('rejects a document without a requested parsing', async t => {
  const rig = await build(t)
  const { document: { id } } = (await rig.call('POST', '/workspaces/1/documents', { key: 'tmp/a.pdf' })).json()
  t.match(await end(rig, `documents/${id}/complete`), { status: 409, body: { detail: 'The document is not being parsed: run an extraction over it, or have it reparsed.' } })
})

t.test('completes a run whose document was deleted; the deleted document does not change', async t => {
  const rig = await build(t)
  const { document, result, session } = await automatic(rig)
  await end(rig, `documents/${document}/complete`)
  await rig.call('DELETE', `/extractions/documents/${document}`)
  const { status, body } = await end(rig, `results/${result}/complete`)
  t.equal(status, 200)
  t.same(body.fired.map(({ resource, to }: { resource: string, to: string }) => [resource, to]), [[`result:${result}`, 'completed'], [`session:${session}`, 'completed']])
})
