import t, { type Test } from 'tap'
import { demoTemplate } from '../../src/config/demo-data.ts'
import { as, BATCH_URL, build, FULL, NOON, otherTemplate, READ, TEMPLATE, type Rig } from '../helper.ts'
import { BAD_NAMES, BAD_REQUIRED_NAMES, findsNone, MISSING, NO_NUMBERS, NO_UUIDS, notOf, refusesBadBodies, type BadValue } from './bad-input.ts'

const NS = '/namespaces/default'
const URL = '/extractions/templates'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const AT_NOON = { created_at: '2024-01-15T10:30:00Z', updated_at: '2024-01-15T10:30:00Z' }
const INVOICES = { id: TEMPLATE, name: 'Invoices', description: demoTemplate.description, schema_json: demoTemplate.schema, settings: { parsing: { contextual_embedding: false } }, workspace_id: 1, ...AT_NOON }
const RECEIPTS = { ...INVOICES, id: otherTemplate.id, name: 'Receipts', schema_json: otherTemplate.schema }
const SCHEMA = { groups: { receipt: { fields: { total: { type: 'number' } } } } }

async function create ({ app }: Rig, body: object, headers: Record<string, string> = FULL): Promise<any> {
  return (await app.inject({ method: 'POST', url: URL, headers, payload: { name: 'Tickets', workspace_id: 1, schema_json: SCHEMA, ...body } })).json()
}

async function get ({ app }: Rig, id: string = TEMPLATE, headers: Record<string, string> = FULL): Promise<any> {
  return (await app.inject({ url: `${URL}/${id}`, headers })).json()
}

t.test('list: returns the whole templates of one workspace, oldest first', async t => {
  const rig = await build(t)
  const meta = { current_page: 1, last_page: 1, per_page: 15, total: 2 }
  for (const headers of [FULL, READ, as('viewer')]) {
    const reply = await rig.app.inject({ url: '/workspaces/1/extractions/templates', headers })
    t.strictSame([reply.statusCode, reply.json()], [200, { data: [INVOICES, RECEIPTS], meta }])
  }
  const theirs = await create(rig, { workspace_id: 2 }, as('stranger'))
  t.strictSame((await rig.app.inject({ url: '/workspaces/2/extractions/templates', headers: as('stranger') })).json(), { data: [theirs], meta: { ...meta, total: 1 } })
  t.strictSame((await rig.call('GET', '/workspaces/1/extractions/templates')).json(), { data: [INVOICES, RECEIPTS], meta })
})

t.test('create: omitted fields have their defaults', async t => {
  const rig = await build(t)
  await rig.clock.advanceTo(NOON + 1_999)
  const reply = await rig.call('POST', URL, { name: 'Tickets', workspace_id: 1, schema_json: SCHEMA, id: TEMPLATE, created_at: '2000-01-01T00:00:00Z', schema: 1 })
  const { id } = reply.json()
  t.match(id, UUID)
  const template = { id, name: 'Tickets', description: null, schema_json: SCHEMA, settings: {}, workspace_id: 1, created_at: '2024-01-15T10:30:01Z', updated_at: '2024-01-15T10:30:01Z' }
  t.strictSame([reply.statusCode, reply.json()], [201, template])
  t.strictSame(await get(rig, id), template)
  t.strictSame(await get(rig, id.toUpperCase()), template)
  t.strictSame(await get(rig), INVOICES)
  const list = (await rig.call('GET', '/workspaces/1/extractions/templates')).json()
  t.strictSame(list.data, [INVOICES, RECEIPTS, template])
})

