import { EventEmitter, once } from 'node:events'
import t, { type Test } from 'tap'
import { stopOnSignals, type StopReason } from '../../src/cli/stop-signals.ts'

/** A process that is about to end, and a server that stops when `stopped` is called. */
function setUp (t: Test, limit?: number): { signals: EventEmitter, seen: unknown[], stopped: PromiseWithResolvers<number>, ended: Promise<unknown> } {
  const signals = new EventEmitter()
  const seen: unknown[] = []
  const { promise, resolve, reject } = withResolvers<number>()
  const ended = once(signals, 'ended', { signal: AbortSignal.timeout(10_000) })
  const ending = Object.assign(signals, {
    stderr: { write (text: string) { seen.push(text) } },
    exit (code: number) {
      seen.push(code)
      signals.emit('ended')
    }
  })
  stopOnSignals(ending, {
    async stop (reason: StopReason) {
      seen.push(reason)
      return await promise
    },
    hurry () { seen.push('hurry') }
  }, () => { seen.push('leave terminal') }, limit)
  t.teardown(() => { resolve(0) })
  return { signals, seen, stopped: { promise, resolve, reject }, ended }
}

interface PromiseWithResolvers<T> { readonly promise: Promise<T>, resolve (value: T): void, reject (error: unknown): void }

function withResolvers<T> (): PromiseWithResolvers<T> {
  let settle: Pick<PromiseWithResolvers<T>, 'resolve' | 'reject'> | undefined
  const promise = new Promise<T>((resolve, reject) => { settle = { resolve, reject } })
  return { promise, ...settle as NonNullable<typeof settle> }
}

t.test('the first signal stops the server, and its exit code is that of the process', async t => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT']) {
    const { signals, seen, stopped, ended } = setUp(t)
    signals.emit(signal)
    stopped.resolve(0)
    await ended
    t.same(seen, [{ signal }, 0])
  }
})

t.test('a closed terminal is left before the exit', async t => {
  const { signals, seen, stopped, ended } = setUp(t)
  signals.emit('SIGINT')
  signals.emit('SIGHUP')
  stopped.resolve(1)
  await ended
  t.same(seen, [{ signal: 'SIGINT' }, 'hurry', 'leave terminal', 1])
})

t.test('the second signal ends the requests under way, and the third one the process', async t => {
  const { signals, seen, ended } = setUp(t)
  for (let count = 0; count < 3; count++) signals.emit('SIGINT')
  await ended
  t.same(seen, [{ signal: 'SIGINT' }, 'hurry', 'raydocs-mock ends without having stopped: SIGINT came meanwhile.\n', 1])
})

t.test('an unexpected error stops the server, and a further one does not keep it from stopping', async t => {
  const { signals, seen, stopped, ended } = setUp(t)
  const err = new Error('out of order')
  signals.emit('uncaughtException', err)
  signals.emit('unhandledRejection', new Error('write EIO'))
  stopped.resolve(1)
  await ended
  t.strictSame(seen, [{ err }, 1])
})

t.test('a server that does not stop is ended with a line', async t => {
  const { signals, seen, ended } = setUp(t, 20)
  const keepAlive = setInterval(() => {}, 10)
  signals.emit('SIGTERM')
  await ended
  clearInterval(keepAlive)
  t.same(seen, [{ signal: 'SIGTERM' }, 'raydocs-mock ends without having stopped: it has not stopped after 0.02 seconds.\n', 1])
})

t.test('a server that cannot stop is ended with a line', async t => {
  const { signals, seen, stopped, ended } = setUp(t)
  signals.emit('SIGTERM')
  stopped.reject(new Error('write EIO'))
  await ended
  t.same(seen, [{ signal: 'SIGTERM' }, 'raydocs-mock ends without having stopped: Error: write EIO.\n', 1])
})
