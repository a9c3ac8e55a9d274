import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import fc from 'fast-check'
import stringify from 'safe-stable-stringify'
import { parse as readRecords, stringify as writeRecords } from 'devalue'
import { BATCH_URL, build, FULL, TEMPLATE, type Rig } from '../helper.ts'
import { run, serve } from '../command-line.ts'

const NS = '/namespaces/default'
const AUTO = { auto_extract: true }

/** A namespace with records of every kind, and the id of a session in it. */
async function busy (rig: Rig): Promise<string[]> {
  await rig.control('PUT', `${NS}/outcomes/scripted`, { match: { file: '*b.pdf', template: TEMPLATE }, attempts: { 1: { extract: 'never', data: { invoice: { invoice_number: 'INV-1' } } }, '2-3': { extract_failure: 'No.' } } })
  await rig.control('POST', `${NS}/faults`, { match: { path: '/extractions/results/*', nth: 2 }, status: 503 })
  await rig.control('PUT', `${NS}/rate-limit`, { max: 10_000 })
  const { key, url, headers } = (await rig.call('POST', '/vapor/signed-storage-url', { filename: 'c.pdf' })).json()
  await rig.app.inject({ method: 'PUT', url, headers, payload: 'bytes' })
  const ids = await rig.create(['tmp/a.pdf', 'tmp/b.pdf', key], AUTO)
  await rig.control('POST', `${NS}/clock/advance`, { by: 'PT5S' })
  await rig.control('POST', `${NS}/documents/${await rig.documentOf(String(ids[0]))}/complete`)
  await rig.call('POST', `${BATCH_URL}/execute`, { session_ids: ids })
  await rig.call('GET', '/extractions/results/x')
  return ids
}

/** Everything that a client can see of sessions. */
async function seen (rig: Rig, ids: string[], namespace = 'default'): Promise<string[]> {
  const headers = { ...FULL, 'x-mock-namespace': namespace }
  const urls = ids.flatMap(id => [`/extractions/sessions/${id}`, `/extractions/sessions/${id}/results`])
  return await Promise.all(urls.map(async url => (await rig.app.inject({ url, headers })).body))
}

