import { createConnection } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createTextExtractor } from '../../src/text-extraction/text-extractor.ts'
import { as, BATCH_URL, build, FULL, type Rig } from '../helper.ts'
import { deflateBombPdf, handWrittenPdf, invoicePdf, millionObjectPdf, sampleCompoundFile, sampleDocx, samplePdf, samplePng, samplePptx, sampleTiff, zipBombDocx, zipBombPptx } from '../samples.ts'
import { builtWorker } from '../text-extraction/built-worker.ts'
import { ask, form, get, idle, newSession, run, SESSIONS_URL, sessionOf, upload } from './files.ts'

const PDF = 'application/pdf'
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const PPTX = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'

interface Read { session: string, document: any, result: any, chunks: any[] }

/** Uploads a file, attaches it and runs an extraction. */
async function read (rig: Rig, bytes: string | Buffer, type: string, filename?: string): Promise<Read> {
  const { session, documents: [id] } = await sessionOf(rig, [await upload(rig, bytes, { type, ...filename === undefined ? {} : { filename } })])
  const result = await run(rig, session)
  await idle(rig)
  return { session, document: await get(rig, `/extractions/documents/${id}`), result: await get(rig, `/extractions/results/${result}`), chunks: await get(rig, `/extractions/documents/${id}/chunks`) }
}

/** The text of each page. */
function textsOf (chunks: any[]): string[] {
  return chunks.map(({ blocks }) => blocks.map(({ content }: { content: string }) => content).join('\n'))
}

/** Expects every citation of a result to be in the chunk, and on the page, that it names. */
function holdToChunks (t: Test, { audit_data: audit }: any, chunks: any[]): void {
  const cited = Object.values<any>(audit).flatMap(fields => Object.values<any>(fields).flatMap(({ sources }) => sources))
  for (const { chunk_id: id, text, page } of cited) {
    const chunk = chunks.find(chunk => chunk.id === id)
    t.ok(textsOf([chunk])[0]?.includes(text), `${text} is in its chunk`)
    t.equal(chunk.page_range, String(page))
  }
}

t.test('an uploaded invoice gives its values, with the places where they were found', async t => {
  const rig = await build(t)
  const key = await upload(rig, await invoicePdf(), { type: PDF, filename: 'invoice.pdf' })
  const [session = ''] = await rig.create([key], { auto_extract: true })
  await idle(rig)
  const { documents: [document], results: [result] } = await get(rig, `${SESSIONS_URL}/${session}`)
  t.match(document, { filename: 'invoice.pdf', mime: PDF, status: 'processed', meta: { page_count: 2 }, error: undefined })
  t.match(result.data, {
    invoice: { invoice_number: 'INV-2024-001', date: '2024-03-15', due_date: '2024-04-14' },
    vendor: { vendor_name: 'Acme Supplies GmbH' },
    amounts: { tax_amount: 1405.04, total_amount: 8800 }
  })
  const chunks = await get(rig, `/extractions/documents/${document.id}/chunks`)
  const [first, second] = chunks
  t.strictSame(result.audit_data.invoice.invoice_number, {
    reasoning: 'Found on page 1, behind the label "Invoice Number".',
    sources: [{ chunk_id: first.id, text: 'Invoice Number: INV-2024-001', page: 1 }]
  })
  t.strictSame(result.audit_data.amounts.total_amount, {
    reasoning: 'Found on page 2, behind the label "Total".',
    sources: [{ chunk_id: second.id, text: 'Total  8,800.00', page: 2 }]
  })
  t.strictSame(result.audit_data.invoice.currency.sources, [], 'a generated value has no sources')
  holdToChunks(t, result, chunks)
  t.strictSame(chunks, [
    {
      id: first.id,
      document_id: document.id,
      chunk_index: 0,
      blocks: [
        { block_id: 'doc:page:1:block:0', type: 'heading', content: 'Invoice', page_ref: 'Page 1', meta: {} },
        { block_id: 'doc:page:1:block:1', type: 'paragraph', content: 'Invoice Number: INV-2024-001\nDate: 2024-03-15\nDue Date: 14 April 2024\nVendor: Acme Supplies GmbH', page_ref: 'Page 1', meta: {} },
        { block_id: 'doc:page:1:block:2', type: 'paragraph', content: 'Thank you for your order. We deliver within two weeks, to the address that you gave us, and\nask you to pay the total by the date above.', page_ref: 'Page 1', meta: {} }
      ],
      page_range: '1'
    },
    {
      id: second.id,
      document_id: document.id,
      chunk_index: 1,
      blocks: [{ block_id: 'doc:page:2:block:0', type: 'paragraph', content: 'Items of this invoice\nPaper, 20 boxes  7,394.96\nVAT 19 %  1,405.04\nTotal  8,800.00', page_ref: 'Page 2', meta: {} }],
      page_range: '2'
    }
  ])
})

