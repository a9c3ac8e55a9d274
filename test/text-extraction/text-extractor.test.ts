import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import t, { type Test } from 'tap'
import type { StartWorker } from '../../src/text-extraction/worker-thread.ts'
import { createTextExtractor, type TextExtractor, type TextExtractorOptions } from '../../src/text-extraction/text-extractor.ts'
import { invoicePdf } from '../samples.ts'
import { builtWorker } from './built-worker.ts'

function readerFor (t: Test, options: TextExtractorOptions = {}): TextExtractor {
  const reader = createTextExtractor(options)
  t.teardown(async () => { await reader.close() })
  return reader
}

/** Workers that answer with the path they were given, unless `code` does something else with it. */
function workerOf (code: string): StartWorker {
  const source = new URL(`data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads'
    import { existsSync, writeFileSync } from 'node:fs'
    let count = 0
    parentPort.on('message', ({ path }) => {
      count++
      parentPort.postMessage('begun')
      ${code}
      parentPort.postMessage({ path, count })
    })
  `)}`)
  return resourceLimits => new Worker(source, { resourceLimits, execArgv: [], env: {}, stdout: true, stderr: true })
}

const PDF = { contentType: 'application/pdf', filename: null }
const TEXT = { contentType: 'text/plain', filename: null }

const failed = (failure: string): object => ({ mime: 'application/pdf', pageCount: 0, failure, pages: [] })

t.test('documents are read in a worker, which stays for the next one', async t => {
  const folder = t.testdir({ 'a.txt': 'Hello', 'b.txt': 'World' })
  writeFileSync(join(folder, 'invoice.pdf'), await invoicePdf())
  const reader = readerFor(t)
  t.match(await reader.read(join(folder, 'invoice.pdf'), PDF), { mime: 'application/pdf', pageCount: 2, failure: null })
  t.same(await Promise.all(['a.txt', 'b.txt'].map(async name => await reader.read(join(folder, name), TEXT))), ['Hello', 'World'].map(content => (
    { mime: 'text/plain', pageCount: 1, failure: null, pages: [[{ type: 'paragraph', content }]] }
  )))
})

t.test('files wait for a free worker, in the order they came', async t => {
  const one = readerFor(t, { startWorker: workerOf('') })
  t.same(await Promise.all(['a', 'b', 'c'].map(async path => await one.read(path, PDF))), [
    { path: 'a', count: 1 }, { path: 'b', count: 2 }, { path: 'c', count: 3 }
  ])
  const met = join(t.testdir(), 'met')
  const two = readerFor(t, { workers: 2, startWorker: workerOf(`if (path === 'wait') while (!existsSync(${JSON.stringify(met)})); else writeFileSync(${JSON.stringify(met)}, '')`) })
  t.same(await Promise.all(['wait', 'go'].map(async path => await two.read(path, PDF))), [{ path: 'wait', count: 1 }, { path: 'go', count: 1 }])
})

t.test('a file that takes too long is given up, and the next one has a new worker', async t => {
  const reader = readerFor(t, { timeout: 500, startWorker: workerOf("if (path === 'endless') for (;;);") })
  t.same(await Promise.all(['a', 'endless', 'b'].map(async path => await reader.read(path, PDF))), [
    { path: 'a', count: 1 }, failed('Reading the document took more than 0.5 s: make it smaller.'), { path: 'b', count: 1 }
  ])
})

t.test('a file that takes too much memory is given up, within the heap and outside of it', async t => {
  const reader = readerFor(t, {
    memory: 32 * 1024 * 1024,
    startWorker: workerOf(`
      const held = []
      while (path === 'heap') held.push(Array.from({ length: 100_000 }, (_, index) => index + 0.5))
      if (path === 'buffers') { for (let mib = 0; mib < 320; mib += 16) held.push(Buffer.alloc(16 * 1024 * 1024, 1)); for (;;); }
    `)
  })
  const tooMuch = failed('Reading the document took more than 32 MiB of memory: make it smaller.')
  t.same(await reader.read('buffers', PDF), tooMuch)
  t.same(await reader.read('heap', PDF), tooMuch)
  t.same(await reader.read('a', PDF), { path: 'a', count: 1 })
})

t.test('a worker that breaks down is a failure of the file, and the next one has a new worker', async t => {
  const reader = readerFor(t, { startWorker: workerOf("if (path === 'throw') throw new Error('bad'); if (path === 'exit') process.exit()") })
  const brokeOff = failed('Reading the document broke off: save it anew and upload that.')
  t.same(await Promise.all(['throw', 'exit', 'a'].map(async path => await reader.read(path, PDF))), [brokeOff, brokeOff, { path: 'a', count: 1 }])
  t.same(await readerFor(t, { startWorker: await builtWorker(t) }).read('/nowhere/at/all', PDF), brokeOff, 'a file that is gone, too')
})

t.test('a closed reader gives up on what it reads and what waits, and takes nothing new', async t => {
  const stopped = failed('The server stopped before the document was read: upload it again.')
  const reader = createTextExtractor({ startWorker: workerOf('for (;;);') })
  const readings = ['a', 'b'].map(async path => await reader.read(path, PDF))
  await reader.close()
  t.same(await Promise.all(readings), [stopped, stopped])
  t.same(await reader.read('c', PDF), stopped)
  await t.resolves(createTextExtractor().close(), 'nor does it matter if it has not begun')
})
