import t, { type Test } from 'tap'
import { build, NOON, TEMPLATE, type Rig } from '../helper.ts'
import { ask, get, idle, run, SESSIONS_URL, sessionOf, upload } from './files.ts'

t.test('a parsed document has one chunk per page, an unparsed one has none', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/mock-pages-2-invoice.pdf'], { auto_extract: true })
  const document = id.replace(/0(...)$/, '1$1')
  const url = `/extractions/documents/${document}/chunks`
  t.same((await rig.call('GET', url)).json(), [])
  await rig.clock.advanceTo(NOON + 11_000)
  const chunks = (await rig.call('GET', url)).json()
  t.match(chunks, [{ document_id: document, chunk_index: 0, page_range: '1' }, { document_id: document, chunk_index: 1, page_range: '2' }])
  t.same(chunks[1].blocks[0], { block_id: 'doc:page:2:block:0', type: 'heading', content: 'mock-pages-2-invoice.pdf', page_ref: 'Page 2', meta: {} })

  await rig.clock.advanceTo(NOON + 112_000)
  const { results: [{ audit_data: audit }] } = (await rig.call('GET', `/extractions/sessions/${id}`)).json()
  const cited = Object.values<any>(audit).flatMap(fields => Object.values<any>(fields).flatMap(({ sources }) => sources))
  t.equal(cited.length, 10)
  for (const { chunk_id: chunkId, text, page } of cited) {
    const chunk = chunks.find(({ id }: { id: string }) => id === chunkId)
    t.equal(chunk.chunk_index, page - 1)
    t.ok(chunk.blocks.some(({ type, content }: { type: string, content: string }) => type === 'paragraph' && content === text), `${text} is on page ${page}`)
  }
})

t.test('a failed document has no chunks, and an unknown one answers 404', async t => {
  const rig = await build(t)
  const [id = ''] = await rig.create(['tmp/mock-parse-failed.pdf'])
  await rig.clock.advanceTo(NOON + 20_000)
  t.same((await rig.call('GET', `/extractions/documents/${id.replace(/0(...)$/, '1$1')}/chunks`)).json(), [])
  t.equal((await rig.call('GET', `/extractions/documents/${id}/chunks`)).statusCode, 404)
})

/** Requests a run and expects its citations to be in the chunks of the document; returns the number of citations. */
async function citedOf (t: Test, rig: Rig, result: string, document: string): Promise<number> {
  await idle(rig)
  const { audit_data: audit } = await get(rig, `/extractions/results/${result}`)
  const chunks: any[] = await get(rig, `/extractions/documents/${document}/chunks`)
  const cited = Object.values<any>(audit).flatMap(fields => Object.values<any>(fields).flatMap(({ sources }) => sources))
    .map(({ chunk_id: id, text }) => ({ chunk: chunks.find(chunk => chunk.id === id), text })).filter(({ chunk }) => chunk !== undefined)
  for (const { chunk, text } of cited) t.ok(chunk.blocks.some(({ content }: { content: string }) => content === text), `${text} is in its chunk`)
  return cited.length
}

t.test('chunks contain the cited text, even after the session was deleted', async t => {
  const rig = await build(t)
  const { session, documents: [a = '', b = ''] } = await sessionOf(rig, ['tmp/a.pdf', 'tmp/b.pdf'])
  const [first, again] = [await run(rig, session), await run(rig, session)]
  const counts = [await citedOf(t, rig, first, a), await citedOf(t, rig, first, b)]
  t.equal(counts[0] as number + (counts[1] as number), 10)
  await ask(rig, 'DELETE', `${SESSIONS_URL}/${session}/documents/${b}`)
  const second = await run(rig, session)
  t.equal(await citedOf(t, rig, second, a), 10)
  await ask(rig, 'PUT', `/extractions/templates/${TEMPLATE}`, { schema_json: { groups: { other: { fields: { colour: { type: 'string' } } } } } })
  const third = await run(rig, session)
  t.equal(await citedOf(t, rig, third, a), 1)
  t.strictSame([await citedOf(t, rig, first, a), await citedOf(t, rig, again, b)], counts)
  await ask(rig, 'DELETE', `/extractions/documents/${b}`)
  t.equal(await citedOf(t, rig, second, a), 10)
})

t.test('chunks contain the text of a fixture', async t => {
  const rig = await build(t)
  await rig.control('PUT', '/namespaces/default/outcomes/given', { match: { template: TEMPLATE }, attempts: { 1: { data: { amounts: { total_amount: 8800 } } } } })
  const [session = ''] = await rig.create(['tmp/a.pdf'], { auto_extract: true })
  await idle(rig)
  const { documents: [document], results: [result] } = await get(rig, `${SESSIONS_URL}/${session}`)
  t.equal(await citedOf(t, rig, result.id, document.id), 1)
  t.equal(await citedOf(t, rig, await run(rig, session), document.id), 10)
})

t.test('a page beyond the extracted text has an empty chunk', async t => {
  const rig = await build(t)
  await rig.control('PUT', '/namespaces/default/outcomes/pages', { match: {}, attempts: { '*': { pages: 2 } } })
  const { session, documents: [id] } = await sessionOf(rig, [await upload(rig, 'Total: 5')])
  await run(rig, session)
  await idle(rig)
  t.match(await get(rig, `/extractions/documents/${id}/chunks`), [1, 2].map(page => ({
    blocks: page === 1 ? [{ content: 'Total: 5' }] : [], page_range: String(page), generated: undefined
  })))
})

t.test('a document without a session has chunks once it is parsed', async t => {
  const rig = await build(t)
  const [, { document: { id } }] = await ask(rig, 'POST', '/workspaces/1/documents', { key: 'tmp/mock-pages-2.pdf' })
  t.strictSame(await get(rig, `/extractions/documents/${id}/chunks`), [])
  await ask(rig, 'POST', `/workspaces/1/documents/${id}/reparse`, { config_hash: 'a'.repeat(64) })
  await idle(rig)
  const chunks = await get(rig, `/extractions/documents/${id}/chunks`)
  t.strictSame(chunks, [1, 2].map(page => ({
    id: chunks[page - 1].id,
    document_id: id,
    chunk_index: page - 1,
    blocks: [{ block_id: `doc:page:${page}:block:0`, type: 'heading', content: 'mock-pages-2.pdf', page_ref: `Page ${page}`, meta: {} }],
    page_range: String(page),
    generated: true
  })))
})
