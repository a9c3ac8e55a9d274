import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { BATCH_URL, build, FULL, TEMPLATE } from '../helper.ts'

const JSON_TYPE = { ...FULL, 'content-type': 'application/json' }

t.test('a body without bytes is no body, whatever its type is called', async t => {
  const { app } = await build(t)
  const { port, hostname } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const calls = [['POST', `/extractions/templates/${TEMPLATE}/duplicate`, 201], ['PUT', '/workspaces/1', 200], ['DELETE', BATCH_URL, 422], ['POST', '/nowhere', 404]] as const
  const types = ['application/x-www-form-urlencoded', 'text/plain', 'application/octet-stream', 'application/xml', 'multipart/form-data; boundary=x', 'application/json', 'nonsense', '']
  const framings = [['Content-Length: 0\r\n', ''], ['', ''], ['Transfer-Encoding: chunked\r\n', '0\r\n\r\n']] as const
  const requests = calls.flatMap(([method, url, status]) => types.flatMap(type => framings.map(([framing, body]) => ({
    status,
    text: `${method} ${url} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer rd_test_full\r\nContent-Type: ${type}\r\n${framing}`,
    body
  }))))
  const socket = connect(Number(port), hostname)
  t.teardown(() => { socket.destroy() })
  await once(socket, 'connect', { signal: AbortSignal.timeout(10_000) })
  const last = requests.length - 1
  requests.forEach(({ text, body }, index) => socket.write(`${text}${index === last ? 'Connection: close\r\n' : ''}\r\n${body}`))
  const statuses = [...(await text(socket)).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
  t.strictSame(statuses, requests.map(({ status }) => status))
})

t.test('a form without bytes lacks its fields', async t => {
  const { app } = await build(t)
  const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: { ...FULL, 'content-type': 'application/x-www-form-urlencoded' }, payload: '' })
  t.strictSame([reply.statusCode, reply.json()], [422, { message: 'The files field is required.', errors: { files: ['The files field is required.'] } }])
})

t.test('a large body of another type is refused before it has arrived', async t => {
  const { app } = await build(t)
  const { port, hostname } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), hostname)
  t.teardown(() => { socket.destroy() })
  socket.write(`POST ${BATCH_URL} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer rd_test_full\r\nContent-Type: text/csv\r\nContent-Length: 1000000000\r\n\r\nbegin`)
  const [reply] = await once(socket, 'data', { signal: AbortSignal.timeout(10_000) })
  t.match(String(reply), 'HTTP/1.1 415 ')
})

t.test('JSON may be called by the name of a format built on it', async t => {
  const { app } = await build(t)
  for (const type of ['application/vnd.api+json', 'application/ld+json; charset=utf-8', 'APPLICATION/HAL+JSON']) {
    const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: { ...FULL, 'content-type': type }, payload: '{"files":["tmp/a.pdf"]}' })
    t.equal(reply.statusCode, 201, type)
  }
  for (const type of ['application/jsonx', 'application/+json', 'text/json', 'application/json-seq']) {
    const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: { ...FULL, 'content-type': type }, payload: '{"files":["tmp/a.pdf"]}' })
    t.strictSame([reply.statusCode, reply.json()], [415, { message: 'Unsupported media type: send the body as application/json.' }], type)
  }
})

t.test('a packed body is refused with a message that says so', async t => {
  const { app, control } = await build(t)
  const send = async (encoding: string, payload: Buffer | string): Promise<[number, unknown]> => {
    const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: { ...JSON_TYPE, 'content-encoding': encoding }, payload })
    return [reply.statusCode, reply.statusCode === 201 ? null : reply.json()]
  }
  const body = '{"files":["tmp/a.pdf"]}'
  t.strictSame(await send('gzip', gzipSync(body)), [415, { message: 'The request body has a Content-Encoding: send it without one.' }])
  t.strictSame(await send('Identity', body), [201, null])
  const { data } = (await control('GET', '/namespaces/default/requests')).json()
  t.strictSame(data.map(({ body }: { body: string | null }) => body), [null, body], 'the journal shows no packed body')
})

