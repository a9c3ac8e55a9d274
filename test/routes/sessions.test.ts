import t, { type Test } from 'tap'
import { demoTemplate } from '../../src/config/demo-data.ts'
import { configHashOf, parsingHashOf } from '../../src/domain/templates/config-hash.ts'
import { build, FULL, NOON, READ, type Rig } from '../helper.ts'

const UNKNOWN = '9c90c3cc-0d44-4b50-8888-8dd257360521'
const CONFIG_HASH = configHashOf(demoTemplate)
const PARSING_HASH = parsingHashOf(demoTemplate)

/** The bodies of session, document and results, this many seconds after the batch was created. */
async function at ({ call, clock }: Rig, seconds: number, id: string): Promise<{ session: any, document: any, results: any[] }> {
  await clock.advanceTo(NOON + seconds * 1000)
  const session = (await call('GET', `/extractions/sessions/${id}`)).json()
  const document = (await call('GET', `/extractions/documents/${session.documents[0].id}`)).json()
  const { data } = (await call('GET', `/extractions/sessions/${id}/results`)).json()
  return { session, document, results: data }
}

t.test('a session with auto_extract goes from pending to completed, with whole bodies at every step', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/abc123-invoice1.pdf'], { auto_extract: true })

  const start = await at(rig, 0, id)
  const document = {
    id: id.replace(/0(...)$/, '1$1'),
    workspace_id: 1,
    filename: 'invoice1.pdf',
    mime: 'application/pdf',
    size: start.document.size,
    sha256: start.document.sha256,
    status: 'queued',
    source_type: 'upload',
    source_url: null,
    parsings: [{ id: start.document.parsings[0].id, config_hash: PARSING_HASH, status: 'queued', parser_version: 'v1', updated_at: '2024-01-15T10:30:00Z' }],
    meta: { page_count: null, file_size: start.document.size },
    created_at: '2024-01-15T10:30:00Z'
  }
  const session = {
    id,
    name: 'Pending...',
    extraction_template_id: demoTemplate.id,
    settings: { auto_extract: true },
    status: 'pending',
    created_at: '2024-01-15T10:30:00Z',
    updated_at: '2024-01-15T10:30:00Z',
    documents: [document],
    results: []
  }
  t.same(start, { session, document, results: [] })

  const parsing = { ...document, status: 'parsing', parsings: [{ ...document.parsings[0], status: 'parsing', updated_at: '2024-01-15T10:30:01Z' }] }
  t.same(await at(rig, 1, id), {
    session: { ...session, name: 'invoice1.pdf', status: 'processing', updated_at: '2024-01-15T10:30:01Z', documents: [parsing] },
    document: parsing,
    results: []
  })

  const parsed = await at(rig, 11, id)
  const parsedDocument = {
    ...document,
    status: 'parsed',
    parsings: [{ ...document.parsings[0], status: 'ready', updated_at: '2024-01-15T10:30:11Z' }],
    meta: { page_count: parsed.document.meta.page_count, file_size: document.size }
  }
  t.type(parsed.document.meta.page_count, 'number')
  const summary = {
    id: id.replace(/0(...)$/, '2$1'),
    extraction_session_id: id,
    status: 'created',
    config_hash: CONFIG_HASH,
    title: null,
    created_at: '2024-01-15T10:30:11Z',
    completed_at: null
  }
  const result = {
    ...summary,
    document_refs: [{
      kind: 'documentRef',
      documentId: document.id,
      workspaceId: 1,
      filename: 'invoice1.pdf',
      mime: 'application/pdf',
      size: document.size,
      sha256: document.sha256,
      source: { type: 'upload', url: null },
      createdAt: '2024-01-15T10:30:00Z'
    }],
    data: {},
    audit_data: {},
    updated_at: '2024-01-15T10:30:11Z'
  }
  const named = { ...session, name: 'invoice1.pdf', status: 'processing' }
  t.same(parsed, {
    session: { ...named, updated_at: '2024-01-15T10:30:11Z', documents: [parsedDocument], results: [result] },
    document: parsedDocument,
    results: [result]
  })

  t.same(await at(rig, 12, id), {
    session: { ...named, updated_at: '2024-01-15T10:30:12Z', documents: [parsedDocument], results: [{ ...result, status: 'processing', updated_at: '2024-01-15T10:30:12Z' }] },
    document: parsedDocument,
    results: [{ ...result, status: 'processing', updated_at: '2024-01-15T10:30:12Z' }]
  })

  const end = await at(rig, 112, id)
  const completed = { status: 'completed', title: 'Invoices - invoice1.pdf', completed_at: '2024-01-15T10:31:52Z' }
  const { data, audit_data: audit } = (await rig.call('GET', `/extractions/results/${summary.id}`)).json()
  const full = { ...result, ...completed, data, audit_data: audit, updated_at: '2024-01-15T10:31:52Z' }
  t.same((await rig.call('GET', `/extractions/results/${summary.id.toUpperCase()}`)).json(), full)
  t.same(end, {
    session: { ...named, status: 'completed', updated_at: '2024-01-15T10:31:52Z', documents: [{ ...parsedDocument, status: 'processed' }], results: [full] },
    document: { ...parsedDocument, status: 'processed' },
    results: [full]
  })
  for (const [group, { fields }] of Object.entries(demoTemplate.schema.groups)) {
    t.same(Object.keys(data[group]), Object.keys(fields))
    for (const field of Object.keys(fields)) {
      t.type(data[group][field], (fields?.[field] as { type?: string }).type === 'number' ? 'number' : 'string')
      t.match(audit[group][field], { reasoning: String, sources: [{ chunk_id: /^[0-9a-f-]{36}$/, text: String, page: Number }] })
    }
  }
})

