import t from 'tap'
import { BATCH_URL, build, FULL, READ, type Rig } from '../helper.ts'

const REQUESTS = '/namespaces/default/requests'

async function listed ({ control }: Rig, query = ''): Promise<any[]> {
  const { data, total } = (await control('GET', `${REQUESTS}${query}`)).json()
  if (data.length !== total) throw new Error('the total is wrong')
  return data
}

t.test('shows a request with its response', async t => {
  const rig = await build(t)
  await rig.app.inject({ method: 'POST', url: `${BATCH_URL}?why=because`, headers: { ...FULL, cookie: 'a=b', 'user-agent': 'test' }, payload: { files: ['tmp/a.pdf'] } })
  await rig.clock.advanceTo((await rig.clock.now()) + 1_500)
  await rig.app.inject({ method: 'POST', url: BATCH_URL, headers: READ, payload: { files: [] } })
  t.same(await listed(rig), [
    {
      id: 1,
      method: 'POST',
      path: BATCH_URL,
      query: 'why=because',
      route: '/extractions/templates/:templateId/sessions/batch',
      did_you_mean: null,
      headers: { authorization: '***', cookie: '***', 'content-type': 'application/json', 'content-length': '23', 'user-agent': 'test', host: 'localhost:80' },
      body: '{"files":["tmp/a.pdf"]}',
      body_cut: false,
      token: 'rd_test_full',
      at: '2024-01-15T10:30:00.000Z',
      status: 201,
      answered_at: '2024-01-15T10:30:00.000Z',
      error: null,
      fault: null,
      missing_abilities: []
    },
    {
      id: 2,
      method: 'POST',
      path: BATCH_URL,
      query: null,
      route: '/extractions/templates/:templateId/sessions/batch',
      did_you_mean: null,
      headers: { authorization: '***', 'content-type': 'application/json', 'content-length': '12', 'user-agent': 'lightMyRequest', host: 'localhost:80' },
      body: null,
      body_cut: false,
      token: 'rd_test_read',
      at: '2024-01-15T10:30:01.500Z',
      status: 403,
      answered_at: '2024-01-15T10:30:01.500Z',
      error: '{"message":"Invalid ability provided."}',
      fault: null,
      missing_abilities: ['sessions-write']
    }
  ])
})

t.test('a dropped request has no response', async t => {
  const rig = await build(t)
  const origin = await rig.app.listen({ port: 0, host: '127.0.0.1' })
  await rig.control('POST', '/namespaces/default/faults', { match: {}, drop: true })
  await t.rejects(fetch(origin + BATCH_URL, { method: 'POST', headers: FULL }))
  t.match(await listed(rig), [{ id: 1, status: null, answered_at: null, error: null, fault: 'fault-1' }])
})

t.test('hides signatures and truncates bodies', async t => {
  const rig = await build(t)
  const { url, headers } = (await rig.call('POST', '/vapor/signed-storage-url', {})).json()
  await rig.app.inject({ method: 'PUT', url, headers, payload: 'bytes' })
  await rig.call('POST', BATCH_URL, { files: Array.from({ length: 60 }, (_, n) => `tmp/${'x'.repeat(200)}${n}`) })
  const [, put, batch] = await listed(rig)
  t.match(put.query, /X-Amz-Expires=300&X-Amz-SignedHeaders=host&X-Amz-Signature=\*\*\*$/)
  t.same([put.body, put.token, put.status], [null, null, 200])
  t.same([batch.body.length, batch.body_cut, batch.status], [8_192, true, 422])
})

