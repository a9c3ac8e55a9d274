import { once } from 'node:events'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import t from 'tap'

t.test('a worker says when it takes a file up, and then what is in it', async t => {
  const { port1: parentPort, port2: port } = new MessageChannel()
  t.teardown(() => { port.close() })
  await t.mockImport('../../src/text-extraction/worker.ts', { 'node:worker_threads': { parentPort } })
  port.postMessage({ path: join(t.testdir({ file: 'Hello' }), 'file'), claim: { contentType: 'text/plain', filename: null } })
  t.same(await once(port, 'message'), ['begun'])
  t.same(await once(port, 'message'), [{ mime: 'text/plain', pageCount: 1, failure: null, pages: [[{ type: 'paragraph', content: 'Hello' }]] }])
})
