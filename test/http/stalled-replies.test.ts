import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { build, type Rig } from '../helper.ts'
import { until } from '../until.ts'

const LONG = 'x'.repeat(16 * 1024 * 1024)

/** Builds an application with long replies, and a bound on the time in which a client may accept none of it. */
async function serve (t: Test): Promise<Rig> {
  const rig = await build(t, {
    timeouts: { send: 100 },
    watch (app) {
      app.get('/text', async () => LONG)
      app.get('/stream', async (_request, reply) => await reply.type('text/plain').send(Readable.from(Array.from({ length: 256 }, () => LONG.slice(0, 65_536)))))
      app.get('/error', async (_request, reply) => await reply.code(400).send(LONG.slice(0, 100_000)))
      app.get('/later', async () => {
        await setTimeout(300)
        return 'now'
      })
    }
  })
  await rig.app.listen({ port: 0, host: '127.0.0.1' })
  return rig
}

async function ask (t: Test, { app }: Rig, path: string, connection = 'close'): Promise<Socket> {
  const socket = connect(Number(new URL(app.listeningOrigin).port), '127.0.0.1')
  t.teardown(() => { socket.destroy() })
  await once(socket, 'connect')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\n\r\n`)
  return socket
}

async function connectionsOf ({ app }: Rig): Promise<number> {
  return await new Promise((resolve, reject) => { app.server.getConnections((error, count) => { if (error === null) resolve(count); else reject(error) }) })
}

for (const path of ['/text', '/stream']) {
  t.test(`a client that does not read ${path} loses its connection`, async t => {
    const rig = await serve(t)
    const [stalled, sending] = [await ask(t, rig, path), await ask(t, rig, path, 'keep-alive')]
    for (const socket of [stalled, sending]) socket.on('error', () => {})
    // What a client sends does not count.
    const drip = setInterval(() => { sending.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n') }, 10)
    t.teardown(() => { clearInterval(drip) })
    await until('both come', async () => await connectionsOf(rig) === 2)
    await until('both are gone', async () => await connectionsOf(rig) === 0)
  })

  t.test(`a client that reads ${path} slowly gets all of it`, async t => {
    const rig = await serve(t)
    const reader = await ask(t, rig, path)
    let bytes = 0
    for await (const chunk of reader) {
      bytes += (chunk as Buffer).length
      if (bytes % 64 === 0) await setTimeout(2)
    }
    t.ok(bytes > LONG.length)
  })
}

t.test('a long body is whole, with its length, whatever way it is sent', async t => {
  const { app } = await serve(t)
  const reply = await app.inject('/text')
  t.strictSame([reply.headers['content-length'], reply.body.length], [String(LONG.length), LONG.length])
  const head = await app.inject({ method: 'HEAD', url: '/text' })
  t.strictSame([head.headers['content-length'], head.body], [String(LONG.length), ''])
  const error = await app.inject('/error')
  t.strictSame([error.statusCode, error.body.length], [400, 100_000])
})

t.test('a reply that takes long to come is waited for', async t => {
  const rig = await serve(t)
  const socket = await ask(t, rig, '/later')
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  t.match(text, /now$/)
})
