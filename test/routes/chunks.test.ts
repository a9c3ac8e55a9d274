import t from 'tap'
import { build, NOON } from '../helper.ts'

t.test('a document has a chunk for each page when it has been parsed, and none before', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/mock-pages-2-invoice.pdf'], { auto_extract: true })
  const document = id.replace(/0(...)$/, '1$1')
  const url = `/extractions/documents/${document}/chunks`
  t.same((await rig.call('GET', url)).json(), [])
  rig.clock.advanceTo(NOON + 11_000)
  const chunks = (await rig.call('GET', url)).json()
  t.match(chunks, [{ document_id: document, chunk_index: 0, page_range: '1' }, { document_id: document, chunk_index: 1, page_range: '2' }])
  t.same(chunks[1].blocks[0], { block_id: 'doc:page:2:block:0', type: 'heading', content: 'mock-pages-2-invoice.pdf', page_ref: 'Page 2', meta: {} })

  rig.clock.advanceTo(NOON + 112_000)
  const { results: [{ audit_data: audit }] } = (await rig.call('GET', `/extractions/sessions/${id}`)).json()
  const cited = Object.values<any>(audit).flatMap(fields => Object.values<any>(fields).flatMap(({ sources }) => sources))
  t.equal(cited.length, 10)
  for (const { chunk_id: chunkId, text, page } of cited) {
    const chunk = chunks.find(({ id }: { id: string }) => id === chunkId)
    t.equal(chunk.chunk_index, page - 1)
    t.ok(chunk.blocks.some(({ type, content }: { type: string, content: string }) => type === 'paragraph' && content === text), `${text} stands on page ${page}`)
  }
})

t.test('what failed to parse has none, and what does not exist is not found', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/mock-parse-failed.pdf'])
  rig.clock.advanceTo(NOON + 20_000)
  t.same((await rig.call('GET', `/extractions/documents/${id.replace(/0(...)$/, '1$1')}/chunks`)).json(), [])
  t.equal((await rig.call('GET', `/extractions/documents/${id}/chunks`)).statusCode, 404)
})
