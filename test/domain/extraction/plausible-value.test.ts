import t from 'tap'
import fc from 'fast-check'
import { faker } from '@faker-js/faker/locale/en'
import type { ExtractionSchema, FieldOrReference } from '../../../src/domain/templates/schema.ts'
import { plausibleValue } from '../../../src/domain/extraction/plausible-value.ts'

const bare: ExtractionSchema = { groups: {} }

/** The value that a seed gives. */
function madeWith (seed: number, name: string, field: FieldOrReference, schema = bare): unknown {
  faker.seed(seed)
  return plausibleValue(faker, schema, name, field)
}

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
      const value = madeWith(seed, name, { type })
      t.match(String(value), looksLike, `${name}: ${type}`)
      t.equal(typeof value, type === 'number' || type === 'integer' ? 'number' : type === 'boolean' ? 'boolean' : 'string')
    }
  }
})

t.test('lists, objects and choices are filled by what they are made of', async t => {
  t.same(madeWith(1, 'line_items', { type: 'array', items: { type: 'object', properties: { name: { type: 'string' }, quantity: { type: 'integer' } } } }), [
    { name: 'Eldred Bosco', quantity: 14 },
    { name: 'Ines Doyle Jr.', quantity: 27 }
  ])
  t.same(madeWith(1, 'anything', { type: 'object' }), {})
  t.type((madeWith(1, 'emails', { type: 'array' }) as string[])[0], 'string')
  t.ok(['paid', 'open'].includes(madeWith(1, 'state', { type: 'enum', enum: ['paid', 'open'] }) as string))
  t.equal(madeWith(1, 'state', { type: 'number', enum: [7] }), 7)
  t.type(madeWith(1, 'state', { type: 'string', enum: [] }), 'string')
})

t.test('a reference is filled as its definition is', async t => {
  const schema: ExtractionSchema = { definitions: { address: { type: 'object', properties: { city: { $ref: '#/definitions/city' } } }, city: { type: 'string' } }, groups: {} }
  const city = madeWith(1, 'city', { type: 'string' })
  t.same(madeWith(1, 'address', { $ref: '#/definitions/address' }, schema), { city })
  t.same(madeWith(1, 'place', { type: 'object', properties: { city: { $ref: '#/definitions/city' } } }, schema), { city })
})

t.test('lists in lists do not grow without end', async t => {
  const nested = Array.from({ length: 19 }).reduce<FieldOrReference>(items => ({ type: 'array', items }), { type: 'string' })
  for (let seed = 0; seed < 20; seed++) {
    const texts = [madeWith(seed, 'texts', nested)].flat(19)
    t.ok(texts.length >= 1 && texts.length <= 9)
  }
})

t.test('any field of any name gets a value', async () => {
  const type = fc.constantFrom('string', 'number', 'integer', 'boolean', 'date', 'array', 'object', 'enum', '')
  fc.assert(fc.property(fc.string(), type, (name, type) => plausibleValue(faker, bare, name, { type }) !== undefined))
})