t.test('create: returns everything that was sent, with unknown keys of schema and settings', async t => {
  const rig = await build(t)
  const body = {
    name: 'x'.repeat(255),
    description: 'y'.repeat(65_535),
    schema_json: {
      version: 7,
      config: { system_message: null, reasoning_enabled: true, extraction_title_prompt: 'Which one?', model: { name: 'large', tries: [1, null] } },
      definitions: { money: { type: 'object', properties: { amount: { type: 'number' }, currency: { type: 'enum', enum: ['EUR', 'USD', null, 1, true] } } } },
      groups: {
        lines: { search_query: 'lines', fields: { items: { type: 'array', items: { $ref: '#/definitions/money', extraction_prompt: 'Each line.' } } } },
        'per line': { config: { iterates_on: 'lines.items', top: 3 }, extraction_prompt: 'One line.', fields: { 'What is it?': { type: 'gibberish', required: true, 'x-order': 1 } }, weight: 0.5 },
        '': { fields: {} }
      }
    },
    settings: { parsing: { contextual_embedding: true, engine: 'vlm' }, theme: ['dark'] }
  }
  const template = await create(rig, body)
  t.strictSame(template, { id: template.id, ...body, workspace_id: 1, ...AT_NOON })
  t.strictSame(await get(rig, template.id), template)
})

t.test('create: accepts equal names; the same operations in a new namespace give the same ids', async t => {
  const rig = await build(t)
  const make = async (): Promise<string[]> => [(await create(rig, {})).id, (await create(rig, {})).id, (await create(rig, { name: 'Other' })).id, (await create(rig, { workspace_id: 2 }, as('stranger'))).id]
  const ids = await make()
  t.equal(new Set(ids).size, 4)
  await rig.control('POST', `${NS}/reset`)
  t.strictSame(await make(), ids)
})

/** Bad values of a template's fields, for create and update. */
const BAD_DESCRIPTIONS: readonly BadValue[] = [...notOf(['string'], 'must be a string of at most 65,535 characters or null.'), ['x'.repeat(65_536), 'must be a string of at most 65,535 characters or null.']]
const BAD_SETTINGS: readonly BadValue[] = notOf(['object'], 'must be an object.')
const BAD_PARSING = { 'settings.parsing': notOf(['object'], 'must be an object.'), 'settings.parsing.contextual_embedding': notOf(['boolean'], 'must be true or false.') }
const BAD_SCHEMA_PARTS: { readonly [path: string]: readonly BadValue[] } = {
  'schema_json.groups': [[undefined, 'is required.'], [null, 'is required.'], ...notOf(['object'], 'must be an object.')],
  'schema_json.config': notOf(['object'], 'must be an object.'),
  'schema_json.definitions': notOf(['object'], 'must be an object.'),
  'schema_json.config.system_message': notOf(['string'], 'must be a string or null.'),
  'schema_json.config.extraction_title_prompt': notOf(['string'], 'must be a string or null.'),
  'schema_json.config.reasoning_enabled': notOf(['boolean'], 'must be true or false.'),
  'schema_json.groups.receipt': notOf(['object'], 'must be an object.'),
  'schema_json.groups.receipt.fields': [[undefined, 'is required.'], [null, 'is required.'], ...notOf(['object'], 'must be an object.')],
  'schema_json.groups.receipt.search_query': notOf(['string'], 'must be a string.'),
  'schema_json.groups.receipt.extraction_prompt': notOf(['string'], 'must be a string.'),
  'schema_json.groups.receipt.config': notOf(['object'], 'must be an object.'),
  'schema_json.groups.receipt.config.iterates_on': [...notOf(['string'], 'must be a string.'), ['receipt', 'must be the group.field of an array.'], ['receipt.total', 'must be the group.field of an array.']],
  'schema_json.groups.receipt.fields.total': notOf(['object'], 'must be an object.'),
  'schema_json.groups.receipt.fields.total.type': [[undefined, 'is required.'], [null, 'is required.'], ...notOf(['string'], 'must be a string.')]
}

t.test('create: rejects invalid bodies', async t => {
  const rig = await build(t)
  const refused = 'The selected workspace_id is invalid: send the id of one of your workspaces.'
  await refusesBadBodies(t, rig, {
    method: 'POST',
    url: URL,
    valid: { name: 'Tickets', workspace_id: 1, description: null, schema_json: SCHEMA, settings: {} },
    bad: {
      name: BAD_REQUIRED_NAMES,
      workspace_id: [...MISSING, ...[0, -1, 2, 999, 1e20].map(id => [id, refused] as const), ...notOf(['integer'], 'must be an integer.', 'missing')],
      description: BAD_DESCRIPTIONS,
      schema_json: [...MISSING, ...notOf(['object'], 'must be an object.', 'missing')],
      settings: BAD_SETTINGS,
      ...BAD_PARSING,
      ...BAD_SCHEMA_PARTS
    },
    unchanged: ['/workspaces/1/extractions/templates']
  })
})

