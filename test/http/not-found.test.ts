import t from 'tap'
import { BATCH_URL, build, FULL } from '../helper.ts'

t.test('an unknown path answers 404, with or without a token', async t => {
  const { app } = await build(t)
  for (const headers of [{}, FULL]) {
    for (const [url, path] of [['/', ''], ['/nowhere?x=1', 'nowhere'], ['/extractions', 'extractions'], [`${BATCH_URL}/`, `${BATCH_URL.slice(1)}/`], ['/LIVEZ', 'LIVEZ']] as const) {
      const reply = await app.inject({ method: 'GET', url, headers })
      t.equal(reply.statusCode, 404, url)
      t.same(reply.json(), { message: `The route ${path} could not be found.` })
    }
  }
})

t.test('an unsupported method answers 405 with the allowed ones', async t => {
  const { app } = await build(t)
  const cases = [
    ['GET', BATCH_URL, 'DELETE, POST'],
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
