import type { Test } from 'tap'
import type { Arrival } from '../../../src/store/journal.ts'
import { BODY_SIZE, JOURNAL_SIZE, noteBody } from '../../../src/store/journal.ts'
import { world, type MakeStore } from './fixtures.ts'

const arrival: Arrival = { method: 'POST', url: '/a?b=c', route: '/:a', headers: { accept: '*/*' }, caller: undefined, at: 5 }

/** The journals of namespaces. */
export function journalContract (t: Test, make: MakeStore): void {
  t.test('records a request, what is learned about it, and its answer', async t => {
    const { journal } = await (await make(t, world)).draft('one', {})
    t.same(await journal.exchanges(), [])
    const exchange = await journal.record(arrival)
    const { realAt } = exchange
    const unanswered = { id: 1, ...arrival, realAt, body: null, bodyCut: false, status: null, answeredAt: null, answeredRealAt: null, retryAfter: null, error: null, fault: null, missingAbilities: [] }
    t.same(exchange, unanswered)
    t.same(await journal.exchanges(), [unanswered])
    noteBody(exchange, '{}')
    exchange.fault = 'fault-1'
    await journal.answer(exchange, { status: 503, answeredAt: 7, retryAfter: '30', error: '{"message":"No."}' })
    const [answered] = await journal.exchanges()
    t.ok(Number(answered?.answeredRealAt) >= realAt)
    t.same(answered, {
      ...unanswered, body: '{}', fault: 'fault-1', status: 503, answeredAt: 7, answeredRealAt: answered?.answeredRealAt, retryAfter: '30', error: '{"message":"No."}'
    })
  })

  t.test('keeps a body up to a limit, and tells if it was cut', async t => {
    const { journal } = await (await make(t, world)).draft('one', {})
    for (const length of [BODY_SIZE, BODY_SIZE + 1]) {
      const exchange = await journal.record(arrival)
      noteBody(exchange, 'ä'.repeat(length))
      await journal.answer(exchange, { status: 200, answeredAt: 6, retryAfter: null, error: null })
    }
    const exchanges = await journal.exchanges()
    t.same(exchanges.map(({ body, bodyCut }) => [body, bodyCut]), [['ä'.repeat(BODY_SIZE), false], ['ä'.repeat(BODY_SIZE), true]])
  })

  t.test('keeps the last requests, oldest first, and numbers them on after it was cleared', async t => {
    const { journal } = await (await make(t, world)).draft('one', {})
    for (let n = 0; n < JOURNAL_SIZE; n++) await journal.record(arrival)
    const ids = async (): Promise<number[]> => (await journal.exchanges()).map(({ id }) => id)
    t.same(await ids(), Array.from({ length: JOURNAL_SIZE }, (_, index) => index + 1))
    await journal.record(arrival)
    t.same(await ids(), Array.from({ length: JOURNAL_SIZE }, (_, index) => index + 2))
    const last = await journal.record(arrival)
    await journal.clear()
    await journal.answer(last, { status: 200, answeredAt: 6, retryAfter: null, error: null })
    t.same(await ids(), [], 'an answer to a request that was cleared does not bring it back')
    await journal.record(arrival)
    t.same(await ids(), [JOURNAL_SIZE + 3])
  })

  t.test('each namespace has its own journal, and so has each incarnation of it', async t => {
    const store = await make(t, world)
    const one = await store.publish(await store.draft('one', {}), { replace: false })
    await one.journal.record(arrival)
    const fork = await store.publish(await store.draft('fork', { from: one }), { replace: false })
    const next = await store.publish(await store.draft('one', {}), { replace: true })
    await one.journal.record(arrival)
    const counts = await Promise.all([one, fork, next].map(async ({ journal }) => (await journal.exchanges()).length))
    t.same(counts, [2, 0, 0])
    t.equal((await next.journal.record(arrival)).id, 1)
  })
}
