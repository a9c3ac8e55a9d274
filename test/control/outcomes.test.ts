import t from 'tap'
import { FILENAME_DIRECTIVES } from '../../src/domain/lifecycle/filename-directives.ts'
import { BATCH_URL, build, otherTemplate, TEMPLATE, type Rig } from '../helper.ts'

const RULES = '/namespaces/default/outcomes'

/** The statuses and errors of a session's results when no event is left. */
async function results ({ call, control }: Rig, id: string | undefined): Promise<Array<[string, string | undefined]>> {
  await control('POST', '/namespaces/default/clock/advance', { to: 'idle' })
  return (await call('GET', `/extractions/sessions/${id}/results`)).json().data.map(({ status, error }: { status: string, error?: string }) => [status, error])
}

t.test('returns the table of filename directives', async t => {
  const { control } = await build(t)
  t.same((await control('GET', '/magic')).json(), { data: FILENAME_DIRECTIVES.map(({ name, meaning }) => ({ name, meaning })), total: FILENAME_DIRECTIVES.length })
})

t.test('a directive fails its file, and not the others of the batch', async t => {
  const rig = await build(t)
  const [parse, extract, stuck, good] = await rig.create(['tmp/mock-parse-failed.pdf', 'tmp/mock-extract-failed.pdf', 'tmp/mock-stuck.pdf', 'tmp/good.pdf'], { auto_extract: true })
  t.same(await results(rig, parse), [['failed', 'Parsing failed, as the file name requests (mock-parse-failed).']])
  t.same(await results(rig, extract), [['failed', 'The extraction failed, as the file name requests (mock-extract-failed).']])
  t.same(await results(rig, stuck), [['processing', undefined]])
  t.same(await results(rig, good), [['completed', undefined]])
  const { status, documents: [document] } = (await rig.call('GET', `/extractions/sessions/${parse}`)).json()
  t.match({ status, document }, { status: 'failed', document: { status: 'failed', error: /mock-parse-failed/, parsings: [{ status: 'failed' }] } })
})

t.test('a scripted first failure and second success work through batch execute', async t => {
  const rig = await build(t)
  const rule = { match: { file: '*retry*' }, attempts: { '*': { extract: 'PT5S' }, 1: { extract_failure: 'The model gave up.' } } }
  const reply = await rig.control('PUT', `${RULES}/retry`, rule)
  t.equal(reply.statusCode, 200)
  t.same(reply.json(), { name: 'retry', ...rule })
  const [id] = await rig.create(['tmp/retry.pdf'], { auto_extract: true })
  t.same(await results(rig, id), [['failed', 'The model gave up.']])
  await rig.call('POST', `${BATCH_URL}/execute`, { session_ids: [id] })
  t.same(await results(rig, id), [['failed', 'The model gave up.'], ['completed', undefined]])
})

t.test('a fixture is exactly the result', async t => {
  const rig = await build(t)
  const data = { invoice: { invoice_number: 'INV-1', date: null }, amounts: { total_amount: 8800 } }
  const auditData = { invoice: { invoice_number: { reasoning: 'It says so.', sources: [] } } }
  await rig.control('PUT', `${RULES}/all`, { match: { template: TEMPLATE.toUpperCase(), file: 'tmp/a.pdf' }, attempts: { 1: { data, audit_data: auditData, title: 'Invoice INV-1' }, 2: { data }, 3: { title: 'Third' } } })
  const [id] = await rig.create(['tmp/a.pdf'])
  for (let attempt = 1; attempt <= 3; attempt++) await rig.call('POST', `${BATCH_URL}/execute`, { session_ids: [id] })
  await results(rig, id)
  const { results: [first, second, third] } = (await rig.call('GET', `/extractions/sessions/${id}`)).json()
  t.same([first.data, first.audit_data, first.title], [data, auditData, 'Invoice INV-1'])
  t.same([second.data, second.title], [data, 'Invoices - a.pdf'])
  t.match(second.audit_data.amounts.total_amount, { reasoning: 'Given to raydocs-mock for this result.', sources: [{ text: 'Total Amount: 8800' }] })
  t.same([third.title, Object.keys(third.data.invoice).length], ['Third', 4])
})

t.test('rules can be listed and deleted, and belong to their namespace', async t => {
  const rig = await build(t)
  const rule = { match: { sha256: 'a'.repeat(64) }, attempts: { '2-3': { queue: 'PT0.5S', parse: 'never', pages: 3, late_name: true, parse_failure: 'x', title: 't' }, '*': {}, 4: { pages: 1 } } }
  await rig.control('PUT', `${RULES}/one`, rule)
  t.same((await rig.control('GET', RULES)).json(), { data: [{ name: 'one', ...rule }], total: 1 })
  await rig.control('PUT', '/namespaces/other/clock', { mode: 'auto' })
  t.same((await rig.control('GET', '/namespaces/other/outcomes')).json(), { data: [], total: 0 })
  t.equal((await rig.control('DELETE', `${RULES}/one`)).statusCode, 204)
  t.equal((await rig.control('DELETE', `${RULES}/one`)).statusCode, 404)
  await rig.control('PUT', `${RULES}/one`, rule)
  await rig.control('POST', '/namespaces/default/reset')
  t.same((await rig.control('GET', RULES)).json(), { data: [], total: 0 }, 'a reset deletes the rules too')
})

t.test('rejects invalid rules with the field and the allowed values', async t => {
  const rig = await build(t)
  const span = 'must be a duration such as PT90S, 500ms or 2m, at most a year, in weeks or smaller units, or never.'
  const cases: Array<[object, object]> = [
    [{}, { match: ['The match field is required.'], attempts: ['The attempts field is required.'] }],
    [{ match: { fil: 'x' }, attempts: {} }, { 'match.fil': ['The match.fil field is not known.'] }],
    [{ match: {}, attempts: { 1: { extract: 'soon', pages: 0, pagse: 1 }, 2: { pages: 1e6 } } }, {
      'attempts.1.pagse': ['The attempts.1.pagse field is not known.'],
      'attempts.1.extract': [`The attempts.1.extract field ${span}`],
      'attempts.1.pages': ['The attempts.1.pages field must be at least 1.'],
      'attempts.2.pages': ['The attempts.2.pages field must not be greater than 9999.']
    }],
    ...['0', '3-2', 'first', '1-'].map((key): [object, object] => [
      { match: {}, attempts: { [key]: {} } },
      { [`attempts.${key}`]: [`The attempts.${key} field must be called by a number, a range or *: "1", "2-3", "*".`] }
    ]),
    [{ match: {}, attempts: { 1: { data: {} } } }, { 'match.template': ['The match.template field must name a template where attempts have data.'] }],
    [{ match: { template: '9c90c3cc-0d44-4b50-8888-8dd257360521' }, attempts: { 1: { data: {} } } }, { 'match.template': ['The match.template field must name a template where attempts have data.'] }],
    [{ match: { template: otherTemplate.id }, attempts: { 1: { data: { receipt: { total: 'a lot', tip: 1 } } } } }, {
      'attempts.1.data.receipt.total': ['The attempts.1.data.receipt.total field must be a number.'],
      'attempts.1.data.receipt.tip': ['The attempts.1.data.receipt.tip field is not a field of the group: use one of shop, total.']
    }]
  ]
  for (const [body, errors] of cases) {
    const reply = await rig.control('PUT', `${RULES}/bad`, body)
    t.equal(reply.statusCode, 422, JSON.stringify(body))
    t.same(reply.json().errors, errors)
  }
  t.same((await rig.control('GET', RULES)).json(), { data: [], total: 0 })
})