t.test('create: reports every issue of a schema by its path', async t => {
  const rig = await build(t)
  const reply = await rig.call('POST', URL, {
    name: '',
    workspace_id: 1,
    schema_json: {
      config: { reasoning_enabled: 'yes', system_message: 5 },
      definitions: { money: { type: 5 } },
      groups: {
        a: { fields: { x: {}, y: { type: 'enum' }, z: { type: 'enum', enum: ['a', { b: 1 }] }, list: { type: 'array', items: { type: 'object', properties: { deep: [1] } } } } },
        b: {},
        c: 'text',
        d: { config: { iterates_on: 5 }, fields: [1] }
      }
    },
    settings: { parsing: { contextual_embedding: 1 } }
  })
  const faults = {
    name: 'is required.',
    'schema_json.config.reasoning_enabled': 'must be true or false.',
    'schema_json.config.system_message': 'must be a string or null.',
    'schema_json.definitions.money.type': 'must be a string.',
    'schema_json.groups.a.fields.x.type': 'is required.',
    'schema_json.groups.a.fields.y.enum': 'is required.',
    'schema_json.groups.a.fields.z.enum.1': 'must be a string, a number, true, false or null.',
    'schema_json.groups.a.fields.list.items.properties.deep': 'must be an object.',
    'schema_json.groups.b.fields': 'is required.',
    'schema_json.groups.c': 'must be an object.',
    'schema_json.groups.d.config.iterates_on': 'must be a string.',
    'schema_json.groups.d.fields': 'must be an object.',
    'settings.parsing.contextual_embedding': 'must be true or false.'
  }
  t.equal(reply.statusCode, 422)
  t.same(reply.json(), {
    message: 'The name field is required. (and 12 more errors)',
    errors: Object.fromEntries(Object.entries(faults).map(([path, fault]) => [path, [`The ${path} field ${fault}`]]))
  })
})

t.test('create: rejects references to unknown fields and circular references', async t => {
  const rig = await build(t)
  const faultsOf = async (schema: object): Promise<unknown> => (await rig.call('POST', URL, { name: 'x', workspace_id: 1, schema_json: schema })).json().errors
  const told = (path: string, fault: string): object => ({ [`schema_json.${path}`]: [`The schema_json.${path} field ${fault}`] })
  t.strictSame(await faultsOf({ groups: { a: { fields: { x: { $ref: '#/definitions/none' } } } } }), told('groups.a.fields.x.$ref', 'must be #/definitions/ and the name of a definition.'))
  t.strictSame(await faultsOf({ definitions: { a: { type: 'array', items: { $ref: '#/definitions/a' } } }, groups: {} }), told('definitions.a', 'must not contain itself.'))
  t.strictSame(await faultsOf({ groups: { a: { config: { iterates_on: 'a.list' }, fields: { list: { type: 'array' } } } } }), told('groups.a.config.iterates_on', 'must not depend on the group itself.'))
  t.strictSame(await faultsOf({ groups: Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [n, { fields: {} }])) }), told('groups', 'must not have more than 1,000 fields in total; a definition counts wherever it is used.'))
})

t.test('get, update, delete, duplicate: answer 404 for unknown and foreign templates', async t => {
  const rig = await build(t)
  const { id: foreign } = await create(rig, { workspace_id: 2 }, as('stranger'))
  const segments = [...NO_UUIDS, foreign, '1']
  for (const [method, url] of [['GET', `${URL}/*`], ['PUT', `${URL}/*`], ['DELETE', `${URL}/*`], ['POST', `${URL}/*/duplicate`]] as const) await findsNone(t, rig, method, url, 'Template', segments)
  await findsNone(t, rig, 'GET', '/workspaces/*/extractions/templates', 'Workspace', [...NO_NUMBERS, '2'])
  t.equal((await get(rig, foreign, as('stranger'))).name, 'Tickets')
})

