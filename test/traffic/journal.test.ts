import t from 'tap'
import { createMemoryJournal, JOURNAL_SIZE } from '../../src/store/journal.ts'
import { build, BATCH_URL } from '../helper.ts'

t.test('a journal keeps the last requests, oldest first, and continues its ids after it is cleared', async t => {
  const journal = createMemoryJournal()
  const arrival = { method: 'GET', url: '/', route: undefined, headers: {}, caller: undefined, at: 0 }
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
