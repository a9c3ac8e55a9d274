import t from 'tap'
import { BODY_SIZE, createMemoryJournal, noteBody } from '../../src/store/journal.ts'

const arrival = { method: 'POST', url: '/', route: undefined, headers: {}, caller: undefined, at: 0 }

t.test('keeps a body up to a limit, and tells if it was cut', async t => {
  const exchange = await createMemoryJournal().record(arrival)
  t.match(exchange, { body: null, bodyCut: false })
  noteBody(exchange, 'ä'.repeat(BODY_SIZE))
  t.match(exchange, { body: 'ä'.repeat(BODY_SIZE), bodyCut: false })
  noteBody(exchange, `${'ä'.repeat(BODY_SIZE)}x`)
  t.match(exchange, { body: 'ä'.repeat(BODY_SIZE), bodyCut: true })
})
