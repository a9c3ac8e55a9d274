import t from 'tap'
import fc from 'fast-check'
import { isFileKey } from '../../src/domain/files/file-key.ts'
import { BATCH_URL, build, FULL, NOON, otherTemplate, READ, TEMPLATE } from '../helper.ts'

t.test('creates one pending session per file, in the order of the files', async t => {
  const { call } = await build(t)
  const reply = await call('POST', BATCH_URL, { files: ['tmp/abc123-invoice1.pdf', 'tmp/def456-invoice2.pdf'], settings: { auto_extract: true } })
  t.equal(reply.statusCode, 201)
  t.equal(reply.headers['content-type'], 'application/json; charset=utf-8')
  const [first, second] = reply.json<Array<{ id: string }>>()
  t.same(reply.json(), [
    { id: first?.id, name: 'Pending...', created_at: '2024-01-15T10:30:00Z' },
    { id: second?.id, name: 'Pending...', created_at: '2024-01-15T10:30:00Z' }
  ])
  const names = await Promise.all([first, second].map(async session => (await call('GET', `/extractions/sessions/${session?.id}`)).json().documents[0].filename))
  t.same(names, ['invoice1.pdf', 'invoice2.pdf'])
})

t.test('accepts 1 to 50 files, and a repeated file key creates two sessions', async t => {
  const { create } = await build(t)
  t.equal((await create(['tmp/a.pdf'])).length, 1)
  t.equal(new Set(await create(Array.from({ length: 50 }, (_, n) => `tmp/${n}.pdf`))).size, 50)
  t.equal(new Set(await create(['tmp/a.pdf', 'tmp/a.pdf'])).size, 2)
})

t.test('creates new sessions when a batch is repeated', async t => {
  const { create } = await build(t)
  const ids = [...await create(['tmp/a.pdf']), ...await create(['tmp/a.pdf']), ...await create(['tmp/a.pdf'], { auto_extract: true })]
  t.equal(new Set(ids).size, 3)
})

t.test('returns the same bytes under the same seed, and other ids under another', async t => {
  const script = async (seed: string): Promise<string> => {
    const { call, create, clock } = await build(t, { seed })
    const [id] = await create(['tmp/a.pdf', 'tmp/b.pdf'], { auto_extract: true })
    await clock.advanceTo(NOON + 1_000_000)
    return (await call('GET', `/extractions/sessions/${id}`)).body
  }
  t.equal(await script('1'), await script('1'))
  t.not(await script('1'), await script('2'))
})

t.test('accepts settings that are absent, empty, or have auto_extract false', async t => {
  const { create, call } = await build(t)
  for (const settings of [undefined, {}, { auto_extract: false }, { unknown: 1 }]) {
    const [id] = await create(['tmp/a.pdf'], settings)
    t.same((await call('GET', `/extractions/sessions/${id}`)).json().settings, { auto_extract: false })
  }
})

t.test('accepts a template id in upper case', async t => {
  const { call } = await build(t)
  t.equal((await call('POST', BATCH_URL.replace(TEMPLATE, TEMPLATE.toUpperCase()), { files: ['tmp/a.pdf'] })).statusCode, 201)
})

t.test('answers 404 for an unknown or malformed template id', async t => {
  const { call } = await build(t)
  for (const id of ['3c90c3cc-0d44-4b50-8888-8dd257360521', 'invoices', '%F0%9F%91%8D', 'x'.repeat(5_000), TEMPLATE.slice(1), `${TEMPLATE}0`]) {
    const reply = await call('POST', `/extractions/templates/${id}/sessions/batch`, { files: ['tmp/a.pdf'] })
    t.equal(reply.statusCode, 404, id)
    t.same(reply.json(), { message: 'Template not found.' })
  }
})

t.test('checks the token, then the ability, then the template, then the body', async t => {
  const { app } = await build(t)
  const unknown = BATCH_URL.replace(TEMPLATE, 'unknown')
  const statuses = await Promise.all([
    app.inject({ method: 'POST', url: unknown, payload: {} }),
    app.inject({ method: 'POST', url: unknown, headers: READ, payload: {} }),
    app.inject({ method: 'POST', url: unknown, headers: FULL, payload: {} }),
    app.inject({ method: 'POST', url: BATCH_URL, headers: FULL, payload: {} })
  ])
  t.same(statuses.map(({ statusCode }) => statusCode), [401, 403, 404, 422])
  t.same(statuses[1]?.json(), { message: 'Invalid ability provided.' })
})

