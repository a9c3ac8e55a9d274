import t from 'tap'
import { BODY_SIZE, createMemoryJournals, JOURNAL_SIZE, type Journal } from '../../src/store/journal.ts'
import { build, BATCH_URL } from '../helper.ts'

const arrival = { method: 'GET', url: '/', route: undefined, headers: {}, caller: undefined, at: 0 }

t.test('a journal keeps the last requests, oldest first, and continues its ids after it is cleared', async t => {
  const journal = createMemoryJournals()()
  for (let n = 0; n < JOURNAL_SIZE + 2; n++) await journal.record(arrival)
  t.equal((await journal.exchanges()).length, JOURNAL_SIZE)
  t.equal((await journal.exchanges())[0]?.id, 3)
  await journal.clear()
  t.same(await journal.exchanges(), [])
  t.equal((await journal.record(arrival)).id, JOURNAL_SIZE + 3)
})

t.test('records the time, the status and Retry-After of a response', async t => {
  const { call, namespaces } = await build(t, {
    watch (app) {
      app.addHook('onRequest', async (_request, reply) => { reply.header('retry-after', '30') })
    }
  })
  await call('POST', BATCH_URL, { files: ['tmp/a.pdf'] })
  await call('GET', `/extractions/documents/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`)
  const [made, missed] = await (await namespaces.open('default')).journal.exchanges()
  t.match(made, { id: 1, method: 'POST', route: '/extractions/templates/:templateId/sessions/batch', body: '{"files":["tmp/a.pdf"]}', status: 201, error: null, retryAfter: null })
  t.match(missed, { id: 2, method: 'GET', status: 404, error: '{"message":"Document not found."}', body: null, retryAfter: '30' })
})

/** Returns the ids in a journal. */
async function idsIn (journal: Journal): Promise<number[]> {
  return (await journal.exchanges()).map(({ id }) => id)
}

t.test('beyond their bytes, the largest journals lose their oldest requests, and small ones none', async t => {
  const open = createMemoryJournals(100_000)
  const [small, large, second] = [open(), open(), open()]
  const long = { ...arrival, headers: { 'x-padding': 'x'.repeat(4_000) } }
  await small.record(arrival)
  for (let n = 0; n < 5; n++) await second.record(long)
  for (let n = 0; n < 100; n++) await large.record(long)
  t.same([await idsIn(small), await idsIn(second)], [[1], [1, 2, 3, 4, 5]])
  const kept = await idsIn(large)
  t.ok(kept.length > 0 && kept.length < 6, String(kept.length))
  t.equal(kept.at(-1), 100)

  // What is cleared or released makes room.
  await large.clear()
  second.release()
  for (let n = 0; n < 9; n++) await large.record(long)
  t.equal((await idsIn(large)).length, 9)
  for (let n = 0; n < 50; n++) await second.record(long)
  t.equal((await idsIn(second)).length, 55, 'a journal that was released is no longer counted')
  second.release()
  t.equal((await idsIn(large)).length, 9)
})

t.test('an answer counts, and is cut like a body', async t => {
  const open = createMemoryJournals(50_000)
  const [one, other] = [open(), open()]
  const answer = { status: 422, answeredAt: 1, retryAfter: null, error: 'x'.repeat(BODY_SIZE + 1) }
  const first = await one.record(arrival)
  await one.answer(first, answer)
  t.equal(first.error, 'x'.repeat(BODY_SIZE))
  for (let n = 0; n < 3; n++) await other.answer(await other.record(arrival), answer)
  t.same([await idsIn(one), await idsIn(other)], [[1], [3]])
  await one.clear()
  await one.answer(first, answer)
  t.same(await idsIn(one), [])
})

t.test('a request that is larger than the journals is not kept', async t => {
  const journal = createMemoryJournals(1_000)()
  t.match(await journal.record(arrival), { id: 1 })
  t.same(await idsIn(journal), [])
})
