import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import type { ClockSpec } from '../../src/domain/lifecycle/clock.ts'
import { MAX_WAITING } from '../../src/control/change-waiter.ts'
import { waitForStatus } from '../../src/control/wait-for.ts'
import { createEventFeeds, MAX_LAG, type Occurrence } from '../../src/control/watch-events.ts'
import type { NamespaceState } from '../../src/namespaces/namespace.ts'
import { BATCH_URL, build, FULL, NOON, type Rig } from '../helper.ts'
import { until } from '../until.ts'

const NS = '/namespaces/default'

async function wait (rig: Rig, resource: string, until: string, timeout = '10s'): Promise<{ status: number, body: any }> {
  const reply = await rig.control('GET', `${NS}/wait?${new URLSearchParams({ resource, until, timeout })}`)
  return { status: reply.statusCode, body: reply.json() }
}

/** Runs everything that needs no time. */
async function settle (): Promise<void> {
  for (let n = 0; n < 5; n++) await new Promise(resolve => setImmediate(resolve))
}

async function automatic (rig: Rig, file = 'tmp/a.pdf'): Promise<{ session: string, result: string, document: string }> {
  const [id = ''] = await rig.create([file], { auto_extract: true })
  return { session: id, document: await rig.documentOf(id), result: await rig.resultOf(id) }
}

t.test('a wait for a current status returns at once', async t => {
  const rig = await build(t)
  const { session, document } = await automatic(rig)
  t.same(await wait(rig, `session:${session}`, 'pending'), { status: 200, body: { reached: true, status: 'pending', next_event: '2024-01-15T10:30:01.000Z' } })
  t.same(await wait(rig, `document:${document.toUpperCase()}`, 'failed,queued'), { status: 200, body: { reached: true, status: 'queued', next_event: '2024-01-15T10:30:01.000Z' } })
})

t.test('a wait on an auto clock returns at once', async t => {
  const rig = await build(t, { clock: { mode: 'auto', at: NOON } })
  const { result, document } = await automatic(rig)
  t.same((await wait(rig, `document:${document}`, 'parsed')).body, { reached: true, status: 'parsed', next_event: '2024-01-15T10:31:52.000Z' })
  t.same((await wait(rig, `result:${result}`, 'completed,failed')).body, { reached: true, status: 'completed', next_event: null })
  t.equal((await rig.clock.now()), NOON + 112_000)
})

for (const clock of [{ mode: 'real' }, { mode: 'scaled', scale: 1_000 }] satisfies ClockSpec[]) {
  t.test(`a wait on a ${clock.mode} clock takes the time of the steps`, async t => {
    const step = { base: 'scale' in clock ? 10_000 : 10, spread: 0 }
    const rig = await build(t, { clock, pace: { queue: step, parse: step, extract: step } })
    const { result } = await automatic(rig)
    t.same((await wait(rig, `result:${result}`, 'completed')).body, { reached: true, status: 'completed', next_event: null })
  })
}

t.test('a wait on a frozen clock lasts until the clock is advanced', async t => {
  const rig = await build(t)
  const { result } = await automatic(rig)
  const waited = wait(rig, `result:${result}`, 'processing')
  await settle()
  await rig.control('POST', `${NS}/clock/advance`, { by: 'PT11S' })
  await rig.control('POST', `${NS}/clock/advance`, { to: 'next-event' })
  t.same((await waited).body, { reached: true, status: 'processing', next_event: '2024-01-15T10:31:52.000Z' })
})

t.test('changing the mode of a clock wakes the waiters', async t => {
  const rig = await build(t)
  const { session } = await automatic(rig)
  const waited = wait(rig, `session:${session}`, 'completed')
  await settle()
  await rig.control('PUT', `${NS}/clock`, { mode: 'auto' })
  t.match((await waited).body, { reached: true, status: 'completed' })
})

t.test('a request can cause the awaited status', async t => {
  const rig = await build(t)
  const [id] = await rig.create(['tmp/a.pdf'])
  await rig.control('POST', `${NS}/clock/advance`, { to: 'idle' })
  const waited = wait(rig, `session:${id}`, 'processing')
  await settle()
  await rig.call('POST', `${BATCH_URL}/execute`, { session_ids: [id] })
  t.match((await waited).body, { reached: true, status: 'processing' })
})

