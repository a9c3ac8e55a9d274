import t from 'tap'
import { BATCH_URL, build, FULL, TEMPLATE } from '../helper.ts'

t.test('an unknown path answers 404, with or without a token', async t => {
  const { app } = await build(t)
  for (const headers of [{}, FULL]) {
    for (const [url, path] of [['/nowhere?x=1', 'nowhere'], ['/nowhere/', 'nowhere']] as const) {
      const reply = await app.inject({ method: 'GET', url, headers })
      t.equal(reply.statusCode, 404, url)
      t.same(reply.json(), { message: `The route ${path} could not be found.` })
    }
  }
})

t.test('an unknown path that resembles a route names it', async t => {
  const { app } = await build(t)
  const messageOf = async (url: string): Promise<string> => (await app.inject({ method: 'GET', url })).json().message
  t.equal(
    await messageOf(`${BATCH_URL}es`),
    `The route ${BATCH_URL.slice(1)}es could not be found. Did you mean POST /extractions/templates/{templateId}/sessions/batch?`
  )
  t.equal(await messageOf('//workspaces'), 'The route /workspaces could not be found. Did you mean GET /workspaces?')
  t.equal(await messageOf('/workspace'), 'The route workspace could not be found. Did you mean GET /workspaces?')
  t.equal(await messageOf(`/workspaces${'x'.repeat(300)}`), `The route workspaces${'x'.repeat(300)} could not be found.`)
})

t.test('an unsupported method answers 405 with the allowed ones', async t => {
  const { app } = await build(t)
  const cases = [
    ['GET', BATCH_URL, 'DELETE, POST'],
    ['GET', `${BATCH_URL}/`, 'DELETE, POST'],
    ['PUT', BATCH_URL, 'DELETE, POST'],
    ['PATCH', `${BATCH_URL}/execute`, 'POST'],
    ['POST', '/extractions/sessions/anything', 'DELETE, GET, HEAD, PUT'],
    ['PUT', '/livez', 'GET, HEAD']
  ] as const
  for (const [method, url, allow] of cases) {
    const reply = await app.inject({ method, url, headers: FULL })
    t.equal(reply.statusCode, 405)
    t.equal(reply.headers['allow'], allow)
    t.same(reply.json(), { message: `The ${method} method is not supported for this route. Supported methods: ${allow}.` })
  }
})

t.test('OPTIONS lists the methods of a path', async t => {
  const { app } = await build(t)
  const reply = await app.inject({ method: 'OPTIONS', url: BATCH_URL })
  t.equal(reply.statusCode, 204)
  t.equal(reply.headers['allow'], 'DELETE, POST')
  t.equal(reply.body, '')
  t.equal((await app.inject({ method: 'OPTIONS', url: '/nowhere' })).statusCode, 404)
})

t.test('ignores a slash at the end of a path', async t => {
  const { app, call } = await build(t)
  for (const url of ['/workspaces', '/workspaces/1/users', `/extractions/templates/${TEMPLATE}`, '/livez', '/_mock/namespaces', '/workspaces/1/extractions/templates?page=1']) {
    const [path, query = ''] = url.split('?')
    const reply = await call('GET', `${path}/?${query}`)
    t.strictSame([reply.statusCode, reply.body], [200, (await call('GET', url)).body], url)
  }
  t.equal((await app.inject({ method: 'OPTIONS', url: `${BATCH_URL}/` })).headers['allow'], 'DELETE, POST')
})

t.test('a fault for a path applies with a slash at its end too', async t => {
  const { call, control } = await build(t)
  await control('POST', '/namespaces/default/faults', { match: { path: '/workspaces' }, status: 503 })
  t.equal((await call('GET', '/workspaces/')).statusCode, 503)
})

t.test('says that workflows are not served', async t => {
  const { call } = await build(t)
  const path = `workspaces/1/workflows/${TEMPLATE}/runs`
  const cases = [['GET', path], ['POST', path], ['GET', 'workspaces/1/workflows'], ['GET', `${path}/${TEMPLATE}/output`], ['GET', `${path}/${TEMPLATE}/file?file_id=x`]] as const
  for (const [method, path] of cases) {
    const reply = await call(method, `/${path}`)
    t.strictSame([reply.statusCode, reply.json()], [404, { message: `The route ${path.split('?')[0]} is documented, but raydocs-mock does not serve workflows.` }], path)
  }
  t.match((await call('GET', '/workspaces/1/workflowsx')).json().message, /^The route workspaces\/1\/workflowsx could not be found\./)
})
