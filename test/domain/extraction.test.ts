import t from 'tap'
import fc from 'fast-check'
import { faker } from '@faker-js/faker/locale/en'
import type { Document, Template } from '../../src/domain/records.ts'
import { demoTemplate } from '../../src/demo.ts'
import { chunkIdOf, contentOf } from '../../src/domain/content.ts'
import { extract, titleOf } from '../../src/domain/extraction.ts'
import { configHashOf } from '../../src/domain/fingerprint.ts'
import { plausibleValue } from '../../src/domain/plausible.ts'
import { sessionWith } from './records.ts'

const { documents } = sessionWith()
const [document] = documents
const upload = { key: document.key, filename: null, contentType: 'application/pdf', size: 3, sha256: 'ab'.repeat(32), uploadedAt: 0 }

function templateWith (groups: Template['schema']['groups']): Template {
  return { ...demoTemplate, schema: { groups } }
}

t.test('every field of the template gets a value and an audit entry that names a chunk and a page', async t => {
  const { data, audit } = await extract('1', demoTemplate, documents)
  const shape = (groups: object): object => Object.fromEntries(Object.entries(groups).map(([group, fields]) => [group, Object.keys(fields)]))
  const wanted = Object.fromEntries(Object.entries(demoTemplate.schema.groups).map(([group, { fields }]) => [group, Object.keys(fields)]))
  t.same(shape(data), wanted)
  t.same(shape(audit), wanted)
  for (const [group, fields] of Object.entries(audit)) {
    for (const [field, { reasoning, sources: [source, ...others] }] of Object.entries(fields)) {
      t.equal(reasoning, 'Made up by raydocs-mock from the name and type of the field.')
      t.same(others, [])
      t.ok(source !== undefined && source.page >= 1 && source.page <= contentOf(document).pageCount)
      t.equal(source?.chunkId, chunkIdOf(document, source?.page ?? 0))
      t.equal(source?.text.split(': ').slice(1).join(': '), String(data[group]?.[field]))
    }
  }
})

t.test('the values depend on the seed, the template and the file alone', async t => {
  const values = async (seed: string, template: Template, document: Document): Promise<string> => JSON.stringify((await extract(seed, template, [document])).data)
  const first = await values('1', demoTemplate, document)
  t.equal(await values('1', demoTemplate, { ...document, id: 'another session', createdAt: 99 }), first)
  t.equal(await values('1', { ...demoTemplate, name: 'Renamed' }, document), first)
  t.not(await values('2', demoTemplate, document), first)
  t.not(await values('1', { ...demoTemplate, id: 'other' }, document), first)
  t.not(await values('1', demoTemplate, { ...document, key: 'tmp/other.pdf' }), first)
  t.equal(await values('1', demoTemplate, { ...document, upload }), await values('1', demoTemplate, { ...document, key: 'tmp/copy.pdf', upload }), 'the same bytes under another key')
})

t.test('a field keeps its value when others come and go', async t => {
  const few = await extract('1', templateWith({ g: { fields: { vendor_name: { type: 'string' } } } }), documents)
  const many = await extract('1', templateWith({ g: { fields: { total: { type: 'number' }, vendor_name: { type: 'string' } } } }), documents)
  t.equal(few.data['g']?.['vendor_name'], many.data['g']?.['vendor_name'])
})

t.test('a template may name its fields as it likes', async t => {
  const fields = JSON.parse('{"__proto__": {"type": "string"}, "constructor": {"type": "constructor"}, "": {"type": ""}}')
  const { data } = await extract('1', templateWith(JSON.parse(JSON.stringify({ g: { fields } }))), documents)
  t.same(Object.keys(data['g'] ?? {}), ['__proto__', 'constructor', ''])
})

t.test('without documents there is nothing to cite', async t => {
  const { audit } = await extract('1', templateWith({ g: { fields: { total: { type: 'number' } } } }), [])
  t.same(audit, { g: { total: { reasoning: 'Made up by raydocs-mock from the name and type of the field.', sources: [] } } })
})