t.test('returns when the timeout is over, or when the status can no longer be reached', async t => {
  const rig = await build(t)
  const { session, result } = await automatic(rig)
  const hint = 'The clock is frozen. Advance it while or before you wait: clock.advance({ to: \'idle\' }), or POST {"to": "idle"} to /_mock/namespaces/default/clock/advance. An auto clock moves by itself.'
  t.same((await wait(rig, `session:${session}`, 'failed', '1ms')).body, { reached: false, status: 'pending', next_event: '2024-01-15T10:30:01.000Z', hint })
  t.same((await wait(rig, `result:${result}`, 'completed', '1ms')).body, { reached: false, status: null, next_event: '2024-01-15T10:30:01.000Z', hint })
  await rig.control('PUT', `${NS}/clock`, { mode: 'real' })
  t.same((await wait(rig, `session:${session}`, 'failed', '1ms')).body, { reached: false, status: 'pending', next_event: '2024-01-15T10:30:01.000Z' }, 'a clock that runs needs no hint')
  await rig.control('POST', `${NS}/clock/advance`, { to: 'idle' })
  t.same((await wait(rig, `result:${result}`, 'failed', '10m')).body, { reached: false, status: 'completed', next_event: null })
})

t.test('on an auto clock a stuck resource runs into the timeout', async t => {
  const rig = await build(t, { clock: { mode: 'auto', at: NOON } })
  const { result } = await automatic(rig, 'tmp/mock-stuck.pdf')
  t.same((await wait(rig, `result:${result}`, 'completed', '1ms')).body, { reached: false, status: 'processing', next_event: null })
})

t.test('rejects unknown resources, statuses and timeouts', async t => {
  const rig = await build(t)
  const { session } = await automatic(rig)
  const unknownId = '00000000-0000-4000-8000-000000000000'
  const refusals: Array<[string, string, string, number, object]> = [
    [`session:${session}`, 'done', '1s', 422, { errors: { until: ['The until field must be of pending, processing, completed, failed; commas between several.'] } }],
    ['session', 'completed', '1s', 422, { errors: { resource: ['The resource field must be session:, document: or result: and an id.'] } }],
    [`run:${session}`, 'completed', '1s', 422, { errors: { resource: ['The resource field must be session:, document: or result: and an id.'] } }],
    [`session:${session}`, 'completed', '11m', 422, { errors: { timeout: ['The timeout field must be a duration such as PT1S or 500ms, at most ten minutes.'] } }],
    [`session:${session}`, '', '1s', 422, { errors: { until: ['The until field is required.'] } }],
    [`session:${unknownId}`, 'completed', '1s', 404, { detail: 'Session not found.' }],
    [`document:${unknownId}`, 'parsed', '1s', 404, { detail: 'Document not found.' }],
    [`result:${unknownId}`, 'completed', '1s', 404, { detail: 'Result not found.' }]
  ]
  for (const [resource, until, timeout, status, body] of refusals) t.match(await wait(rig, resource, until, timeout), { status, body })
  t.equal((await rig.control('GET', `/namespaces/nowhere/wait?resource=session:${session}&until=completed`)).statusCode, 404)
  await t.rejects(waitForStatus(await rig.namespaces.open('default'), { resource: 'x', until: [], timeout: 1 }, new AbortController().signal), { message: /^The resource field must be/ })
})

const UNKNOWN_RESULT = 'result:00000000-0000-4000-8000-000000000000'

/** Lets waiters watch the default namespace, as many as there may be, until they leave. */
async function fillWithWaiters ({ app }: Rig, count = MAX_WAITING): Promise<{ leave (count: number): Promise<void> }> {
  const waiters = await Promise.all(Array.from({ length: count }, async () => {
    const signal = new AbortController()
    const events = (await app.control.namespace('default').events(signal.signal))[Symbol.asyncIterator]()
    return { signal, next: events.next() }
  }))
  return {
    async leave (count) {
      for (const { signal, next } of waiters.splice(0, count)) {
        signal.abort()
        await next
      }
    }
  }
}

