import t from 'tap'
import { build, NOON, type Rig } from '../helper.ts'
import { MISSING, notOf, refusesBadBodies } from './bad-input.ts'
import { ask, get, idle, newDocument, run, SESSIONS_URL, sessionOf, upload, type Answer } from './files.ts'

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)]

/** Requests a parsing of a document. */
async function reparse (rig: Rig, id: string, configHash: string, more: object = {}): Promise<Answer> {
  return await ask(rig, 'POST', `/workspaces/1/documents/${id}/reparse`, { config_hash: configHash, ...more })
}

/** The status of a document and those of its parsings. */
async function stateOf (rig: Rig, id: string): Promise<[string, string[], string?]> {
  const { status, parsings, error } = await get(rig, `/workspaces/1/documents/${id}`)
  return [status, parsings.map(({ status }: { status: string }) => status), ...error === undefined ? [] as const : [error] as const]
}

t.test('reparse: answers 202 until the parsing is ready, then 200, with whole bodies', async t => {
  const rig = await build(t)
  const id = await newDocument(rig, 'tmp/a.pdf')
  const [status, parsing] = await reparse(rig, id.toUpperCase(), A, { parser_version: 'v2' })
  t.strictSame([status, parsing], [202, { id: parsing.id, config_hash: A, status: 'queued', parser_version: 'v2', updated_at: '2024-01-15T10:30:00Z' }])
  t.strictSame(await reparse(rig, id, A), [202, parsing], 'a repeated request returns the same parsing')
  await rig.clock.advanceTo(NOON + 1_000)
  t.strictSame(await reparse(rig, id, A, { force: true }), [202, { ...parsing, status: 'parsing', updated_at: '2024-01-15T10:30:01Z' }], 'even with force, while it is in progress')
  await rig.clock.advanceTo(NOON + 11_000)
  t.strictSame(await reparse(rig, id, A, { parser_version: 'v3' }), [200, { ...parsing, status: 'ready', updated_at: '2024-01-15T10:30:11Z' }])
  t.match(await get(rig, `/workspaces/1/documents/${id}`), { status: 'parsed', parsings: [{ id: parsing.id }], meta: { page_count: Number } })
})

t.test('reparse: another configuration, or force, adds a parsing; the last one decides the status', async t => {
  const rig = await build(t)
  const id = await newDocument(rig, 'tmp/a.pdf')
  const [, first] = await reparse(rig, id, A)
  await idle(rig)
  const [, second] = await reparse(rig, id, B)
  t.strictSame(await stateOf(rig, id), ['queued', ['ready', 'queued']])
  t.strictSame((await reparse(rig, id, A))[0], 200, 'the other parsing is still ready')
  await idle(rig)
  const [status, third] = await reparse(rig, id, A, { force: true })
  t.strictSame([status, third], [202, { id: third.id, config_hash: A, status: 'queued', parser_version: 'v1', updated_at: '2024-01-15T10:30:22Z' }])
  t.equal(new Set([first, second, third].map(({ id }) => id)).size, 3)
  t.strictSame(await stateOf(rig, id), ['queued', ['ready', 'ready', 'queued']])
  await idle(rig)
  t.strictSame(await reparse(rig, id, A, { force: false }), [200, { ...third, status: 'ready', updated_at: '2024-01-15T10:30:33Z' }], 'returns the last parsing with that configuration')
})

t.test('reparse: keeps the chunks of the last parsing while a new one is in progress', async t => {
  const rig = await build(t)
  const id = await newDocument(rig, await upload(rig, 'Total: 5'))
  const chunks = async (): Promise<object[]> => await get(rig, `/extractions/documents/${id}/chunks`)
  await reparse(rig, id, A)
  t.strictSame(await chunks(), [])
  await idle(rig)
  const before = await chunks()
  t.match(before, [{ blocks: [{ content: 'Total: 5' }] }])
  await reparse(rig, id, B)
  t.strictSame(await chunks(), before)
})

t.test('reparse: retries a failed parsing, each attempt as scripted', async t => {
  const rig = await build(t)
  await rig.control('PUT', '/namespaces/default/outcomes/retry', { match: { file: 'a.pdf' }, attempts: { 1: { parse_failure: 'The scanner was off.' }, 2: { parse_failure: 'The scanner is off.' }, 3: { pages: 7, parse: 'PT1S' } } })
  const id = await newDocument(rig, 'tmp/x', { filename: 'a.pdf' })
  for (const [reason, statuses] of [['The scanner was off.', ['failed']], ['The scanner is off.', ['failed', 'failed']]] as const) {
    t.match(await reparse(rig, id, A), [202, { status: 'queued' }])
    await idle(rig)
    t.strictSame(await stateOf(rig, id), ['failed', statuses, reason])
  }
  t.strictSame((await reparse(rig, id, A))[0], 202)
  t.strictSame(await stateOf(rig, id), ['queued', ['failed', 'failed', 'queued']])
  await rig.clock.advanceTo((await rig.clock.now()) + 2_000)
  t.strictSame((await reparse(rig, id, A))[0], 200)
  t.match(await get(rig, `/workspaces/1/documents/${id}`), { status: 'parsed', meta: { page_count: 7 } })
})