t.test('Word documents and presentations give their text', async t => {
  const rig = await build(t)
  const docx = await read(rig, await sampleDocx([{ heading: 'Invoice' }, 'Invoice Number: INV-9', { nextPage: 'Total Amount: 12.50' }]), DOCX, 'invoice.docx')
  t.match(docx.document, { mime: DOCX, status: 'processed' })
  t.match(docx.result.data, { invoice: { invoice_number: 'INV-9' }, amounts: { total_amount: 12.5 } })
  holdToChunks(t, docx.result, docx.chunks)
  t.equal(docx.document.meta.page_count, docx.chunks.length)

  const pptx = await read(rig, await samplePptx([{ title: 'Offer', lines: ['Vendor: Acme'] }, { title: 'Sums', lines: ['Subtotal: 7', 'Total Amount: 8'] }]), PPTX, 'offer.pptx')
  t.match(pptx.document, { mime: PPTX, status: 'processed', meta: { page_count: 2 } })
  t.match(pptx.result.data, { vendor: { vendor_name: 'Acme' }, amounts: { subtotal: 7, total_amount: 8 } })
  holdToChunks(t, pptx.result, pptx.chunks)
  t.strictSame(pptx.chunks.map(({ page_range: range, blocks: [{ type, content }] }) => [range, type, content]), [['1', 'heading', 'Offer'], ['2', 'heading', 'Sums']])
})

t.test('plain text gives its text, from a form too; bytes of an unknown type keep the declared type', async t => {
  const rig = await build(t)
  const text = await read(rig, 'Invoice Number: INV-3\n\nTotal Amount: 1.250,00 EUR\n', 'text/plain; charset=utf-8', 'note.txt')
  t.match([text.document, text.result.data], [{ mime: 'text/plain; charset=utf-8', status: 'processed', meta: { page_count: 1 } }, { invoice: { invoice_number: 'INV-3' } }])
  t.strictSame(textsOf(text.chunks), ['Invoice Number: INV-3\nTotal Amount: 1.250,00 EUR'])

  const { session } = await sessionOf(rig, ['tmp/other.pdf'])
  const { headers, payload } = form([{ name: 'file', filename: 'form.txt', type: 'text/plain', data: 'Invoice Number: INV-4' }])
  const { id } = (await rig.app.inject({ method: 'POST', url: `${SESSIONS_URL}/${session}/documents`, headers: { ...FULL, ...headers }, payload })).json()
  const result = await run(rig, session)
  await idle(rig)
  const chunks = await get(rig, `/extractions/documents/${id}/chunks`)
  t.strictSame((await get(rig, `/extractions/results/${result}`)).audit_data.invoice.invoice_number.sources, [{ chunk_id: chunks[0].id, text: 'Invoice Number: INV-4', page: 1 }])

  t.match((await read(rig, await samplePdf([['Invoice Number: INV-5']]), 'application/octet-stream')).document, { mime: PDF, status: 'processed', meta: { page_count: 1 } })
})

t.test('a scan has pages without text, and generated values that are in its chunks', async t => {
  const rig = await build(t)
  const { document, result, chunks } = await read(rig, sampleTiff(3), 'image/tiff', 'scan.tiff')
  t.match(document, { mime: 'image/tiff', status: 'processed', meta: { page_count: 3 } })
  t.strictSame(chunks.map(({ blocks: [{ type, content }] }) => [type, content]), Array(3).fill(['heading', 'scan.tiff']))
  t.match(result.audit_data.invoice.invoice_number, { reasoning: 'Made up by raydocs-mock from the name and type of the field.', sources: [{ text: `Invoice Number: ${result.data.invoice.invoice_number}` }] })
  holdToChunks(t, result, chunks)
})