t.test('a wait ends on a reset, when the server closes, or at too many waiters', async t => {
  const rig = await build(t)
  const { session } = await automatic(rig)
  const dropped = wait(rig, `session:${session}`, 'completed')
  await settle()
  await rig.control('POST', `${NS}/reset`)
  t.match(await dropped, { status: 409, body: { detail: 'The namespace was reset or deleted meanwhile.' } })

  const again = await automatic(rig)
  const crowd = await fillWithWaiters(rig)
  t.match(await wait(rig, `session:${again.session}`, 'completed'), { status: 429, body: { detail: 'There are already 1000 waiters in the namespace: wait until some of them have finished.' } })
  await crowd.leave(1)
  t.match(await wait(rig, `session:${again.session}`, 'completed', '1ms'), { status: 200 }, 'one less than the limit')
  await crowd.leave(MAX_WAITING - 1)

  const closing = wait(rig, `session:${again.session}`, 'completed')
  await settle()
  await rig.app.close()
  t.match(await closing, { status: 503, body: { detail: 'The server is closing.' } })
})

/** Opens an event stream of the rig. */
async function listen (t: Test, rig: Rig, path = `${NS}/events`): Promise<{ reply: IncomingMessage, next: (count: number) => Promise<Array<[string, any]>> }> {
  const origin = rig.app.server.listening ? rig.app.listeningOrigin : await rig.app.listen({ port: 0, host: '127.0.0.1' })
  const sent = httpRequest(`${origin}/_mock${path}`, { agent: false }).end()
  const [reply] = await once(sent, 'response', { signal: AbortSignal.timeout(10_000) }) as [IncomingMessage]
  t.teardown(() => { sent.destroy() })
  let text = ''
  reply.setEncoding('utf8').on('data', (chunk: string) => { text += chunk })
  return {
    reply,
    /** Returns the next events. */
    async next (count) {
      await until(`${count} events come`, () => text.split('\n\n').length > count)
      const events = text.split('\n\n').slice(0, count)
      text = text.split('\n\n').slice(count).join('\n\n')
      return events.map(event => {
        const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? []
        return [name, JSON.parse(data)]
      })
    }
  }
}

/** Waits for the end of a stream; rejects after ten seconds. */
async function endOf (reply: IncomingMessage): Promise<void> {
  await once(reply, 'end', { signal: AbortSignal.timeout(10_000) })
}

