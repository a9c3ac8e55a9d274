import t from 'tap'
import { createEventLog } from '../../src/control/event-log.ts'

const FOREVER = new AbortController().signal

async function all<T> (events: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const event of events) collected.push(event)
  return collected
}

t.test('every reader gets the events since it came, and ends with the log', async t => {
  const log = createEventLog<string>(100)
  const early = log.read(FOREVER)
  log.append('a', 10)
  const late = log.read(FOREVER)
  const waiting = all(early)
  log.append('b', 10)
  log.end()
  t.same([await waiting, await all(late), await all(log.read(FOREVER))], [['a', 'b'], ['b'], []])
})

t.test('a log that ends with an error passes it on to readers that have read everything', async t => {
  const log = createEventLog<string>(100)
  const reader = log.read(FOREVER)
  log.append('a', 10)
  log.end(new Error('no'))
  t.same(await reader.next(), { value: 'a', done: false })
  await t.rejects(reader.next(), { message: 'no' })
})

t.test('a reader ends when its signal aborts, or when an event that it has not read no longer fits', async t => {
  const log = createEventLog<number>(100)
  const gone = new AbortController()
  const [reading, leaving, behind] = [log.read(FOREVER), all(log.read(gone.signal)), log.read(FOREVER)]
  gone.abort()
  t.same(await leaving, [])
  for (let n = 0; n < 10; n++) log.append(n, 10)
  for (let n = 0; n < 5; n++) t.same(await reading.next(), { value: n, done: false })
  log.append(10, 50)
  t.same(await behind.next(), { value: undefined, done: true })
  t.same(await reading.next(), { value: 5, done: false })
  log.append(11, 101)
  t.same(await reading.next(), { value: undefined, done: true })
})