t.test('a run over several documents finds each value in its document', async t => {
  const rig = await build(t)
  const { session, documents } = await sessionOf(rig, [await upload(rig, 'Invoice Number: INV-1'), await upload(rig, 'Total Amount: 5'), await upload(rig, samplePng(4, 4), { type: 'image/png' })])
  const id = await run(rig, session)
  await idle(rig)
  const { data, audit_data: audit } = await get(rig, `/extractions/results/${id}`)
  t.strictSame([data.invoice.invoice_number, data.amounts.total_amount], ['INV-1', 5])
  const chunksOf = await Promise.all(documents.map(async id => await get(rig, `/extractions/documents/${id}/chunks`)))
  t.strictSame([audit.invoice.invoice_number, audit.amounts.total_amount].map(({ sources: [source] }) => source.chunk_id), [chunksOf[0][0].id, chunksOf[1][0].id])
  holdToChunks(t, { audit_data: audit }, chunksOf.flat())
})

t.test('an unreadable file fails when it is parsed, with the reason on the document and on every run', async t => {
  const rig = await build(t)
  const pdf = await invoicePdf()
  const files: Array<[bytes: string | Buffer, type: string, reason: string]> = [
    [await samplePdf([['secret']], { password: 'open sesame' }), PDF, 'The PDF is encrypted: remove its password.'],
    [pdf.subarray(0, pdf.length / 2), PDF, 'The file is damaged: save it again and upload that. It was read as application/pdf.'],
    ['', PDF, 'The file is empty: upload it again.'],
    [samplePng(4, 4), PDF, 'The file says it is application/pdf, but its bytes are image/png: upload it with its real type.'],
    ['just text', PDF, 'The file says it is application/pdf, but it is not one: upload it with its real type.'],
    [pdf, 'image/png', 'The file says it is image/png, but its bytes are application/pdf: upload it with its real type.'],
    [sampleCompoundFile('EncryptedPackage'), DOCX, 'The file is encrypted: remove its password.']
  ]
  for (const [bytes, type, error] of files) {
    const { session } = await sessionOf(rig, [await upload(rig, bytes, { type })])
    t.match((await get(rig, `${SESSIONS_URL}/${session}`)).documents, [{ status: 'uploaded', error: undefined, mime: type, size: bytes.length }], 'the file is not parsed yet')
    const runs = [await run(rig, session), await run(rig, session)]
    await idle(rig)
    const { status, documents: [document] } = await get(rig, `${SESSIONS_URL}/${session}`)
    t.match([status, document], ['failed', { status: 'failed', error, parsings: [{ status: 'failed' }], meta: { page_count: null } }], error)
    for (const id of runs) t.match(await get(rig, `/extractions/results/${id}`), { status: 'failed', error, title: null, data: {}, audit_data: {}, completed_at: document.parsings[0].updated_at })
    t.strictSame(await get(rig, `/extractions/documents/${document.id}/chunks`), [])
    t.match(await ask(rig, 'POST', `${SESSIONS_URL}/${session}/results`), [201, { status: 'failed', error }], 'a later run fails at once')
  }
})

t.test('a batch of a good and a bad file: one completes, the other fails, and a reparse fails again', async t => {
  const rig = await build(t)
  const [good = '', bad = ''] = await rig.create([await upload(rig, handWrittenPdf('Invoice Number: INV-1'), { type: PDF }), await upload(rig, 'lie', { type: PDF })], { auto_extract: true })
  await idle(rig)
  t.match(await get(rig, `${SESSIONS_URL}/${good}`), { status: 'completed', results: [{ data: { invoice: { invoice_number: 'INV-1' } } }] })
  const { status, documents: [{ id, parsings: [{ config_hash: hash }] }] } = await get(rig, `${SESSIONS_URL}/${bad}`)
  t.equal(status, 'failed')
  t.equal((await ask(rig, 'POST', `/workspaces/1/documents/${id}/reparse`, { config_hash: hash }))[0], 202)
  await idle(rig)
  t.match(await get(rig, `/extractions/documents/${id}`), { status: 'failed', parsings: [{ status: 'failed' }, { status: 'failed' }] })
})