t.test('update: keeps omitted fields and replaces the others as a whole', async t => {
  const rig = await build(t)
  let expected: object = INVOICES
  const cases: object[] = [
    { name: 'Bills' },
    { description: 'Bills of all kinds.' },
    { description: null },
    { description: 'Other' },
    { schema_json: { groups: { bill: { fields: { total: { type: 'number' } } } }, extra: 1 } },
    { schema_json: { groups: {} } },
    { settings: { theme: 'dark' } },
    { settings: { parsing: {} } },
    { name: 'All', description: 'At once.', schema_json: SCHEMA, settings: { parsing: { contextual_embedding: true } } },
    {}
  ]
  for (const [second, change] of cases.entries()) {
    await rig.clock.advanceTo(NOON + second * 1000)
    const reply = await rig.app.inject({ method: 'PUT', url: `${URL}/${TEMPLATE.toUpperCase()}`, headers: as('worker'), payload: { ...change, workspace_id: 2, id: 'x' } })
    expected = { ...expected, ...change, updated_at: `2024-01-15T10:30:0${second}Z` }
    t.strictSame([reply.statusCode, reply.json()], [200, expected])
    t.strictSame(await get(rig), expected)
  }
  t.strictSame(await get(rig, otherTemplate.id), RECEIPTS, 'other templates do not change')
})

t.test('update: rejects invalid bodies', async t => {
  const rig = await build(t)
  await refusesBadBodies(t, rig, {
    method: 'PUT',
    url: `${URL}/${TEMPLATE}`,
    valid: { name: 'Tickets', description: null, schema_json: SCHEMA, settings: {} },
    bad: { name: BAD_NAMES, description: BAD_DESCRIPTIONS, schema_json: notOf(['object'], 'must be an object.'), settings: BAD_SETTINGS, ...BAD_PARSING, ...BAD_SCHEMA_PARTS },
    unchanged: [`${URL}/${TEMPLATE}`]
  })
})

/** Runs a session to its end and returns the values. */
async function run (t: Test, { call, control }: Rig, sessionId: string): Promise<{ hash: string, groups: string[] }> {
  const reply = await call('POST', `/extractions/sessions/${sessionId}/results`)
  t.equal(reply.statusCode, 201)
  await control('POST', `${NS}/clock/advance`, { to: 'idle' })
  const { status, config_hash: hash, data } = (await call('GET', `/extractions/results/${reply.json().id}`)).json()
  t.equal(status, 'completed')
  return { hash, groups: Object.keys(data) }
}

t.test('update: existing sessions use the new schema for the next run and keep their last result', async t => {
  const rig = await build(t)
  const update = async (change: object): Promise<void> => { t.equal((await rig.call('PUT', `${URL}/${TEMPLATE}`, change)).statusCode, 200) }
  const [id = '', automatic = ''] = await rig.create(['tmp/a.pdf', 'tmp/b.pdf'], { auto_extract: true })
  await update({ schema_json: SCHEMA })
  await rig.control('POST', `${NS}/clock/advance`, { to: 'idle' })
  const own = (await rig.call('GET', `/extractions/results/${automatic.replace(/0(...)$/, '2$1')}`)).json()
  t.strictSame(Object.keys(own.data), Object.keys(demoTemplate.schema.groups), 'earlier runs use the old schema')

  const before = await run(t, rig, id)
  t.strictSame(before.groups, ['receipt'])
  t.not(before.hash, own.config_hash)
  await update({})
  await update({ name: 'Another', description: 'Another.' })
  await update({ schema_json: { ...SCHEMA } })
  t.strictSame(await run(t, rig, id), before, 'the fingerprint does not depend on name and description')
  await update({ settings: { parsing: { contextual_embedding: false } } })
  t.strictSame(await run(t, rig, id), before, 'explicit defaults do not change the fingerprint')
  await update({ settings: { parsing: { contextual_embedding: true } } })
  const embedded = await run(t, rig, id)
  t.not(embedded.hash, before.hash)
  await update({ settings: {}, schema_json: { groups: { other: { fields: { shop: { type: 'string' } } } } } })
  t.strictSame((await run(t, rig, id)).groups, ['other'])
  await update({ schema_json: SCHEMA })
  t.strictSame(await run(t, rig, id), before, 'equal configurations have equal fingerprints')

  const hashes = (await rig.call('GET', `/extractions/sessions/${id}/results`)).json().data.map(({ config_hash: hash }: { config_hash: string }) => hash)
  t.strictSame([hashes.length, hashes[0], hashes[1], hashes.at(-1)], [7, own.config_hash, before.hash, before.hash])
  for (const hash of hashes) t.match(hash, /^[0-9a-f]{64}$/)
})