t.test('reports every issue at once, in Laravel\'s words', async t => {
  const { call } = await build(t)
  const reply = await call('POST', BATCH_URL, { settings: { auto_extract: 'true' } })
  t.equal(reply.statusCode, 422)
  t.same(reply.json(), {
    message: 'The files field is required. (and 1 more error)',
    errors: {
      files: ['The files field is required.'],
      'settings.auto_extract': ['The settings.auto_extract field must be true or false.']
    }
  })
})

const FILES_REQUIRED = { files: ['The files field is required.'] }
const FORMAT = 'format is invalid: send a file key such as tmp/abc123-invoice.pdf, at most 1024 characters, without .. or control characters.'

t.test('rejects invalid bodies and stores nothing', async t => {
  const { app, create } = await build(t)
  const files = ['tmp/a.pdf']
  const cases: Array<[body: string, errors: object]> = [
    ['null', FILES_REQUIRED],
    ['[]', FILES_REQUIRED],
    ['["tmp/a.pdf"]', FILES_REQUIRED],
    ['"files"', FILES_REQUIRED],
    ['5', FILES_REQUIRED],
    ['true', FILES_REQUIRED],
    ['{}', FILES_REQUIRED],
    ['', FILES_REQUIRED],
    ['{"__proto__": {"files": ["tmp/a.pdf"]}}', FILES_REQUIRED],
    ['{"constructor": {"prototype": {"files": ["tmp/a.pdf"]}}}', FILES_REQUIRED],
    [JSON.stringify({ files: null }), FILES_REQUIRED],
    [JSON.stringify({ files: '' }), FILES_REQUIRED],
    [JSON.stringify({ files: [] }), FILES_REQUIRED],
    [JSON.stringify({ files: 'tmp/a.pdf' }), { files: ['The files field must be an array.'] }],
    [JSON.stringify({ files: { 0: 'tmp/a.pdf' } }), { files: ['The files field must be an array.'] }],
    [JSON.stringify({ files: 7 }), { files: ['The files field must be an array.'] }],
    [JSON.stringify({ files: Array(51).fill('tmp/a.pdf') }), { files: ['The files field must not have more than 50 items.'] }],
    [JSON.stringify({ files: Array(51).fill('tmp/a.pdf'), settings: { auto_extract: 1 } }), {
      files: ['The files field must not have more than 50 items.'],
      'settings.auto_extract': ['The settings.auto_extract field must be true or false.']
    }],
    [JSON.stringify({ files: ['tmp/a.pdf', 5, '', null, ['tmp/a.pdf']] }), {
      'files.1': ['The files.1 field must be a string.'],
      'files.2': ['The files.2 field is required.'],
      'files.3': ['The files.3 field is required.'],
      'files.4': ['The files.4 field must be a string.']
    }],
    [JSON.stringify({ files: ['../etc/passwd', 'tmp/../x', 'tmp/a\0.pdf', 'tmp/', 'a.pdf'] }), Object.fromEntries(
      [0, 1, 2, 3, 4].map(n => [`files.${n}`, [`The files.${n} field ${FORMAT}`]]))],
    ['{"files": ["tmp/\\ud800.pdf"]}', { 'files.0': [`The files.0 field ${FORMAT}`] }],
    [JSON.stringify({ files: [`tmp/${'x'.repeat(5_000)}`] }), { 'files.0': ['The files.0 field must not be greater than 1024 characters.'] }],

    [JSON.stringify({ files, settings: [1] }), { settings: ['The settings field must be an object.'] }],
    [JSON.stringify({ files, settings: 'auto' }), { settings: ['The settings field must be an object.'] }],
    ...['"true"', '1', '0', '[]', '{}'].map((value): [string, object] => [
      `{"files": ["tmp/a.pdf"], "settings": {"auto_extract": ${value}}}`,
      { 'settings.auto_extract': ['The settings.auto_extract field must be true or false.'] }
    ])
  ]
  const [before] = await create(files)
  for (const [payload, errors] of cases) {
    const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: { ...FULL, 'content-type': 'application/json' }, payload })
    t.equal(reply.statusCode, 422, payload.slice(0, 80))
    t.same(reply.json().errors, errors, payload.slice(0, 80))
  }
  // The next equal batch is occurrence 2: the head is the same, and the rejected batches did not count.
  const [after] = await create(files)
  t.equal(after, before?.replace('-000000000000', '-000000010000'))
})

t.test('treats a missing body as an empty one', async t => {
  const { app } = await build(t)
  const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: FULL })
  t.equal(reply.statusCode, 422)
  t.same(reply.json(), { message: 'The files field is required.', errors: FILES_REQUIRED })
})

