import t, { type Test } from 'tap'
import { startRaydocsMock, type MockNamespace, type MockOptions, type RaydocsMock } from '../../src/index.ts'
import { BATCH_URL, TEMPLATE } from '../helper.ts'

const AUTO = { auto_extract: true }

async function begin (t: Test, options: MockOptions): Promise<RaydocsMock> {
  const mock = await startRaydocsMock({ seed: 'promises', ...options })
  t.teardown(async () => { await mock.close() })
  return mock
}

/** A client that knows only a URL and a token; adds every response to `heard`. */
function client ({ url }: RaydocsMock, { token }: Pick<MockNamespace, 'token'>, heard: string[] = []): (method: string, path: string, body?: object) => Promise<any> {
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${token}`, 'x-request-id': 'same', ...body === undefined ? {} : { 'content-type': 'application/json' } }
    const reply = await fetch(url + path, { method, headers, ...body === undefined ? {} : { body: JSON.stringify(body) } })
    const text = await reply.text()
    // The port and the date differ between runs.
    const known = [...reply.headers].filter(([name]) => name !== 'date' && name !== 'connection' && name !== 'keep-alive')
    heard.push(JSON.stringify([reply.status, known, text]).replaceAll(url, 'http://mock'))
    return JSON.parse(text)
  }
}

/** Uses every part of a namespace and returns all response bytes. */
async function script (mock: RaydocsMock, name: string): Promise<string[]> {
  const heard: string[] = []
  const test = await mock.namespace(name)
  const call = client(mock, test, heard)
  await test.outcomes.put('flaky', { match: { file: '*flaky*' }, attempts: { 1: { extract_failure: 'The model gave up.' } } })
  await test.faults.add({ match: { method: 'GET' }, status: 503, probability: 0.3, times: 5 })
  const { key } = await call('POST', '/vapor/signed-storage-url', { filename: 'named.pdf' })
  const sessions = await call('POST', BATCH_URL, { files: [key, 'tmp/flaky.pdf', 'tmp/plain.pdf'], settings: AUTO })
  for (let n = 0; n < 8; n++) {
    heard.push(JSON.stringify(await test.clock.advance({ to: 'next-event' })))
    for (const { id } of sessions) await call('GET', `/extractions/sessions/${id}`)
  }
  await call('POST', `${BATCH_URL}/execute`, { session_ids: [sessions[1].id] })
  heard.push(JSON.stringify(await test.clock.advance({ to: 'idle' })))
  for (const { id } of sessions) await call('GET', `/extractions/sessions/${id}`)
  await call('POST', BATCH_URL, { files: [] })
  // The headers contain the port.
  heard.push(JSON.stringify([(await test.journal.list()).map(({ headers, ...request }) => request), await test.conduct()]))
  return heard
}

t.test('the same operations give the same bytes, alone, beside fifty others, and after a restart', async t => {
  const options = { clock: 'frozen', queue: '1s~1s', parse: '10s~5s', extract: '60s~30s' } as const
  const alone = await script(await begin(t, options), 'mine')
  const crowded = await begin(t, options)
  const noise = Array.from({ length: 50 }, async (_, n) => {
    const other = await crowded.namespace(`noise-${n}`)
    const call = client(crowded, other)
    for (let round = 0; round < 4; round++) {
      await call('POST', BATCH_URL, { files: ['tmp/plain.pdf', `tmp/${n}-${round}.pdf`], settings: AUTO })
      await other.clock.advance({ by: 'PT7S' })
      if (round === 2) await other.reset()
    }
  })
  const beside = await script(crowded, 'mine')
  await Promise.all(noise)
  t.ok(alone.length > 30)
  t.same(beside, alone)
})

t.test('two hundred concurrent tests on one server keep their own time and outcomes', async t => {
  const mock = await begin(t, { clock: 'frozen' })
  const seen = await Promise.all(Array.from({ length: 200 }, async (_, n) => {
    const test = await mock.namespace()
    const call = client(mock, test)
    const number = `INV-${n}`
    await test.clock.set({ mode: 'frozen', now: new Date(Date.UTC(2030, 0, 1 + n)).toISOString() })
    await test.outcomes.put('mine', { match: { template: TEMPLATE }, attempts: { '*': { data: { invoice: { invoice_number: number } } } } })
    const [{ id, created_at: createdAt }] = await call('POST', BATCH_URL, { files: ['tmp/same.pdf'], settings: AUTO })
    await test.clock.advance({ to: 'idle' })
    const { status, results: [result] } = await call('GET', `/extractions/sessions/${id}`)
    t.same([createdAt, status, result.data], [`${new Date(Date.UTC(2030, 0, 1 + n)).toISOString().slice(0, 19)}Z`, 'completed', { invoice: { invoice_number: number } }])
    return { id, call }
  }))
  t.equal(new Set(seen.map(({ id }) => id)).size, 200)
  const strangers = await Promise.all(seen.map(async ({ call }, n) => await call('GET', `/extractions/sessions/${seen[(n + 1) % 200]?.id}`)))
  t.same(strangers, Array(200).fill({ message: 'Session not found.' }))
})

t.test('a client that polls without a pause sees every status in order, until the end', async t => {
  const mock = await begin(t, { clock: 'auto' })
  const call = client(mock, mock)
  const [{ id }] = await call('POST', BATCH_URL, { files: ['tmp/a.pdf'], settings: AUTO })
  const statuses: string[] = []
  let polls = 0
  do {
    const { data: [result] } = await call('GET', `/extractions/sessions/${id}/results`)
    statuses.push(result?.status ?? 'none yet')
    polls++
  } while (statuses.at(-1) !== 'completed' && polls < 100)
  t.same(statuses.filter((status, index) => status !== statuses[index - 1]), ['none yet', 'created', 'processing', 'completed'])
  t.ok(polls < 10, `${polls} polls`)
})

t.test('one call finishes a thousand sessions', async t => {
  const mock = await begin(t, { clock: 'frozen' })
  const test = await mock.namespace()
  const call = client(mock, test)
  for (let n = 0; n < 20; n++) await call('POST', BATCH_URL, { files: Array.from({ length: 50 }, (_, place) => `tmp/${n}-${place}.pdf`), settings: AUTO })
  const { fired } = await test.clock.advance({ to: 'idle' })
  t.equal(fired.filter(({ resource, to }) => resource.startsWith('session:') && to === 'completed').length, 1_000)
  t.same(fired.map(({ at }) => at), fired.map(({ at }) => at).sort(), 'in order of time')
})

t.test('a first attempt can fail and a second succeed', async t => {
  const mock = await begin(t, { clock: 'auto' })
  const test = await mock.namespace()
  const call = client(mock, test)
  await test.outcomes.put('flaky', { match: {}, attempts: { 1: { extract_failure: 'The model gave up.' } } })
  const [{ id }] = await call('POST', BATCH_URL, { files: ['tmp/a.pdf'], settings: AUTO })
  t.match(await test.waitFor(`session:${id}`, 'completed,failed'), { status: 'failed' })
  await call('POST', `${BATCH_URL}/execute`, { session_ids: [id] })
  t.match(await test.waitFor(`session:${id}`, 'completed'), { reached: true })
  t.match((await call('GET', `/extractions/sessions/${id}/results`)).data, [{ status: 'failed', error: 'The model gave up.' }, { status: 'completed' }])
  t.same((await test.conduct()).findings.filter(({ severity }) => severity === 'error'), [], 'repeating a failed run is no violation')
})