t.test('a state restored elsewhere is the same and continues in the same way', async t => {
  const [here, there] = [await build(t, { seed: 'here' }), await build(t, { seed: 'there' })]
  const ids = await busy(here)
  await there.create(['tmp/of-no-interest.pdf'])
  const saved = await here.control('GET', `${NS}/state`)
  t.match(saved.json(), {
    version: 2,
    seed: 'here',
    clock: { mode: 'frozen', now: '2024-01-15T10:30:05.000Z', scale: 0 },
    outcomes: [{ name: 'scripted' }],
    faults: [{ id: 'fault-1', rule: { status: 503 }, seen: 1, fired: 0 }],
    max_rate: 10_000,
    records: /^\[/,
    digest: /^[0-9a-f]{64}$/
  })
  const reply = await there.control('PUT', `${NS}/state`, saved.json())
  t.same([reply.statusCode, reply.body], [204, ''])
  t.equal((await there.control('GET', `${NS}/state`)).body, saved.body)
  for (const by of ['PT0S', 'PT10S', 'PT1000S']) {
    for (const rig of [here, there]) await rig.control('POST', `${NS}/clock/advance`, { by })
    t.same(await seen(there, ids), await seen(here, ids), by)
  }
  t.same(await there.create(['tmp/a.pdf', 'tmp/b.pdf', 'tmp/new.pdf'], AUTO), await here.create(['tmp/a.pdf', 'tmp/b.pdf', 'tmp/new.pdf'], AUTO))
  t.same((await there.call('POST', '/vapor/signed-storage-url', {})).json().key, (await here.call('POST', '/vapor/signed-storage-url', {})).json().key)
  t.equal((await there.call('GET', '/extractions/results/x')).statusCode, 503, 'the fault keeps its counter')
})

t.test('a saved state names the kinds of its records', async t => {
  const rig = await build(t)
  await busy(rig)
  const { version, records } = (await rig.control('GET', `${NS}/state`)).json()
  t.equal(version, 2)
  const kinds = ['user', 'workspace', 'template', 'batch', 'session', 'document', 'later', 'documentByBytes', 'upload', 'counter']
  t.strictSame(Object.keys(readRecords(records)), kinds, 'a kind that is missing here would be lost')
})

t.test('clocks continue in their mode', async t => {
  for (const clock of [{ mode: 'real' }, { mode: 'scaled', scale: 60 }, { mode: 'auto' }]) {
    const rig = await build(t)
    await rig.control('PUT', `${NS}/clock`, clock)
    const state = (await rig.control('GET', `${NS}/state`)).json()
    await rig.control('PUT', '/namespaces/copy/state', state)
    t.match((await rig.control('GET', '/namespaces/copy/clock')).json(), { ...clock, now: /^2024-01-15T10:3/ })
  }
})

t.test('restoring keeps tokens and uploaded bytes, may go back in time, and ends waits', async t => {
  const rig = await build(t)
  const { token } = (await rig.control('POST', '/tokens', {})).json()
  await busy(rig)
  const state = (await rig.control('GET', `${NS}/state`)).json()
  await rig.control('POST', `${NS}/clock/advance`, { by: 'PT1H' })
  const [id] = await rig.create(['tmp/later.pdf'])
  const waiting = rig.control('GET', `${NS}/wait?resource=session:${id}&until=completed`)
  await rig.control('PUT', `${NS}/state`, state)
  t.equal((await waiting).statusCode, 409)
  t.equal((await rig.control('GET', `${NS}/clock`)).json().now, '2024-01-15T10:30:05.000Z')
  t.equal((await rig.app.inject({ url: `/extractions/sessions/${id}`, headers: { authorization: `Bearer ${token}` } })).statusCode, 404)
  t.same(await rig.storedFiles(), [createHash('sha256').update('bytes').digest('hex')])
})

t.test('rejects a foreign or incomplete state as a whole', async t => {
  const rig = await build(t)
  const ids = await busy(rig)
  const state = (await rig.control('GET', `${NS}/state`)).json()
  const before = await seen(rig, ids)
  const withDigest = (changed: object): object => {
    const { digest, ...rest } = { ...state, ...changed }
    return { ...rest, digest: createHash('sha256').update(String(stringify(rest))).digest('hex') }
  }
  const altered = { digest: ['The digest field does not match the rest: the state was cut short or altered.'] }
  const unreadable = { records: ['The state cannot be restored: its records are damaged.'] }
  const newer = 'it has records of a kind that this version does not know (thing): use a newer version'
  const refusals: Array<[object, object]> = [
    [{ ...state, version: 3, shape: 'of the future' }, { version: ['The state has version 3; this server reads 1 and 2: use a newer server.'] }],
    [{}, { version: ['The version field is required.'] }],
    [{ ...state, records: state.records.slice(0, -10) }, altered],
    [{ ...state, seed: 'other' }, altered],
    [withDigest({ records: '[' }), unreadable],
    [withDigest({ records: writeRecords({ user: 5 }) }), { records: ['The state cannot be restored: its records of kind user are damaged.'] }],
    [withDigest({ records: writeRecords({ user: [['1']] }) }), { records: ['The state cannot be restored: its records of kind user are damaged.'] }],
    [withDigest({ records: writeRecords({ thing: [] }) }), { records: [`The state cannot be restored: ${newer}.`] }],
    [withDigest({ version: 1, records: writeRecords({}) }), unreadable],
    [withDigest({ version: 1, records: writeRecords([[], []]) }), unreadable],
    [withDigest({ records: writeRecords([[], []]) }), unreadable],
    [withDigest({ records: writeRecords([1, 2, 3, 4, 5, 6, 7]) }), unreadable],
    [withDigest({ clock: { mode: 'fast', now: 'x', scale: 0 } }), { 'clock.mode': ['The clock.mode field must be one of real, frozen, scaled, auto.'], 'clock.now': [/^The clock.now field/] }]
  ]
  for (const [body, errors] of refusals) {
    const reply = await rig.control('PUT', `${NS}/state`, body)
    t.equal(reply.statusCode, 422, JSON.stringify(errors))
    t.match(reply.json().errors, errors)
  }
  t.equal((await rig.control('PUT', '/namespaces/%20/state', state)).statusCode, 422)
  t.same(await seen(rig, ids), before)
  t.equal((await rig.control('GET', '/namespaces/nowhere/state')).statusCode, 404)
})

t.test('a fork is equal at first and independent afterwards', async t => {
  const rig = await build(t)
  const ids = await busy(rig)
  const reply = await rig.control('POST', `${NS}/fork`, { as: 'copy' })
  t.equal(reply.statusCode, 201)
  t.same(reply.json(), { name: 'copy', clock: { mode: 'frozen', now: '2024-01-15T10:30:05.000Z', scale: 0 } })
  t.same(await seen(rig, ids, 'copy'), await seen(rig, ids))

  const before = await seen(rig, ids)
  await rig.control('POST', '/namespaces/copy/clock/advance', { to: 'idle' })
  await rig.app.inject({ method: 'POST', url: `${BATCH_URL}/execute`, headers: { ...FULL, 'x-mock-namespace': 'copy' }, payload: { session_ids: ids } })
  await rig.control('DELETE', '/namespaces/copy/faults')
  await rig.control('DELETE', '/namespaces/copy/outcomes/scripted')
  t.same(await seen(rig, ids), before)
  t.equal((await rig.control('GET', `${NS}/faults`)).json().total, 1)
  t.equal((await rig.control('GET', `${NS}/outcomes`)).json().total, 1)

  const forked = await seen(rig, ids, 'copy')
  await rig.control('DELETE', NS)
  t.same(await seen(rig, ids, 'copy'), forked)
  t.same(await rig.storedFiles(), [createHash('sha256').update('bytes').digest('hex')], 'the fork still refers to the file')
})

t.test('forks and restored states answer like their source, whatever happens before and after', async t => {
  const batch = fc.record({ files: fc.array(fc.constantFrom('tmp/a.pdf', 'tmp/b.pdf', 'tmp/mock-extract-failed.pdf'), { minLength: 1, maxLength: 3 }), auto: fc.boolean(), execute: fc.boolean() })
  await fc.assert(fc.asyncProperty(fc.array(batch, { maxLength: 4 }), fc.array(batch, { maxLength: 3 }), async (first, then) => {
    const rig = await build(t)
    const make = async (batches: typeof first): Promise<string[]> => {
      const made: string[] = []
      for (const { files, auto, execute } of batches) {
        const ids = await rig.create(files, { auto_extract: auto })
        if (execute) await rig.call('POST', `${BATCH_URL}/execute`, { session_ids: ids })
        made.push(...ids)
      }
      return made
    }
    const ids = await make(first)
    await rig.control('POST', `${NS}/fork`, { as: 'fork' })
    await rig.control('PUT', '/namespaces/restored/state', (await rig.control('GET', `${NS}/state`)).json())
    const before = await seen(rig, ids)
    await make(then)
    await rig.control('POST', `${NS}/clock/advance`, { to: 'idle' })
    for (const name of ['fork', 'restored']) t.same(await seen(rig, ids, name), before)
    await rig.app.close()
  }), { numRuns: 10 })
})

t.test('of two forks to one name at once, one is made', async t => {
  const rig = await build(t)
  await rig.create(['tmp/a.pdf'])
  const fork = async (): Promise<number> => (await rig.control('POST', `${NS}/fork`, { as: 'copy' })).statusCode
  t.strictSame((await Promise.all([fork(), fork()])).sort(), [201, 409])
})

t.test('rejects a fork of an unknown namespace, onto an existing one, or with an invalid name', async t => {
  const rig = await build(t)
  await rig.control('POST', '/tokens', { namespace: 'taken' })
  const fork = async (name: string, body: object): Promise<[number, string]> => {
    const reply = await rig.control('POST', `/namespaces/${name}/fork`, body)
    return [reply.statusCode, reply.json().detail]
  }
  t.same(await fork('nowhere', { as: 'copy' }), [404, 'Namespace not found.'])
  t.same(await fork('default', { as: 'taken' }), [409, 'The namespace taken exists already.'])
  t.same((await fork('default', { as: '..' }))[0], 422)
  t.same((await fork('default', {}))[0], 422)
  for (let n = 0; n < 9_998; n++) await (rig.namespaces.open(`n-${n}`))
  t.same((await fork('default', { as: 'copy' }))[0], 429)
  t.equal((await rig.control('PUT', '/namespaces/copy/state', (await rig.control('GET', `${NS}/state`)).json())).statusCode, 429)
})

t.test('a server saves its namespaces when it stops and loads them when it starts', async t => {
  const folder = t.testdir()
  const file = join(folder, 'state.json')
  const args = ['--clock', 'frozen', '--seed', 's', '--load', file, '--save-on-exit', file]
  const results = async (url: string, id: string): Promise<string> => await (await fetch(`${url}/extractions/sessions/${id}`, { headers: FULL })).text()

  const first = await serve(t, args, { cwd: folder })
  const [{ id }] = await (await fetch(first.url + BATCH_URL, { method: 'POST', headers: { ...FULL, 'content-type': 'application/json' }, body: '{"files":["tmp/a.pdf"],"settings":{"auto_extract":true}}' })).json() as [{ id: string }]
  await fetch(`${first.url}/_mock/namespaces/default/clock/advance`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"to":"idle"}' })
  const before = await results(first.url, id)
  const single = await (await fetch(`${first.url}/_mock/namespaces/default/state`)).text()
  t.equal((await first.stop('SIGTERM')).code, 0)
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.same(Object.keys(JSON.parse(readFileSync(file, 'utf8')).namespaces), ['default'])
  t.notOk(existsSync(`${file}.incoming`))

  const second = await serve(t, args, { cwd: folder })
  t.equal(await results(second.url, id), before)
  await second.stop('SIGTERM')

  writeFileSync(join(folder, 'single.json'), single)
  const third = await serve(t, ['--load', join(folder, 'single.json')], { cwd: folder })
  t.equal(await results(third.url, id), before)
  await third.stop('SIGTERM')
})

t.test('an invalid state file stops the start with exit code 1 and one line', async t => {
  const folder = t.testdir({ 'cut.json': '{"version":1,"namespaces":{"def', 'version.json': '{"version":2,"namespaces":{}}', 'altered.json': '{"version":1,"namespaces":{"a":{"version":1}}}' })
  const reasons: Array<[string, string | RegExp]> = [
    ['none.json', 'there is no such file.\n'],
    ['cut.json', 'it is not JSON, or was cut short.\n'],
    ['version.json', 'The version field must be 1.\n'],
    ['altered.json', /^namespace a: The seed field is required\. \(and 6 more errors\)\n$/]
  ]
  for (const [name, reason] of reasons) {
    const { code, stdout, stderr } = await run(t, ['--port', '0', '--load', join(folder, name)], { cwd: folder })
    t.same({ code, stdout }, { code: 1, stdout: '' })
    const [line, rest = ''] = stderr.split(' cannot be loaded: ')
    t.equal(line, `The state in ${join(folder, name)}`)
    t.match(rest, reason)
  }
})