t.test('trims the texts of a body, and takes an empty one for none', async t => {
  const { call } = await build(t)
  const created = await call('POST', '/workspaces/create', { name: '  Trim me  ', icon: ' ' })
  t.match([created.statusCode, created.json()], [201, { name: 'Trim me', icon: null }])
  const blank = await call('POST', '/workspaces/create', { name: '   ' })
  t.strictSame([blank.statusCode, blank.json()], [422, { message: 'The name field is required.', errors: { name: ['The name field is required.'] } }])
  for (const name of ['', ' ', null]) t.match((await call('PUT', '/workspaces/1', { name })).json(), { name: 'Accounts payable' }, 'the name stays')
  t.match((await call('POST', '/vapor/signed-storage-url', { content_type: '  ', visibility: null })).json(), { headers: { 'Content-Type': 'application/octet-stream' } })
  t.equal((await call('POST', BATCH_URL, { files: [' tmp/a.pdf '] })).statusCode, 201)
})

t.test('takes what the control API is sent literally', async t => {
  const { call, control } = await build(t)
  await control('POST', '/namespaces/default/faults', { match: [], status: 200, headers: { 'x-note': ' as it is' }, body: [' a ', '', null], delay: null })
  const reply = await call('GET', '/workspaces')
  t.strictSame(reply.json(), [' a ', '', null])
})

t.test('takes a template back as PHP decodes and encodes it', async t => {
  const { call } = await build(t)
  const schema = {
    config: {},
    definitions: {},
    groups: {
      empty: { config: {}, fields: {} },
      invoice: { config: {}, fields: { part: { type: 'object', properties: {} }, list: { type: 'array', items: { type: 'object', properties: {} } } } }
    }
  }
  const created = (await call('POST', '/extractions/templates', { workspace_id: 1, name: 'x', schema_json: schema, settings: { parsing: {} } })).json()
  t.strictSame([created.schema_json, created.settings], [schema, { parsing: {} }])
  const php = JSON.parse(JSON.stringify(created).replaceAll('{}', '[]'))
  for (const [method, url] of [['PUT', `/extractions/templates/${created.id}`], ['POST', '/extractions/templates']] as const) {
    const { schema_json: after, settings } = (await call(method, url, php)).json()
    t.strictSame([after, settings], [schema, { parsing: {} }], method)
  }
  t.strictSame((await call('POST', '/extractions/templates', { ...php, settings: [], schema_json: { groups: [] } })).json().settings, {})
})

t.test('null for a part of a template is as if it were absent', async t => {
  const { call } = await build(t)
  const field = { type: 'string', extraction_prompt: null, description: null, enum: null, items: null, properties: null }
  const sent = {
    config: { reasoning_enabled: null, system_message: null, extraction_title_prompt: '  ' },
    definitions: null,
    groups: { list: { config: null, search_query: null, extraction_prompt: '', fields: { total: field, same: { $ref: '#/definitions/x', type: null } } } }
  }
  const reply = await call('POST', '/extractions/templates', { workspace_id: 1, name: 'x', description: '', schema_json: { ...sent, definitions: { x: field } }, settings: { parsing: { contextual_embedding: null } } })
  t.equal(reply.statusCode, 201, reply.body)
  const { description, schema_json: schema, settings } = reply.json()
  t.strictSame([description, schema, settings], [
    null,
    {
      config: { system_message: null, extraction_title_prompt: null },
      definitions: { x: { type: 'string' } },
      groups: { list: { fields: { total: { type: 'string' }, same: { $ref: '#/definitions/x' } } } }
    },
    { parsing: {} }
  ])
  t.equal((await call('POST', '/extractions/templates', { workspace_id: 1, name: 'x', schema_json: { ...sent, groups: { a: { fields: {} } }, config: null }, settings: null })).statusCode, 201)
})