t.test('update: new sessions and batches use the new schema', async t => {
  const rig = await build(t)
  const { id } = (await rig.call('POST', '/extractions/sessions', { extraction_template_id: TEMPLATE })).json()
  await rig.call('PUT', `${URL}/${TEMPLATE}`, { schema_json: SCHEMA })
  t.equal((await rig.call('POST', `/extractions/sessions/${id}/documents/upload`, { keys: ['tmp/a.pdf'] })).statusCode, 200)
  t.strictSame((await run(t, rig, id)).groups, ['receipt'])
  const [batch = ''] = await rig.create(['tmp/b.pdf'])
  t.strictSame((await run(t, rig, batch)).groups, ['receipt'])
})

t.test('delete: deletes the template, its sessions, results and documents, and nothing else', async t => {
  const rig = await build(t)
  const other = BATCH_URL.replace(TEMPLATE, otherTemplate.id)
  const [gone = '', shared = ''] = await rig.create(['tmp/a.pdf', 'tmp/b.pdf'], { auto_extract: true })
  const [{ id: kept }] = (await rig.call('POST', other, { files: ['tmp/c.pdf'], settings: { auto_extract: true } })).json()
  const documentOf = (session: string): string => session.replace(/0(...)$/, '1$1')
  const resultOf = (session: string): string => session.replace(/0(...)$/, '2$1')
  await rig.control('POST', `${NS}/clock/advance`, { to: 'idle' })
  t.equal((await rig.call('POST', `/extractions/sessions/${kept}/documents/attach`, { document_ids: [documentOf(shared)] })).statusCode, 200)
  await run(t, rig, kept)
  const look = async (paths: string[]): Promise<Array<[number, any]>> => await Promise.all(paths.map(async path => {
    const reply = await rig.call('GET', `/extractions/${path}`)
    return [reply.statusCode, reply.json()]
  }))
  const goners = [`templates/${TEMPLATE}`, `sessions/${gone}`, `sessions/${gone}/results`, `results/${resultOf(gone)}`, `documents/${documentOf(gone)}`, `sessions/${shared}`, `results/${resultOf(shared)}`]
  const stayers = [`templates/${otherTemplate.id}`, `sessions/${kept}`, `sessions/${kept}/results`, `results/${resultOf(kept)}`, `documents/${documentOf(kept)}`]
  t.ok((await look([...goners, ...stayers])).every(([status]) => status === 200))
  const before = await look(stayers)

  const reply = await rig.call('DELETE', `${URL}/${TEMPLATE}`)
  t.strictSame([reply.statusCode, reply.body], [204, ''])
  t.strictSame((await look(goners)).map(([status, { message }]) => [status, message]), ['Template', 'Session', 'Session', 'Result', 'Document', 'Session', 'Result'].map(kind => [404, `${kind} not found.`]))
  t.strictSame(await look(stayers), before)
  t.equal((await look([`documents/${documentOf(shared)}`]))[0]?.[0], 200, 'a document attached to another template\'s session stays')
  t.strictSame((await rig.call('GET', '/workspaces/1/extractions/templates')).json().data, [RECEIPTS])
  for (const [method, url, body] of [['POST', BATCH_URL, { files: ['tmp/a.pdf'] }], ['PUT', `${URL}/${TEMPLATE}`, {}], ['DELETE', `${URL}/${TEMPLATE}`, undefined], ['POST', `${URL}/${TEMPLATE}/duplicate`, {}]] as const) {
    t.strictSame((await rig.call(method, url, body)).json(), { message: 'Template not found.' })
  }
  t.equal((await rig.call('POST', '/extractions/sessions', { extraction_template_id: TEMPLATE })).statusCode, 422)
})

