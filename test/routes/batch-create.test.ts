import t from 'tap'
import fc from 'fast-check'
import { BATCH_URL, build, FULL, NOON, otherTemplate, READ, TEMPLATE } from '../helper.ts'

t.test('answers 201 with one pending session for each file, in the order of the files', async t => {
  const { call } = await build(t)
  const reply = await call('POST', BATCH_URL, { files: ['tmp/abc123-invoice1.pdf', 'tmp/def456-invoice2.pdf'], settings: { auto_extract: true } })
  t.equal(reply.statusCode, 201)
  t.same(reply.json(), [
    { id: reply.json()[0].id, name: 'Pending...', created_at: '2024-01-15T10:30:00Z' },
    { id: reply.json()[1].id, name: 'Pending...', created_at: '2024-01-15T10:30:00Z' }
  ])
})