t.test('answers HEAD for a stream, and the connection can be used further', async t => {
  const rig = await build(t)
  const { port, hostname } = new URL(await rig.app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), hostname)
  t.teardown(() => { socket.destroy() })
  const path = `/_mock${NS}`
  socket.write(`HEAD ${path}/events HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD /_mock/namespaces/none/events HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD ${path}/clock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  socket.setTimeout(10_000, () => { socket.destroy() })
  const reply = await text(socket)
  t.strictSame([...reply.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status), ['200', '404', '200'])
  t.match(reply, /content-type: text\/event-stream/i)
})

t.test('streams every transition and every request as it happens', async t => {
  const rig = await build(t)
  const { reply, next } = await listen(t, rig)
  t.equal(reply.statusCode, 200)
  t.equal(reply.headers['content-type'], 'text/event-stream')
  const { session, document, result } = await automatic(rig)
  const at = '2024-01-15T10:30:00.000Z'
  const [first, second, third] = await next(3)
  t.same(first, ['transition', { at, resource: `document:${document}`, from: null, to: 'queued' }])
  t.same(second, ['transition', { at, resource: `session:${session}`, from: null, to: 'pending' }])
  t.match(third, ['request', { id: 1, method: 'POST', status: 201, headers: { authorization: '***' } }])

  await rig.control('POST', `${NS}/clock/advance`, { to: 'idle' })
  const told = (await next(7)).map(([event, { at, resource, from, to }]) => [event, Date.parse(at) - NOON, resource, from, to])
  t.same(told, [
    ['transition', 1_000, `document:${document}`, 'queued', 'parsing'],
    ['transition', 1_000, `session:${session}`, 'pending', 'processing'],
    ['transition', 11_000, `document:${document}`, 'parsing', 'parsed'],
    ['transition', 11_000, `result:${result}`, null, 'created'],
    ['transition', 12_000, `result:${result}`, 'created', 'processing'],
    ['transition', 112_000, `document:${document}`, 'parsed', 'processed'],
    ['transition', 112_000, `result:${result}`, 'processing', 'completed']
  ])
  t.match(await next(1), [['transition', { resource: `session:${session}`, to: 'completed' }]])
})

t.test('streams transitions of a running clock as they happen', async t => {
  const step = { base: 5, spread: 0 }
  const rig = await build(t, { clock: { mode: 'real' }, pace: { queue: step, parse: step, extract: step } })
  await automatic(rig, 'tmp/before.pdf')
  const { next } = await listen(t, rig)
  const { result } = await automatic(rig)
  let seen: Array<[string, any]> = []
  for (let n = 0; n < 20 && !seen.some(isTheEnd); n++) seen = await next(1)
  t.ok(seen.some(isTheEnd), 'the run completed')

  function isTheEnd ([, { resource, to }]: [string, any]): boolean {
    return resource === `result:${result}` && to === 'completed'
  }
})

t.test('a stream ends with the namespace, the client or the server', async t => {
  const rig = await build(t)
  const { reply } = await listen(t, rig)
  await rig.control('POST', `${NS}/clock/advance`, { by: 'PT1S' })
  const ended = endOf(reply)
  await rig.control('POST', `${NS}/reset`)
  await ended

  const crowd = await fillWithWaiters(rig, MAX_WAITING - 1)
  const leaving = await listen(t, rig)
  t.equal((await rig.control('GET', `${NS}/events`)).statusCode, 429)
  leaving.reply.destroy()
  await until('the client is gone', async () => (await wait(rig, UNKNOWN_RESULT, 'completed', '1ms')).status === 404)
  await crowd.leave(MAX_WAITING - 1)

  const staying = await listen(t, rig)
  const over = endOf(staying.reply)
  await rig.app.close()
  await over
})

t.test('forgets a client that disconnects during a wait', async t => {
  const rig = await build(t)
  const { session } = await automatic(rig)
  const origin = await rig.app.listen({ port: 0, host: '127.0.0.1' })
  const crowd = await fillWithWaiters(rig, MAX_WAITING - 1)
  const gone = new AbortController()
  const path = `/_mock${NS}/wait?resource=session:${session}&until=completed`
  const waited = once(httpRequest(origin + path, { agent: false, signal: gone.signal }).end(), 'response')
  await until('the client waits', async () => (await wait(rig, UNKNOWN_RESULT, 'completed', '1ms')).status === 429)
  gone.abort()
  await t.rejects(waited, { name: 'AbortError' })
  await until('the client is gone', async () => (await wait(rig, UNKNOWN_RESULT, 'completed', '1ms')).status === 404)
  await crowd.leave(MAX_WAITING - 1)
})

t.test('rejects too many streams, and streams of unknown namespaces', async t => {
  const rig = await build(t)
  const crowd = await fillWithWaiters(rig)
  t.equal((await rig.control('GET', `${NS}/events`)).statusCode, 429)
  await crowd.leave(MAX_WAITING)
  t.equal((await rig.control('GET', '/namespaces/nowhere/events')).statusCode, 404)
})

t.test('a wait whose clock another one has moved further continues', async t => {
  const rig = await build(t, { clock: { mode: 'auto', at: NOON } })
  const namespace = await rig.namespaces.open('default')
  const { result } = await automatic(rig)
  // Stands for another waiter, which moves the clock between the look at it and its move.
  const moves: number[] = []
  const contended = {
    ...namespace,
    async moveClock (instant: number) {
      moves.push(instant)
      await namespace.moveClock(instant + (moves.length === 1 ? 1_000 : 0))
      if (moves.length === 1) await namespace.moveClock(instant)
    }
  }
  const resource = `result:${result}`
  const waited = await waitForStatus(contended, { resource, until: ['completed'], timeout: 10_000 }, new AbortController().signal)
  t.strictSame(waited, { reached: true, status: 'completed', nextEvent: null, isFrozen: false })

  const { result: other } = await automatic(rig, 'tmp/b.pdf')
  const broken = { ...namespace, moveClock: async () => { throw new Error('the disk is gone') } }
  const wait = waitForStatus(broken, { resource: `result:${other}`, until: ['completed'], timeout: 10_000 }, new AbortController().signal)
  await t.rejects(wait, { message: 'the disk is gone' })
})

t.test('HEAD of a stream is answered without one', async t => {
  const rig = await build(t)
  const crowd = await fillWithWaiters(rig)
  const reply = await rig.control('HEAD', `${NS}/events`)
  t.strictSame([reply.statusCode, reply.headers['content-type'], reply.body], [200, 'text/event-stream', ''])
  t.equal((await rig.control('HEAD', '/namespaces/nowhere/events')).statusCode, 404)
  await crowd.leave(MAX_WAITING)
})

/** Opens a stream of the default namespace in this process. */
async function follow ({ app }: Rig, signal?: AbortSignal): Promise<AsyncIterator<any, undefined>> {
  return (await app.control.namespace('default').events(signal))[Symbol.asyncIterator]()
}

t.test('a stream ends for the reader that has fallen behind, and for no other', async t => {
  const rig = await build(t)
  const [behind, reading] = [await follow(rig), await follow(rig)]
  const url = `/extractions/sessions/x?${'x'.repeat(10_000)}`
  const count = Math.ceil(MAX_LAG / url.length) + 1
  for (let id = 1; id <= count; id++) {
    await rig.app.inject({ url, headers: FULL })
    t.match(await reading.next(), { value: { event: 'request', data: { id } } })
  }
  t.same(await behind.next(), { value: undefined, done: true })

  const again = await follow(rig)
  await rig.app.inject({ url: '/extractions/sessions/x', headers: FULL })
  for (const events of [reading, again]) t.match(await events.next(), { value: { data: { id: count + 1 } } })
  for (const events of [reading, again]) t.match(await events.return?.(), { done: true })
})

/** Returns the namespace with other records, which count how often all of them are read. */
function counting (namespace: NamespaceState): { readonly counted: NamespaceState, readonly reads: () => number } {
  const { records } = namespace
  let reads = 0
  const counted = {
    ...namespace,
    records: {
      ...records,
      documents () {
        reads++
        return records.documents()
      }
    }
  }
  return { counted, reads: () => reads }
}

t.test('all resources are read once for all readers, however much happens', async t => {
  const rig = await build(t)
  await automatic(rig, 'tmp/before.pdf')
  const { counted, reads } = counting(await rig.namespaces.open('default'))
  const feeds = createEventFeeds<Occurrence>(message => ({ message, bytes: 1 }))
  const gone = new AbortController()
  const [one, other] = [await feeds.watch(counted, gone.signal), await feeds.watch(counted, gone.signal)]
  const { session } = await automatic(rig)
  await rig.call('GET', `/extractions/sessions/${session}`)
  await rig.clock.advanceTo(NOON + 200_000)
  counted.events.emit('changed')
  for (const reader of [one, other]) {
    const seen: Occurrence[] = []
    for await (const occurrence of reader) if (seen.push(occurrence) === 20) break
    t.match(seen.slice(0, 4), [{ transition: { from: null } }, { transition: { from: null } }, { exchange: { id: 2 } }, { exchange: { id: 3 } }])
    t.match(seen.at(-1), { transition: { at: NOON + 112_000, to: 'completed' } })
  }
  t.equal(reads(), 1)

  // After the last reader the search ends; the next one begins another.
  await settle()
  await feeds.watch(counted, AbortSignal.abort())
  await settle()
  await feeds.watch(counted, gone.signal)
  t.equal(reads(), 3)
  gone.abort()
})

t.test('a stream whose records cannot be read fails, and leaves no waiter behind', async t => {
  const rig = await build(t)
  const namespace = await rig.namespaces.open('default')
  const feeds = createEventFeeds<Occurrence>(message => ({ message, bytes: 1 }))
  const { signal } = new AbortController()
  let isBroken = true
  const broken = {
    ...namespace,
    async clock () {
      if (isBroken) throw new Error('the disk is gone')
      return await namespace.clock()
    }
  }
  await t.rejects(feeds.watch(broken, signal), { message: 'the disk is gone' })
  isBroken = false
  const events = (await feeds.watch(broken, signal))[Symbol.asyncIterator]()
  isBroken = true
  namespace.events.emit('changed')
  await t.rejects(events.next(), { message: 'the disk is gone' })
  t.equal(namespace.events.listenerCount('dropped'), 0)
})
