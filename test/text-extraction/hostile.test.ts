import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createTextExtractor } from '../../src/text-extraction/text-extractor.ts'
import { deflateBombPdf, docxOf, millionObjectPdf, writeHugePng, zipBombDocx, zipBombPptx } from '../samples.ts'
import { builtWorker } from './built-worker.ts'

t.test('hostile files are bounded, and the next one is read', async t => {
  const startWorker = await builtWorker(t)
  const folder = t.testdirName
  const quick = createTextExtractor({ timeout: 500, startWorker })
  const small = createTextExtractor({ memory: 64 * 1024 * 1024, startWorker })
  t.teardown(async () => { await Promise.all([quick.close(), small.close()]) })

  async function failureOf (reader: typeof quick, filename: string, bytes: Buffer): Promise<string | null> {
    const path = join(folder, filename)
    writeFileSync(path, bytes)
    const { failure } = await reader.read(path, { contentType: '', filename })
    writeFileSync(path, 'next')
    const next = await reader.read(path, { contentType: 'text/plain', filename: null })
    t.same(next, { mime: 'text/plain', pageCount: 1, failure: null, pages: [[{ type: 'paragraph', content: 'next' }]] })
    return failure
  }

  t.equal(await failureOf(quick, 'million.pdf', millionObjectPdf()), 'Reading the document took more than 0.5 s: make it smaller.')
  t.equal(await failureOf(quick, 'bomb.pdf', deflateBombPdf(100_000_000)), 'Reading the document took more than 0.5 s: make it smaller.')
  t.equal(await failureOf(small, 'deep.docx', docxOf('<a>'.repeat(2_000_000))), 'Reading the document took more than 64 MiB of memory: make it smaller.')
  t.equal(await failureOf(small, 'bomb.docx', zipBombDocx()), 'The text of the file inflates to more than 32 MiB: make it smaller.')
  t.equal(await failureOf(small, 'bomb.pptx', zipBombPptx()), 'The text of the file inflates to more than 64 MiB: make it smaller.')

  const path = join(folder, 'huge.png')
  writeHugePng(path)
  t.same(await quick.read(path, { contentType: 'image/png', filename: null }), { mime: 'image/png', pageCount: 1, failure: null, pages: [[]] })
})