t.test('delete: keeps a template with the same id in another namespace', async t => {
  const rig = await build(t)
  await rig.call('DELETE', `${URL}/${TEMPLATE}`)
  t.strictSame(await get(rig, TEMPLATE, as('other')), INVOICES)
})

t.test('duplicate: creates an equal template', async t => {
  const rig = await build(t)
  await rig.clock.advanceTo(NOON + 5_000)
  const made = { created_at: '2024-01-15T10:30:05Z', updated_at: '2024-01-15T10:30:05Z' }
  const ids = []
  for (const [body, name] of [[undefined, 'Invoices (Copy)'], [{}, 'Invoices (Copy)'], [{ name: 'Bills' }, 'Bills'], [{ name: 'Invoices', workspace_id: 2, description: 'x' }, 'Invoices']] as const) {
    const reply = await rig.call('POST', `${URL}/${TEMPLATE.toUpperCase()}/duplicate`, body)
    const copy = reply.json()
    t.strictSame([reply.statusCode, copy], [201, { ...INVOICES, id: copy.id, name, ...made }])
    t.strictSame(await get(rig, copy.id), copy)
    ids.push(copy.id)
  }
  t.equal(new Set([...ids, TEMPLATE]).size, 5)
  t.strictSame(await get(rig), INVOICES)
  t.strictSame((await rig.call('POST', `${URL}/${ids[0]}/duplicate`)).json().name, 'Invoices (Copy) (Copy)')
})

t.test('duplicate: original and copy are independent', async t => {
  const rig = await build(t)
  const { id } = (await rig.call('POST', `${URL}/${TEMPLATE}/duplicate`)).json()
  const [session = ''] = await rig.create(['tmp/a.pdf'])
  await rig.call('PUT', `${URL}/${id}`, { name: 'Mine', schema_json: SCHEMA, settings: {} })
  t.strictSame(await get(rig), INVOICES)
  await rig.call('PUT', `${URL}/${TEMPLATE}`, { description: 'Changed.' })
  t.match(await get(rig, id), { name: 'Mine', description: INVOICES.description, schema_json: SCHEMA })
  await rig.call('DELETE', `${URL}/${id}`)
  t.equal((await rig.call('GET', `/extractions/sessions/${session}`)).statusCode, 200, 'the sessions of the original stay')
  t.match(await get(rig), { name: 'Invoices', description: 'Changed.' })
})

t.test('duplicate: shortens the name of the copy, at a whole character', async t => {
  const rig = await build(t)
  for (const [name, copied] of [
    ['x'.repeat(248), `${'x'.repeat(248)} (Copy)`],
    ['x'.repeat(255), `${'x'.repeat(248)} (Copy)`],
    [`${'x'.repeat(247)}🧾yyy`, `${'x'.repeat(247)} (Copy)`],
    [`${'x'.repeat(246)}🧾yyy`, `${'x'.repeat(246)}🧾 (Copy)`]
  ]) {
    const { id } = await create(rig, { name })
    t.equal((await rig.call('POST', `${URL}/${id}/duplicate`)).json().name, copied)
  }
})

t.test('duplicate: rejects invalid bodies', async t => {
  const rig = await build(t)
  await refusesBadBodies(t, rig, { method: 'POST', url: `${URL}/${TEMPLATE}/duplicate`, valid: {}, bad: { name: BAD_NAMES }, unchanged: ['/workspaces/1/extractions/templates'] })
})