t.test('shows the nearest route for requests that match none', async t => {
  const rig = await build(t)
  const missed: Array<['GET' | 'POST' | 'PUT', string, string | null]> = [
    ['GET', '/extraction/sessions/1/results', 'GET /extractions/sessions/{sessionId}/results'],
    ['POST', '/extractions/templates/1/session/batch?x=1', 'POST /extractions/templates/{templateId}/sessions/batch'],
    ['GET', '/extractions/templates/1/sessions/batch', 'POST /extractions/templates/{templateId}/sessions/batch'],
    ['POST', '/extractions/results/1', 'GET /extractions/results/{resultId}'],
    ['GET', '/api/v1/extractions/sessions/1/results', 'GET /extractions/sessions/{sessionId}/results'],
    ['GET', `/extraction/sessions/${'x'.repeat(12_000)}/results`, 'GET /extractions/sessions/{sessionId}/results'],
    ['GET', `/${'x'.repeat(12_000)}`, null],
    ['GET', '/x'.repeat(6_000), null],
    ['GET', '/_mockery', null]
  ]
  for (const [method, url] of missed) await rig.app.inject({ method, url, headers: FULL })
  t.same((await listed(rig, '?unmatched=true')).map(({ method, route, did_you_mean: meant, status }) => [method, route, meant, status]),
    missed.map(([method, , meant], index) => [method, null, meant, [2, 3].includes(index) ? 405 : 404]))
})

t.test('a filter works the same in a query and in a body', async t => {
  const rig = await build(t)
  await rig.create(['tmp/a.pdf'])
  await rig.control('POST', '/namespaces/default/faults', { match: { method: 'GET' }, status: 503, times: 1 })
  await rig.call('GET', '/extractions/sessions/x')
  await rig.app.inject({ url: '/extractions/sessions/x/results', headers: READ })
  await rig.call('GET', '/nowhere')
  const filters: Array<[object, number[]]> = [
    [{}, [1, 2, 3, 4]],
    [{ method: 'get' }, [2, 3, 4]],
    [{ path: '/extractions/*' }, [1, 2, 3]],
    [{ path: '/extractions/sessions/x' }, [2]],
    [{ token: 'rd_test_read' }, [3]],
    [{ status: 503 }, [2]],
    [{ fault: 'fault-1' }, [2]],
    [{ unmatched: true }, [4]],
    [{ unmatched: false }, [1, 2, 3]],
    [{ after: 2 }, [3, 4]],
    [{ limit: 1 }, [4]],
    [{ method: 'GET', after: 1, limit: 2 }, [3, 4]]
  ]
  for (const [filter, ids] of filters) {
    const query = new URLSearchParams(filter as Record<string, string>)
    t.same((await listed(rig, `?${query}`)).map(({ id }) => id), ids, String(query))
    t.same((await rig.control('POST', `${REQUESTS}/count`, filter)).json(), { count: ids.length })
  }
})

t.test('rejects an invalid filter', async t => {
  const rig = await build(t)
  for (const [query, errors] of [
    ['?status=abc', { status: ['The status field must be an integer.'] }],
    ['?limit=0&verb=GET', { limit: ['The limit field must be at least 1.'], verb: ['The verb field is not known.'] }],
    ['?unmatched=perhaps', { unmatched: ['The unmatched field must be true or false.'] }]
  ] as Array<[string, object]>) {
    const reply = await rig.control('GET', `${REQUESTS}${query}`)
    t.equal(reply.statusCode, 422, query)
    t.same(reply.json().errors, errors)
  }
  t.equal((await rig.control('POST', `${REQUESTS}/count`, { status: '201' })).statusCode, 422)
  t.equal((await rig.control('GET', '/namespaces/nowhere/requests')).statusCode, 404)
})

t.test('a journal can be cleared, and ignores the control API, health checks and documentation', async t => {
  const rig = await build(t)
  await rig.create(['tmp/a.pdf'])
  for (const url of ['/livez', '/openapi.json', '/_mock/namespaces']) await rig.app.inject(url)
  await rig.app.inject({ method: 'OPTIONS', url: BATCH_URL })
  t.equal((await listed(rig)).length, 1)
  t.equal((await rig.control('DELETE', REQUESTS)).statusCode, 204)
  t.same(await listed(rig), [])
  await rig.create(['tmp/a.pdf'])
  t.match(await listed(rig), [{ id: 2 }])
})

t.test('a malformed query is shown as it came', async t => {
  const rig = await build(t)
  await rig.app.inject({ url: '/workspaces?%ZZ=1&token=1', headers: FULL })
  const [malformed] = await listed(rig)
  t.strictSame([malformed.path, malformed.query, malformed.status], ['/workspaces', '%ZZ=1&token=***', 200])
})