t.test('ignores unknown keys, even dangerous ones', async t => {
  const { app } = await build(t)
  const payload = '{"files": ["tmp/a.pdf"], "more": 1, "__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "settings": {"__proto__": {"auto_extract": "x"}}}'
  const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: { ...FULL, 'content-type': 'application/json' }, payload })
  t.equal(reply.statusCode, 201)
  t.equal(({} as { polluted?: number }).polluted, undefined)
})

t.test('rejects bodies that are not JSON, not sent as JSON, or too large', async t => {
  const { app } = await build(t)
  const post = async (payload: string, type?: string): Promise<[number, object]> => {
    const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: { ...FULL, ...type === undefined ? {} : { 'content-type': type } }, payload })
    return [reply.statusCode, reply.json()]
  }
  const notJson = [400, { message: 'The request body is not valid JSON.' }]
  for (const payload of ['{', 'files', '{"files": ["tmp/a.pdf"]', '{"files": [\'tmp/a.pdf\']}', '\u0000', ' ']) t.same(await post(payload, 'application/json'), notJson, payload)
  const unsupported = [415, { message: 'Unsupported media type: send the body as application/json.' }]
  for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'nonsense']) t.same(await post('{"files": ["tmp/a.pdf"]}', type), unsupported, type)
  t.same(await post('{"files": ["tmp/a.pdf"]}'), unsupported, 'no content type')
  const tooLarge = [413, { message: 'The request body is too large: send 1 MiB at most.' }]
  t.same(await post(JSON.stringify({ files: ['tmp/a.pdf'], padding: 'x'.repeat(2 * 1024 * 1024) }), 'application/json'), tooLarge)
  t.equal((await post('{"files": ["tmp/a.pdf"]}', 'application/json; charset=utf-8'))[0], 201)
})

t.test('answers deeply nested bodies and long lists quickly', async t => {
  const { app } = await build(t)
  const post = async (payload: string): Promise<number> =>
    (await app.inject({ method: 'POST', url: BATCH_URL, headers: { ...FULL, 'content-type': 'application/json' }, payload })).statusCode
  t.equal(await post(`{"files": ["tmp/a.pdf"], "deep": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`), 201)
  t.equal(await post(`{"files": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`), 422)
  t.equal(await post(`{"files": ${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`), 422)
  const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: FULL, payload: { files: Array(300_000).fill(1) } })
  t.equal(reply.statusCode, 422)
  t.equal(reply.json().message, 'The files field must not have more than 50 items. (and 51 more errors)')
})

t.test('rejects every file key without an upload when uploads are strict', async t => {
  const { app, call, create } = await build(t, { uploads: 'strict' })
  const { key, url, headers } = (await call('POST', '/vapor/signed-storage-url', {})).json()
  await app.inject({ method: 'PUT', url, headers, payload: 'hello' })
  const reply = await call('POST', BATCH_URL, { files: ['tmp/a.pdf', key, 'tmp/b.pdf'] })
  const fault = 'was not uploaded: PUT it to a signed URL first, and send the key that came with it.'
  t.equal(reply.statusCode, 422)
  t.same(reply.json(), {
    message: `The selected files.0 ${fault} (and 1 more error)`,
    errors: { 'files.0': [`The selected files.0 ${fault}`], 'files.2': [`The selected files.2 ${fault}`] }
  })
  t.equal((await create([key])).length, 1)
})

t.test('answers 201 or 422 to any JSON, and 201 means one session per file', async t => {
  const { app } = await build(t)
  const key = fc.oneof(fc.constant('tmp/a.pdf'), fc.string({ unit: 'binary' }).map(name => `tmp/${name}`), fc.jsonValue())
  const body = fc.oneof(
    { arbitrary: fc.record({ files: fc.array(key, { maxLength: 60 }), settings: fc.record({ auto_extract: fc.oneof(fc.boolean(), fc.jsonValue()) }, { requiredKeys: [] }) }, { requiredKeys: ['files'] }), weight: 4 },
    fc.jsonValue()
  )
  await fc.assert(fc.asyncProperty(body, async body => {
    const reply = await app.inject({ method: 'POST', url: BATCH_URL, headers: { ...FULL, 'content-type': 'application/json' }, payload: JSON.stringify(body) })
    if (reply.statusCode === 422) return Object.keys(reply.json().errors).length > 0
    const files = (body as { files: string[] }).files
    return reply.statusCode === 201 && reply.json().length === files.length && files.length <= 50 && files.every(isFileKey)
  }), { numRuns: 300 })
})

t.test('creates separate sessions for another template', async t => {
  const { call } = await build(t)
  const reply = await call('POST', BATCH_URL.replace(TEMPLATE, otherTemplate.id), { files: ['tmp/a.pdf'] })
  t.equal((await call('GET', `/extractions/sessions/${reply.json()[0].id}`)).json().extraction_template_id, otherTemplate.id)
})
