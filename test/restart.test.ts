import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startRaydocsMock, type MockNamespace, type RaydocsMock } from '../src/index.ts'
import { TEMPLATE } from './helper.ts'

const INVOICE = 'Invoice Number: INV-7\nTotal Amount: 12.50\n'

/** A mock that keeps its files and its state in a folder, as the container does. */
async function startIn (folder: string): Promise<RaydocsMock> {
  const state = join(folder, 'state.json')
  return await startRaydocsMock({ seed: 'restart', clock: 'frozen', dataDir: join(folder, 'data'), load: state, saveOnExit: state })
}

async function ask ({ url }: RaydocsMock, { token }: MockNamespace, method: string, path: string, body?: object): Promise<any> {
  const headers = { authorization: `Bearer ${token}`, ...body === undefined ? {} : { 'content-type': 'application/json' } }
  const reply = await fetch(url + path, { method, headers, ...body === undefined ? {} : { body: JSON.stringify(body) } })
  if (!reply.ok) throw new Error(`${method} ${path} answers ${reply.status}: ${await reply.text()}`)
  return await reply.json()
}

async function upload (mock: RaydocsMock, namespace: MockNamespace, bytes: string, type: string): Promise<string> {
  const grant = await ask(mock, namespace, 'POST', '/vapor/signed-storage-url', { content_type: type, filename: 'invoice.txt' })
  const reply = await fetch(grant.url, { method: 'PUT', headers: grant.headers, body: bytes })
  if (reply.status !== 200) throw new Error(await reply.text())
  return grant.key
}

/** Uploads a file, makes a session of it, and completes its run. Returns the id of the session. */
async function completeOne (mock: RaydocsMock, namespace: MockNamespace, bytes = INVOICE, type = 'text/plain'): Promise<string> {
  const files = [await upload(mock, namespace, bytes, type)]
  const [{ id }] = await ask(mock, namespace, 'POST', `/extractions/templates/${TEMPLATE}/sessions/batch`, { files, settings: { auto_extract: true } })
  await namespace.clock.advance({ to: 'idle' })
  return id
}

/** All that a client sees of a session: itself, its results, and the chunks and bytes of its documents. */
async function seenOf (mock: RaydocsMock, namespace: MockNamespace, session: string): Promise<object> {
  const body = await ask(mock, namespace, 'GET', `/extractions/sessions/${session}`)
  const results = await ask(mock, namespace, 'GET', `/extractions/sessions/${session}/results`)
  const documents = await Promise.all(body.documents.map(async ({ id }: { id: string }) => {
    const { url } = await ask(mock, namespace, 'GET', `/extractions/documents/${id}/url`)
    const download = await fetch(url.replace(/^http:\/\/[^/]+/, mock.url))
    return [download.status, await download.text(), await ask(mock, namespace, 'GET', `/extractions/documents/${id}/chunks`)]
  }))
  return { body, results, documents }
}

/** Starts a mock again and again, and holds what clients see to what they saw in the first life. */
async function holdsInLaterLives (t: Test, folder: string, sessions: Readonly<Record<string, readonly string[]>>, seen: object): Promise<void> {
  for (const life of ['second', 'third']) {
    const mock = await startIn(folder)
    const seenAgain: Record<string, object[]> = {}
    for (const [name, ids] of Object.entries(sessions)) {
      const namespace = await mock.namespace(name)
      seenAgain[name] = []
      for (const id of ids) seenAgain[name]?.push(await seenOf(mock, namespace, id))
    }
    await mock.close()
    t.strictSame(seenAgain, seen, `in the ${life} life`)
  }
}

t.test('a restart changes no byte that a client sees: uploads, downloads, chunks and found values', async t => {
  const folder = t.testdir()
  const mock = await startIn(folder)
  const namespace = await mock.namespace('default')
  const sessions = [
    await completeOne(mock, namespace),
    await completeOne(mock, namespace, INVOICE, 'application/octet-stream'),
    await completeOne(mock, namespace, 'Invoice Number: INV-8\n')
  ]
  const seen = { default: await Promise.all(sessions.map(async id => await seenOf(mock, namespace, id))) }
  t.match(seen.default[0], { body: { results: [{ data: { invoice: { invoice_number: 'INV-7' }, amounts: { total_amount: 12.5 } } }] }, documents: [[200, INVOICE]] })
  await mock.close()
  await holdsInLaterLives(t, folder, { default: sessions }, seen)
})

t.test('a restart changes nothing in a namespace that was reset before, nor in its fork', async t => {
  const folder = t.testdir()
  const mock = await startIn(folder)
  const before = await mock.namespace('team')
  await completeOne(mock, before)
  await before.reset()
  const session = await completeOne(mock, before, 'Invoice Number: INV-9\n')
  const fork = await before.fork('copy')
  await completeOne(mock, fork, 'Invoice Number: INV-10\n')
  const seen = { team: [await seenOf(mock, before, session)], copy: [await seenOf(mock, fork, session)] }
  t.match(seen.team[0], { body: { results: [{ data: { invoice: { invoice_number: 'INV-9' } } }] } })
  await mock.close()
  await holdsInLaterLives(t, folder, { team: [session], copy: [session] }, seen)
})

t.test('after a restart a namespace can be reset, filled and forked under a name of the first life', async t => {
  const folder = t.testdir()
  const first = await startIn(folder)
  const namespace = await first.namespace('team')
  await completeOne(first, namespace)
  await namespace.fork('copy')
  await first.close()
  const second = await startIn(folder)
  const again = await second.namespace('team')
  await (await second.namespace('copy')).delete()
  const copy = await again.fork('copy')
  await again.reset()
  const session = await completeOne(second, copy, 'Invoice Number: INV-11\n')
  const seen = { copy: [await seenOf(second, copy, session)] }
  t.match(seen.copy[0], { body: { results: [{ data: { invoice: { invoice_number: 'INV-11' } } }] } })
  await second.close()
  await holdsInLaterLives(t, folder, { copy: [session] }, seen)
})
