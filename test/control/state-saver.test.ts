import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadStates, prepareSaving, saveStates } from '../../src/control/state-file.ts'
import { startSaving } from '../../src/control/state-saver.ts'
import { build, FULL } from '../helper.ts'
import { until } from '../until.ts'

const NEVER = new AbortController().signal

t.test('a state that is saved in many pieces is restored', async t => {
  const path = join(t.testdir(), 'state.json')
  const rig = await build(t)
  const sessions: string[] = []
  for (let count = 0; count < 401; count++) sessions.push(...await rig.create(['tmp/a.pdf'], { auto_extract: true }))
  await rig.control('PUT', '/namespaces/default/outcomes/late', { match: {}, parse: 'failed' })
  const saving = saveStates(rig.app.control, path, NEVER)
  await rig.create(['tmp/later.pdf'])
  await saving
  const { version, namespaces: { default: { records, ...rest } } } = JSON.parse(readFileSync(path, 'utf8'))
  t.same([version, rest.version], [1, 2])
  t.equal(records.length, 7, 'three pieces of batches, and one each of users, workspaces, templates and counters')

  const again = await build(t)
  await loadStates(again.app.control, path)
  for (const id of [sessions[0], sessions[400]]) {
    const url = `/extractions/sessions/${id}`
    t.same((await again.call('GET', url)).json(), (await rig.call('GET', url)).json())
  }
  t.same((await again.control('GET', '/namespaces/default/outcomes')).json(), (await rig.control('GET', '/namespaces/default/outcomes')).json())

  writeFileSync(path, readFileSync(path, 'utf8').replace('a.pdf', 'b.pdf'))
  await t.rejects(loadStates(again.app.control, path), { message: 'namespace default: The digest field does not match the rest: the state was cut short or altered.' })
})

t.test('saves at intervals, and a failure does not end it', async t => {
  const folder = t.testdir({ data: {} })
  const path = join(folder, 'data', 'state.json')
  const rig = await build(t)
  const failures: string[] = []
  const saver = startSaving({ path, control: rig.app.control, every: 5, onFailure ({ message }) { failures.push(message) } })
  await until('it is saved', () => statSync(path, { throwIfNoEntry: false }) !== undefined)
  rmSync(join(folder, 'data'), { recursive: true })
  await until('it fails twice', () => failures.length > 1)
  t.equal(failures[0], `The state cannot be saved in ${path}: there is no such folder.`)
  await t.rejects(saver.close(NEVER), { message: String(failures[0]) })
  const { length } = failures
  await build(t)
  t.equal(failures.length, length, 'nothing is saved after the end')
})

t.test('saves once more at the end, and in time or not at all', async t => {
  const folder = t.testdir()
  const path = join(folder, 'state.json')
  const rig = await build(t)
  const saver = (): ReturnType<typeof startSaving> => startSaving({ path, control: rig.app.control, every: null, onFailure () {} })
  await saver().close(NEVER)
  const before = readFileSync(path, 'utf8')
  await rig.app.inject({ method: 'GET', url: '/workspaces', headers: { ...FULL, 'x-mock-namespace': 'other' } })
  await t.rejects(saver().close(AbortSignal.abort()), { message: `The state cannot be saved in ${path}: there was not enough time.` })
  t.equal(readFileSync(path, 'utf8'), before)
  t.same(readdirSync(folder), ['state.json'], 'nothing else is left')
  await saver().close(NEVER)
  t.same(Object.keys(JSON.parse(readFileSync(path, 'utf8')).namespaces), ['default', 'other'])
})

t.test('a save under way gives way to the last one', async t => {
  const path = join(t.testdir(), 'state.json')
  const rig = await build(t)
  let begun = 0
  let release = (): void => {}
  const held = new Promise<void>(resolve => { release = resolve })
  async function * writeStates (): AsyncGenerator<string> {
    if (++begun === 1) await held
    yield `{"begun":${begun}}`
  }
  const failures: Error[] = []
  const saver = startSaving({ path, control: { ...rig.app.control, writeStates }, every: 1, onFailure (error) { failures.push(error) } })
  await until('it saves', () => begun === 1)
  const closed = saver.close(NEVER)
  release()
  await closed
  t.equal(readFileSync(path, 'utf8'), '{"version":1,"namespaces":{"begun":2}}\n')
  t.same(failures, [])
})

t.test('finds out beforehand what would keep it from saving', async t => {
  const folder = t.testdir({ sub: {}, 'state.json.a.incoming': 'cut short', 'other.json.a.incoming': '' })
  await prepareSaving(join(folder, 'state.json'))
  t.same(readdirSync(folder).sort(), ['other.json.a.incoming', 'sub'], 'removes what a killed process left')
  await prepareSaving(join(folder, 'sub', 'new.json'))
  const why = async (path: string): Promise<string> => await prepareSaving(path).then(() => 'nothing', ({ message }) => message)
  t.equal(await why(join(folder, 'none/x.json')), `The state cannot be saved in ${folder}/none/x.json: there is no such folder.`)
  t.equal(await why(join(folder, 'sub')), `The state cannot be saved in ${folder}/sub: it is a folder.`)
})