t.test('a script overrides the uploaded bytes', async t => {
  const rig = await build(t)
  await rig.control('PUT', '/namespaces/default/outcomes/all', { match: {}, attempts: { '*': { pages: 1 } } })
  const { document, result, chunks } = await read(rig, await invoicePdf(), PDF)
  t.strictSame([document.meta.page_count, chunks.length], [1, 1])
  t.strictSame(result.audit_data.amounts.total_amount.sources, [], 'values on removed pages are not found')
  holdToChunks(t, result, chunks)
})

t.test('without text extraction any bytes are accepted', async t => {
  const rig = await build(t, { maxSize: 1_000, extractor: null })
  t.match((await read(rig, 'no PDF at all', PDF)).document, { status: 'processed', mime: PDF, meta: { page_count: Number } })
})

t.test('a fork has the extracted text of earlier uploads', async t => {
  const rig = await build(t)
  const { document, chunks } = await read(rig, 'Invoice Number: INV-3', 'text/plain')
  await rig.control('POST', '/namespaces/default/fork', { as: 'copy' })
  await rig.control('POST', '/namespaces/default/reset')
  const reply = await rig.app.inject({ url: `/extractions/documents/${document.id}/chunks`, headers: { ...FULL, 'x-mock-namespace': 'copy' } })
  t.strictSame(reply.json(), chunks)
})

/** Serves the rig and uploads bytes over a connection. */
async function putOverTheWire (rig: Rig, origin: string, bytes: Buffer, type: string): Promise<string> {
  const { key, url, headers } = (await rig.call('POST', '/vapor/signed-storage-url', { content_type: type })).json()
  const { pathname, search } = new URL(url)
  const reply = await fetch(origin + pathname + search, { method: 'PUT', headers, body: new Uint8Array(bytes) })
  t.equal(reply.status, 200)
  return key
}

t.test('hostile files fail or stay within limits, and other requests are answered meanwhile', { timeout: 280_000 }, async t => {
  const reader = createTextExtractor({ timeout: 2_000, startWorker: await builtWorker(t) })
  t.teardown(async () => { await reader.close() })
  const rig = await build(t, { maxSize: 64 * 1024 * 1024, extractor: reader })
  const origin = await rig.app.listen({ port: 0, host: '127.0.0.1' })
  const files = [
    [zipBombDocx(), DOCX], [zipBombPptx(), PPTX], [deflateBombPdf(100_000_000), PDF], [millionObjectPdf(), PDF]
  ] as const
  const uploads = Promise.all(files.map(async ([bytes, type]) => await putOverTheWire(rig, origin, bytes, type)))
  const pending = Symbol('pending')
  let answered = 0
  while (await Promise.race([uploads, Promise.resolve(pending)]) === pending) {
    const reply = await fetch(`${origin}${SESSIONS_URL}/x`, { headers: as('full') })
    if ((await reply.text()) === '{"message":"Session not found."}') answered++
    await setTimeout(5)
  }
  t.ok(answered > 20, `${answered} requests were answered meanwhile`)
  const session = await newSession(rig)
  const [, { data }] = await ask(rig, 'POST', `${SESSIONS_URL}/${session}/documents/upload`, { keys: await uploads })
  await run(rig, session)
  await idle(rig)
  t.equal(data.length, files.length)
  for (const { id } of data) {
    const { status, error, meta } = await get(rig, `/extractions/documents/${id}`)
    if (status === 'failed') t.match(error, /^(?:The text of the file inflates to|Reading the document took) more than \d+ (?:MiB|s)\b.*: make it smaller\.$/)
    else t.strictSame([status, meta.page_count], ['parsed', 1])
  }
})

t.test('a slow upload does not block others, and nothing is extracted from one that breaks off', async t => {
  const rig = await build(t)
  const { hostname, port } = new URL(await rig.app.listen({ port: 0, host: '127.0.0.1' }))
  const { url, key } = (await rig.call('POST', '/vapor/signed-storage-url', { content_type: PDF })).json()
  const { pathname, search } = new URL(url)
  const socket = createConnection(Number(port), hostname)
  socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${PDF}\r\nContent-Length: 1000\r\n\r\n%PDF-`)
  t.match((await read(rig, 'Invoice Number: INV-1', 'text/plain')).document, { status: 'processed' })
  socket.destroy()
  t.match((await rig.call('POST', BATCH_URL, { files: [key] })).json(), [{ name: 'Pending...' }])
})
