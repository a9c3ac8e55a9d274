import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** The number of looks at a connection within the timeout. */
const LOOKS = 4

/** The size of the pieces that long bodies are sent in, in bytes. Within one piece no progress can be seen. */
const PIECE = 64 * 1024

/** The progress of a connection when it was last looked at. */
interface Progress {
  readonly accepted: number
  /** The number of looks since the client last accepted a byte. */
  readonly idleLooks: number
}

/**
 * Closes the connection of a reply whose client has accepted none of the bytes that wait for it within `timeout` milliseconds: what
 * it does not read is held in memory. A thread that was busy closes none for that, since looks are counted, not time.
 */
export const endStalledReplies = fp(async (app: FastifyInstance, { timeout }: { timeout: number }) => {
  // By request: a client may send further ones on the connection meanwhile.
  const underWay = new Map<IncomingMessage, Progress>()

  app.addHook('onRequest', (request, _reply, done) => {
    underWay.set(request.raw, { accepted: 0, idleLooks: 0 })
    done()
  })

  app.addHook('onResponse', (request, _reply, done) => {
    underWay.delete(request.raw)
    done()
  })

  app.addHook('onSend', (_request, reply, payload, done) => {
    // The journal reads what is sent as an error, and such bodies are not long.
    if (typeof payload !== 'string' || payload.length <= PIECE || reply.statusCode >= 400) return done(null, payload)
    const body = Buffer.from(payload)
    reply.header('content-length', body.length)
    done(null, Readable.from(piecesOf(body)))
  })

  const timer = setInterval(() => {
    for (const [request, { accepted, idleLooks }] of underWay) {
      const { socket } = request
      const now = acceptedBy(socket)
      if (socket.writableLength === 0 || now !== accepted) underWay.set(request, { accepted: now, idleLooks: 0 })
      else if (idleLooks < LOOKS) underWay.set(request, { accepted, idleLooks: idleLooks + 1 })
      else socket.destroy()
    }
  }, timeout / LOOKS).unref()

  app.addHook('onClose', async () => { clearInterval(timer) })
}, { name: 'stalled-replies' })

/** Returns the number of bytes that the system took from a connection. Those that wait are counted as written, too. */
function acceptedBy ({ bytesWritten, writableLength }: Socket): number {
  return bytesWritten - writableLength
}

function * piecesOf (body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += PIECE) yield body.subarray(at, at + PIECE)
}