t.test('a session without auto_extract is parsed but never extracted', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'])
  const { session, results } = await at(rig, 1e6, id)
  t.match(session, { status: 'pending', name: 'a.pdf', results: [], documents: [{ status: 'parsed' }] })
  t.same(results, [])
})

t.test('the automatic result answers 404 before it exists', async t => {
  const { call, create, clock } = await build(t)
  const [id = ''] = await create(['tmp/a.pdf'], { auto_extract: true })
  const url = `/extractions/results/${id.replace(/0(...)$/, '2$1')}`
  t.equal((await call('GET', url)).statusCode, 404)
  await clock.advanceTo(NOON + 11_000)
  t.equal((await call('GET', url)).statusCode, 200)
})

t.test('a client that polls an auto clock sees every status in order', async t => {
  const { call, create } = await build(t, { clock: { mode: 'auto', at: NOON } })
  const [id] = await create(['tmp/a.pdf'], { auto_extract: true })
  const seen: string[] = []
  while (seen.at(-1) !== 'completed' && seen.length < 20) {
    const [result] = (await call('GET', `/extractions/sessions/${id}/results`)).json().data
    seen.push(result?.status ?? 'none')
  }
  t.same(seen, ['none', 'none', 'created', 'processing', 'completed'])
})

/** Sends GET and HEAD to `url` and expects equal responses. */
async function get (t: Test, { app }: Rig, url: string, headers: Record<string, string>): Promise<[number, object]> {
  const reply = await app.inject({ method: 'GET', url, headers })
  const head = await app.inject({ method: 'HEAD', url, headers })
  t.equal(head.statusCode, reply.statusCode)
  t.equal(head.body, '')
  t.equal(head.headers['content-length'], reply.headers['content-length'])
  return [reply.statusCode, reply.json()]
}

t.test('answers 404 for unknown and malformed ids, and ids of other kinds and namespaces', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'], { auto_extract: true })
  await rig.clock.advanceTo(NOON + 1e6)
  const ids = { sessions: id, documents: id.replace(/0(...)$/, '1$1'), results: id.replace(/0(...)$/, '2$1') }
  const kinds = { sessions: 'Session', documents: 'Document', results: 'Result' }
  for (const [path, kind] of Object.entries(kinds) as Array<[keyof typeof kinds, string]>) {
    t.equal((await get(t, rig, `/extractions/${path}/${ids[path]}`, READ))[0], 200)
    t.same(await get(t, rig, `/extractions/${path}/${ids[path]}`, { authorization: 'Bearer rd_test_other' }), [404, { message: `${kind} not found.` }])
    const others = Object.entries(ids).filter(([other]) => other !== path).map(([, id]) => id)
    for (const wrong of [...others, UNKNOWN, 'x', '%00', id.slice(1), `${id}0`, id.replace(/..$/, '01')]) {
      t.same(await get(t, rig, `/extractions/${path}/${wrong}`, FULL), [404, { message: `${kind} not found.` }], `${path}/${wrong}`)
    }
  }
  t.same(await get(t, rig, `/extractions/sessions/${UNKNOWN}/results`, FULL), [404, { message: 'Session not found.' }])
})

t.test('reading requires sessions-read', async t => {
  const { app, create } = await build(t)
  const [id] = await create(['tmp/a.pdf'])
  for (const url of [`/extractions/sessions/${id}`, `/extractions/sessions/${id}/results`, '/extractions/results/x', '/extractions/documents/x']) {
    t.equal((await app.inject({ url })).statusCode, 401)
    const reply = await app.inject({ url, headers: { authorization: 'Bearer rd_test_writer' } })
    t.equal(reply.statusCode, 403)
    t.same(reply.json(), { message: 'Invalid ability provided.' })
  }
})
