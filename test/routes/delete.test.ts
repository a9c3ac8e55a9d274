import t from 'tap'
import { BATCH_URL, build, otherTemplate, READ } from '../helper.ts'

const NS = '/namespaces/default'
const UNKNOWN = '00000000-0000-4000-8000-000000000000'

t.test('deleting a session deletes its results, and keeps its document and other sessions', async t => {
  const rig = await build(t)
  const [a = '', b = ''] = await rig.create(['tmp/a.pdf', 'tmp/b.pdf'], { auto_extract: true })
  await rig.control('POST', `${NS}/clock/advance`, { to: 'idle' })
  const paths = (id: string): string[] => [`sessions/${id}`, `sessions/${id}/results`, `documents/${id.replace(/0(...)$/, '1$1')}`, `results/${id.replace(/0(...)$/, '2$1')}`]
  const statuses = async (id: string): Promise<number[]> => await Promise.all(paths(id).map(async path => (await rig.call('GET', `/extractions/${path}`)).statusCode))
  const reply = await rig.call('DELETE', `/extractions/sessions/${a.toUpperCase()}`)
  t.same([reply.statusCode, reply.body], [204, ''])
  t.same([await statuses(a), await statuses(b)], [[404, 404, 200, 404], [200, 200, 200, 200]])
  t.same((await rig.call('DELETE', `/extractions/sessions/${a}`)).json(), { message: 'Session not found.' })
})

for (const [method, url] of [['DELETE', BATCH_URL], ['POST', `${BATCH_URL}/delete`]] as const) {
  t.test(`${method} deletes many sessions, all or none`, async t => {
    const rig = await build(t)
    const ids = await rig.create(['tmp/a.pdf', 'tmp/b.pdf', 'tmp/c.pdf'])
    const [a = '', b = '', c = ''] = ids
    const foreign = (await rig.call('POST', BATCH_URL.replace(/templates\/[^/]+/, `templates/${otherTemplate.id}`), { files: ['tmp/a.pdf'] })).json()[0].id
    const refused = await rig.call(method, url, { session_ids: [a, UNKNOWN, foreign] })
    t.equal(refused.statusCode, 422)
    t.same(Object.keys(refused.json().errors), ['session_ids.1', 'session_ids.2'])
    for (const body of [{}, { session_ids: [] }, { session_ids: 'x' }, { session_ids: Array(51).fill(a) }]) t.equal((await rig.call(method, url, body)).statusCode, 422)
    t.equal((await rig.call('GET', `/extractions/sessions/${a}`)).statusCode, 200)
    const reply = await rig.call(method, url, { session_ids: [a, b.toUpperCase(), a] })
    t.same([reply.statusCode, reply.body], [204, ''])
    t.same(await Promise.all(ids.map(async id => (await rig.call('GET', `/extractions/sessions/${id}`)).statusCode)), [404, 404, 200])
    t.equal((await rig.call('POST', `${BATCH_URL}/execute`, { session_ids: [c, a] })).statusCode, 422)
  })
}

t.test('deleting a result keeps the others, and the next run gets a new id', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/a.pdf'], { auto_extract: true })
  await rig.call('DELETE', `/extractions/results/${id.replace(/0(...)$/, '2$1')}`).then(({ statusCode }) => { t.equal(statusCode, 404, 'it does not exist yet') })
  await rig.control('POST', `${NS}/clock/advance`, { to: 'idle' })
  const { id: first } = (await rig.call('POST', `/extractions/sessions/${id}/results`)).json()
  const [automatic] = (await rig.call('GET', `/extractions/sessions/${id}/results`)).json().data
  for (const result of [first, automatic.id]) t.equal((await rig.call('DELETE', `/extractions/results/${result}`)).statusCode, 204)
  t.same((await rig.call('GET', `/extractions/sessions/${id}/results`)).json().data, [])
  t.equal((await rig.call('GET', `/extractions/results/${first}`)).statusCode, 404)
  t.not((await rig.call('POST', `/extractions/sessions/${id}/results`)).json().id, first)
  t.equal((await rig.app.inject({ method: 'DELETE', url: `/extractions/results/${first}`, headers: READ })).statusCode, 403)
})

t.test('deleted records stay deleted in forks and restored states', async t => {
  const rig = await build(t)
  const [a = '', b = ''] = await rig.create(['tmp/a.pdf', 'tmp/b.pdf'])
  await rig.call('DELETE', `/extractions/sessions/${a}`)
  await rig.control('POST', `${NS}/fork`, { as: 'copy' })
  await rig.control('PUT', `${NS}/state`, (await rig.control('GET', `${NS}/state`)).json())
  for (const namespace of ['default', 'copy']) {
    const statuses = await Promise.all([a, b].map(async id => (await rig.app.inject({ url: `/extractions/sessions/${id}`, headers: { ...READ, 'x-mock-namespace': namespace } })).statusCode))
    t.same(statuses, [404, 200], namespace)
  }
})
