import { startServer } from './server.ts'

/** The least that can listen: what a start costs that does nothing else. */
const BARE = `
  const server = require('node:http').createServer((request, response) => response.end('{"status":"ok"}'))
  server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port))
`

export const bareServer: readonly string[] = ['--eval', BARE]

/** Milliseconds from the start of the process to its first answer. Throws if that is not 200. */
export async function coldStart (args: readonly string[]): Promise<number> {
  const startedAt = performance.now()
  await using server = await startServer(args)
  const reply = await fetch(`${server.url}/livez`)
  const took = performance.now() - startedAt
  if (reply.status !== 200) throw new Error(`/livez is answered ${reply.status}`)
  return took
}