t.test('values look like what the name and the type of the field promise', async t => {
  const patterns: Array<[name: string, type: string, looksLike: RegExp]> = [
    ['invoice_number', 'string', /^INV-20\d\d-\d{4}$/],
    ['date', 'string', /^202[34]-\d\d-\d\d$/],
    ['due_date', 'date', /^202[34]-\d\d-\d\d$/],
    ['signed_at', 'string', /^202[34]-\d\d-\d\d$/],
    ['purchase_order_number', 'string', /^PO-\d{5}$/],
    ['number', 'string', /^NO-\d{5}$/],
    ['vat_id', 'string', /^[A-Z]{2}\d{9}$/],
    ['iban', 'string', /^[A-Z]{2}\d\d\w+$/],
    ['bic', 'string', /^[A-Z]{6}\w+$/],
    ['email', 'string', /^\S+@\S+\.\S+$/],
    ['phone', 'string', /^\+\d+$/],
    ['currency', 'string', /^[A-Z]{3}$/],
    ['country', 'string', /\w/],
    ['city', 'string', /\w/],
    ['zip_code', 'string', /^\d{5}/],
    ['street', 'string', /\d/],
    ['vendor_address', 'string', /, /],
    ['website', 'string', /^https?:/],
    ['vendor_name', 'string', /\w/],
    ['first_name', 'string', /^\S+$/],
    ['last_name', 'string', /\w/],
    ['product', 'string', /\w/],
    ['contact_person', 'string', / /],
    ['job_title', 'string', /\w/],
    ['total_amount', 'string', /^\d+\.\d\d$/],
    ['payment_term', 'string', /^\d+ days$/],
    ['description', 'string', /\w/],
    ['whatever', 'string', /\w/],
    ['whatever', 'no such type', /\w/],
    ['total_amount', 'number', /^\d+(\.\d\d?)?$/],
    ['tax_rate', 'number', /^\d{1,2}(\.\d)?$/],
    ['quantity', 'number', /^\d{1,2}$/],
    ['year', 'number', /^20\d\d$/],
    ['total', 'integer', /^\d+$/],
    ['paid', 'boolean', /^(true|false)$/]
  ]
  for (const [name, type, looksLike] of patterns) {
    for (let seed = 0; seed < 20; seed++) {
      faker.seed(seed)
      const value = plausibleValue(faker, name, { type })
      t.match(String(value), looksLike, `${name}: ${type}`)
      t.equal(typeof value, type === 'number' || type === 'integer' ? 'number' : type === 'boolean' ? 'boolean' : 'string')
    }
  }
})

t.test('lists, objects and choices are filled by what they are made of', async t => {
  faker.seed(1)
  const items = plausibleValue(faker, 'line_items', {
    type: 'array',
    items: { type: 'object', properties: { description: { type: 'string' }, quantity: { type: 'integer' } } }
  }) as object[]
  t.ok(items.length >= 1 && items.length <= 3)
  for (const item of items) t.same(Object.keys(item), ['description', 'quantity'])
  t.same(plausibleValue(faker, 'anything', { type: 'object' }), {})
  t.type((plausibleValue(faker, 'emails', { type: 'array' }) as string[])[0], 'string')
  t.ok(['paid', 'open'].includes(plausibleValue(faker, 'state', { type: 'string', enum: ['paid', 'open'] }) as string))
  t.type(plausibleValue(faker, 'state', { type: 'string', enum: [] }), 'string')
})

t.test('any field of any name gets a value', async () => {
  const type = fc.constantFrom('string', 'number', 'integer', 'boolean', 'date', 'array', 'object', '')
  fc.assert(fc.property(fc.string(), type, (name, type) => plausibleValue(faker, name, { type }) !== undefined))
})

t.test('a title names the template and the files', async t => {
  t.equal(titleOf(demoTemplate, documents), 'Invoices - invoice.pdf')
})

t.test('the content of a document is that of its upload, or made up from its key', async t => {
  t.same(contentOf({ ...document, upload }), { mime: 'application/pdf', size: 3, sha256: 'ab'.repeat(32), pageCount: 3 })
  t.equal(contentOf({ ...document, upload: { ...upload, contentType: 'application/octet-stream', filename: 'a.png' } }).mime, 'image/png')
  const madeUp = contentOf(document)
  t.same(contentOf({ ...document, id: 'other' }), madeUp)
  t.match(madeUp, { mime: 'application/pdf', sha256: /^[0-9a-f]{64}$/ })
  t.ok(madeUp.size >= 20_000 && madeUp.size < 500_000)
})

t.test('config_hash changes with the schema, not with the order of its keys or the name of the template', async t => {
  const a = templateWith({ g: { search_query: 'x', fields: { total: { type: 'number' } } } })
  const b = templateWith({ g: { fields: { total: { type: 'number' } }, search_query: 'x' } })
  const c = templateWith({ g: { fields: { total: { type: 'string' } }, search_query: 'x' } })
  t.match(configHashOf(a), /^[0-9a-f]{64}$/)
  t.equal(configHashOf(a), configHashOf(a))
  t.equal(configHashOf(b), configHashOf({ ...a, name: 'Renamed' }))
  t.not(configHashOf(c), configHashOf(a))
})
