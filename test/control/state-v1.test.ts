import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify as stringifyRecords } from 'devalue'
import stringify from 'safe-stable-stringify'
import t from 'tap'
import { loadStates } from '../../src/control/state-file.ts'
import { build, FULL } from '../helper.ts'

const STATE = new URL('saved-state-v1.json', import.meta.url)
const REPLIES = new URL('saved-state-v1-replies.json', import.meta.url)

/**
 * Returns a value without the sentences that say how each value was found, which no version promises, and without the fields
 * that later versions added.
 */
function asInVersion1 (value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part) => ['reasoning', 'generated'].includes(key) ? undefined : part))
}

t.test('a state that version 1 saved is loaded, and clients see what they saw', async t => {
  const dataDir = t.testdir()
  const folder = join(dataDir, 'blobs', 'default', '0')
  await mkdir(folder, { recursive: true })
  for (const bytes of ['Invoice Number: INV-7\nTotal Amount: 12.50\n', 'Invoice Number: INV-8\n']) {
    await writeFile(join(folder, createHash('sha256').update(bytes).digest('hex')), bytes)
  }
  const rig = await build(t, { dataDir })
  await loadStates(rig.app.control, STATE.pathname)
  const replies: Record<string, unknown> = JSON.parse(await readFile(REPLIES, 'utf8'))
  await rig.control('PUT', '/namespaces/saved-again/state', (await rig.control('GET', '/namespaces/default/state')).json())
  for (const namespace of ['default', 'saved-again']) {
    for (const [url, body] of Object.entries(replies)) {
      const reply = await rig.app.inject({ url, headers: { ...FULL, 'x-mock-namespace': namespace } })
      t.strictSame(asInVersion1(reply.json()), asInVersion1(body), `${namespace} ${url}`)
    }
    const { default: { clock, outcomes, faults, max_rate: maxRate } } = JSON.parse(await readFile(STATE, 'utf8')).namespaces
    t.match((await rig.control('GET', `/namespaces/${namespace}/state`)).json(), { version: 2, clock, outcomes, faults, max_rate: maxRate })
  }
})

t.test('damaged records of version 1 are refused, and nothing changes', async t => {
  const { digest, ...state } = JSON.parse(await readFile(STATE, 'utf8')).namespaces.default
  const rig = await build(t)
  const before = (await rig.control('GET', '/namespaces/default/state')).json()
  for (const records of ['[[]]', '[{}]', '[[1],"x"]', stringifyRecords(Array.from({ length: 17 }, () => [null]))]) {
    const damaged = { ...state, records }
    const digest = createHash('sha256').update(String(stringify(damaged))).digest('hex')
    const reply = await rig.control('PUT', '/namespaces/default/state', { ...damaged, digest })
    t.equal(reply.statusCode, 422)
    t.strictSame(reply.json().errors, { records: ['The state cannot be restored: its records are damaged.'] })
  }
  t.strictSame((await rig.control('GET', '/namespaces/default/state')).json(), before)
})
