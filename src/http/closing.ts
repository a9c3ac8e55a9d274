import { setMaxListeners } from 'node:events'
import type { FastifyInstance } from 'fastify'

/** Ends connections with the answer that is under way when the application is closed: a kept-alive connection would delay its end. */
export function endConnectionsOnClose (app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => { closing = true })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close')
    done(null, payload)
  })
}

/** Returns a signal that aborts when the application begins to close. */
export function signalOnClose (app: FastifyInstance): AbortSignal {
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  app.addHook('preClose', async () => { closing.abort() })
  return closing.signal
}
