import t, { type Test } from 'tap'
import { BATCH_URL, build, NOON, TEMPLATE, type Rig } from '../helper.ts'

const NS = '/namespaces/default'
const SESSIONS_URL = '/extractions/sessions'
const step = { base: 60_000, spread: 0 }
const PACE = { queue: step, parse: step, extract: step }

/** A rig on a real clock whose wall time moves ten seconds at every look: two looks in a request give two instants. */
async function buildOnMovingClock (t: Test): Promise<Rig> {
  let looks = 0
  return await build(t, { clock: { mode: 'real' }, wallClock: () => NOON + 10_000 * looks++, pace: PACE })
}

async function ask (rig: Rig, method: 'GET' | 'POST', url: string, body?: object): Promise<any> {
  const reply = await rig.call(method, url, body)
  if (reply.statusCode >= 300) throw new Error(`${method} ${url} answers ${reply.statusCode}: ${reply.body}`)
  return reply.json()
}

t.test('the wall time moves at every look', async t => {
  const { clock } = await buildOnMovingClock(t)
  const first = await clock.now()
  t.equal(await clock.now(), first + 10_000)
})

t.test('a batch is created at one instant', async t => {
  const rig = await buildOnMovingClock(t)
  const created = await ask(rig, 'POST', BATCH_URL, { files: ['tmp/a.pdf', 'tmp/b.pdf', 'tmp/c.pdf'] })
  const [{ created_at: at }] = created
  for (const { id, created_at: createdAt } of created) {
    const { created_at: seen, documents: [document] } = await ask(rig, 'GET', `${SESSIONS_URL}/${id}`)
    t.strictSame([createdAt, seen, document.created_at], [at, at, at])
  }
})

t.test('runs of one request begin at one instant', async t => {
  const rig = await buildOnMovingClock(t)
  const ids = await rig.create(['tmp/a.pdf', 'tmp/b.pdf', 'tmp/c.pdf'])
  await ask(rig, 'POST', `${BATCH_URL}/execute`, { session_ids: ids })
  const began = new Set<string>()
  for (const id of ids) for (const { created_at: at } of (await ask(rig, 'GET', `${SESSIONS_URL}/${id}/results`)).data) began.add(at)
  const { data: [{ at }] } = (await rig.control('GET', `${NS}/requests?path=${BATCH_URL}/execute`)).json()
  t.strictSame([...began], [at.replace(/\.\d+Z$/, 'Z')], 'the instant at which the request arrived')

  const result = await ask(rig, 'POST', `${SESSIONS_URL}/${ids[0]}/results`)
  t.equal(result.created_at, result.updated_at)
  t.equal((await ask(rig, 'GET', `/extractions/results/${result.id}`)).created_at, result.created_at)
})

t.test('an export shows all sessions at one instant', async t => {
  const rig = await buildOnMovingClock(t)
  const ids = await rig.create(Array.from({ length: 10 }, (_, n) => `tmp/${n}.pdf`), { auto_extract: true })
  const seen = new Set<string>()
  for (let n = 0; n < 50 && !seen.has('named, with data'); n++) {
    const exported: Array<{ session_name: string, data: object }> = await ask(rig, 'POST', `${BATCH_URL}/export`, { session_ids: ids })
    const states = new Set(exported.map(({ session_name: name, data }) => {
      return `${name === 'Pending...' ? 'pending' : 'named'}, ${Object.keys(data).length === 0 ? 'without' : 'with'} data`
    }))
    t.equal(states.size, 1, [...states].join('; '))
    for (const state of states) seen.add(state)
  }
  t.strictSame([...seen], ['pending, without data', 'named, without data', 'named, with data'])
})

t.test('documents of one request are created at one instant', async t => {
  const rig = await buildOnMovingClock(t)
  const added = await ask(rig, 'POST', '/workspaces/1/documents', { key: 'tmp/a.pdf' })
  const url = `/workspaces/1/documents/${added.document.id}`
  t.equal((await ask(rig, 'GET', url)).created_at, added.document.created_at)

  const { id } = await ask(rig, 'POST', SESSIONS_URL, { extraction_template_id: TEMPLATE, name: 'March' })
  const { data } = await ask(rig, 'POST', `${SESSIONS_URL}/${id}/documents/upload`, { keys: ['tmp/b.pdf', 'tmp/c.pdf', 'tmp/d.pdf'] })
  const inReply = data.map(({ created_at: at }: { created_at: string }) => at)
  t.equal(new Set(inReply).size, 1)
  t.strictSame((await ask(rig, 'GET', `${SESSIONS_URL}/${id}/documents`)).data.map(({ created_at: at }: { created_at: string }) => at), inReply)
})

/** The statuses that one reply shows of a session. */
function shown ({ status, name, documents, results }: any): string {
  return JSON.stringify([status, name === 'Pending...', documents.map((document: any) => document.status), results.map((result: any) => result.status)])
}

t.test('a session is shown with its documents and results at one instant', async t => {
  const still = await build(t, { pace: PACE })
  const [id] = await still.create(['tmp/a.pdf'], { auto_extract: true })
  const states = [shown(await ask(still, 'GET', `${SESSIONS_URL}/${id}`))]
  for (let n = 0; n < 4; n++) {
    await still.control('POST', `${NS}/clock/advance`, { to: 'next-event' })
    states.push(shown(await ask(still, 'GET', `${SESSIONS_URL}/${id}`)))
  }
  t.match(states.at(-1), /^\["completed"/)

  const rig = await buildOnMovingClock(t)
  for (let n = 0; n < 5; n++) {
    const [id] = await rig.create([`tmp/${n}.pdf`], { auto_extract: true })
    const seen = []
    for (let poll = 0; poll < 50 && seen.at(-1) !== states.at(-1); poll++) seen.push(shown(await ask(rig, 'GET', `${SESSIONS_URL}/${id}`)))
    t.strictSame([...new Set(seen)], states, 'each state in order, and no other')
  }
})

t.test('work that is completed by hand ends at the instant that is reported', async t => {
  const rig = await buildOnMovingClock(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'], { auto_extract: true })
  const complete = async (path: string): Promise<string> => {
    const { now, fired } = (await rig.control('POST', `${NS}/${path}/complete`)).json()
    t.ok(fired.length > 0)
    t.strictSame([...new Set(fired.map(({ at }: { at: string }) => at))], [now])
    return now
  }
  await complete(`documents/${await rig.documentOf(id)}`)
  const endedAt = await complete(`results/${await rig.resultOf(id)}`)
  const { data: [{ completed_at: completedAt }] } = await ask(rig, 'GET', `${SESSIONS_URL}/${id}/results`)
  t.equal(Date.parse(completedAt), Date.parse(endedAt))
})