t.test('reparse: a failed session recovers when its document is parsed again, and a new run completes', async t => {
  const rig = await build(t)
  await rig.control('PUT', '/namespaces/default/outcomes/once', { match: {}, attempts: { 1: { parse_failure: 'The scanner was off.' } } })
  const [session = ''] = await rig.create(['tmp/a.pdf'], { auto_extract: true })
  await idle(rig)
  const { status, documents: [{ id, parsings: [{ config_hash: hash }] }], results: [first] } = await get(rig, `${SESSIONS_URL}/${session}`)
  t.strictSame([status, first.status, first.error], ['failed', 'failed', 'The scanner was off.'])
  t.strictSame((await reparse(rig, id, hash))[0], 202)
  await idle(rig)
  t.strictSame(await stateOf(rig, id), ['parsed', ['failed', 'ready']])
  t.match(await get(rig, `/extractions/results/${first.id}`), { status: 'failed', error: 'The scanner was off.' }, 'a failed run stays failed')
  const second = await run(rig, session)
  await idle(rig)
  t.match(await get(rig, `/extractions/results/${second}`), { status: 'completed', error: undefined })
  t.match(await get(rig, `${SESSIONS_URL}/${session}`), { status: 'completed', documents: [{ status: 'processed' }] })
})

t.test('reparse: new runs wait for the last parsing, runs in progress keep theirs', async t => {
  const rig = await build(t)
  const { session, documents: [id = ''] } = await sessionOf(rig, ['tmp/a.pdf'])
  await reparse(rig, id, A)
  await idle(rig)
  const before = await run(rig, session)
  await reparse(rig, id, B)
  const after = await run(rig, session)
  const statuses = async (): Promise<string[]> => (await get(rig, `${SESSIONS_URL}/${session}/results`)).data.map(({ status }: { status: string }) => status)
  t.strictSame(await statuses(), ['created', 'parsing_pending'])
  await idle(rig)
  t.strictSame(await statuses(), ['completed', 'completed'])
  t.not(before, after)
  t.strictSame(await stateOf(rig, id), ['processed', ['ready', 'ready']])
})

t.test('reparse: a document of a session follows the script of the session\'s template', async t => {
  const rig = await build(t)
  const { documents: [id = ''] } = await sessionOf(rig, ['tmp/a.pdf'])
  const loose = await newDocument(rig, 'tmp/b.pdf')
  await rig.control('PUT', '/namespaces/default/outcomes/one', { match: { template: '550e8400-e29b-41d4-a716-446655440000' }, attempts: { '*': { pages: 9 } } })
  for (const document of [id, loose]) await reparse(rig, document, A)
  await idle(rig)
  t.equal((await get(rig, `/extractions/documents/${id}`)).meta.page_count, 9)
  t.not((await get(rig, `/extractions/documents/${loose}`)).meta.page_count, 9)
})

t.test('reparse: rejects invalid bodies', async t => {
  const rig = await build(t)
  const id = await newDocument(rig, 'tmp/a.pdf')
  await refusesBadBodies(t, rig, {
    method: 'POST',
    url: `/workspaces/1/documents/${id}/reparse`,
    valid: { config_hash: A, force: true, parser_version: 'v1' },
    bad: {
      config_hash: [...MISSING, ...notOf(['string'], 'must be a string.', 'missing'), ['a'.repeat(63), 'must be at least 64 characters.'], ['cfg_9eeae65063f17f55', 'must be at least 64 characters.'], ['a'.repeat(65), 'must not be greater than 64 characters.'], ['x'.repeat(10_000), 'must not be greater than 64 characters.']],
      force: ['true', 1, 0, [], {}].map(value => [value, 'must be true or false.'] as const),
      parser_version: [...notOf(['string'], 'must be a string.'), ['x'.repeat(256), 'must not be greater than 255 characters.']]
    },
    unchanged: [`/workspaces/1/documents/${id}`]
  })
  t.strictSame((await reparse(rig, id, `${'é'.repeat(32)}${'-'.repeat(32)}`))[0], 202, 'any 64 characters are accepted')
})
