import type { Test } from 'tap'
import { VERSION } from '../../src/package.ts'
import type { serve as serveInProcess } from '../command-line.ts'
import type { serve as serveAsProcess } from '../process.ts'
import { BATCH_URL, FULL } from '../helper.ts'

/** Serves a request, stops the server by a signal, and holds the exit and the log to what they should be. */
export async function servesAndStops (t: Test, serve: typeof serveInProcess | typeof serveAsProcess): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const { url, stop } = await serve(t)
    const body = '{"files": ["tmp/a.pdf"]}'
    const reply = await fetch(url + BATCH_URL, { method: 'POST', headers: { ...FULL, 'content-type': 'application/json' }, body })
    t.equal(reply.status, 201)
    const { code, stdout, stderr } = await stop(signal)
    t.same({ code, stderr }, { code: 0, stderr: '' })
    const lines = stdout.trim().split('\n').map(line => JSON.parse(line))
    t.match(lines, [
      { level: 30, url, version: VERSION, seed: /^[0-9a-f]{16}$/, msg: 'raydocs-mock is listening' },
      { method: 'POST', path: BATCH_URL, status: 201, caller: 'rd_test_full', msg: 'request' },
      { signal, msg: 'stopping' }
    ])
    t.equal(lines.length, 3)
    t.notMatch(stdout, 'Bearer')
  }
}
