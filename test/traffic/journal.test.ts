import t from 'tap'
import { createJournal, JOURNAL_SIZE } from '../../src/traffic/journal.ts'
import { build, BATCH_URL } from '../helper.ts'

t.test('a journal holds the last requests, oldest first, and goes on counting when it is cleared', async t => {
  const journal = createJournal()
  const arrival = { method: 'GET', url: '/', route: undefined, headers: {}, caller: undefined, at: 0 }
  for (let n = 0; n < JOURNAL_SIZE + 2; n++) journal.record(arrival)
  t.equal(journal.exchanges().length, JOURNAL_SIZE)
  t.equal(journal.exchanges()[0]?.id, 3)
  journal.clear()
  t.same(journal.exchanges(), [])
  t.equal(journal.record(arrival).id, JOURNAL_SIZE + 3)
})

t.test('what was answered is entered: when, how, and how soon to come again', async t => {
  const { call, namespaces } = await build(t, {
    watch (app) {
      app.addHook('onRequest', async (_request, reply) => { reply.header('retry-after', '30') })
    }
  })
  await call('POST', BATCH_URL, { files: ['tmp/a.pdf'] })
  await call('GET', `/extractions/documents/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`)
  const [made, missed] = (await namespaces.open('default')).journal.exchanges()
  t.match(made, { id: 1, method: 'POST', route: '/extractions/templates/:templateId/sessions/batch', body: '{"files":["tmp/a.pdf"]}', status: 201, error: null, retryAfter: null })
  t.match(missed, { id: 2, method: 'GET', status: 404, error: '{"message":"Document not found."}', body: null, retryAfter: '30' })
})
