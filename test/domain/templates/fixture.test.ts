import t from 'tap'
import fc from 'fast-check'
import type { ExtractionSchema } from '../../../src/domain/templates/schema.ts'
import { fixtureIssues } from '../../../src/domain/templates/fixture.ts'

const schema: ExtractionSchema = {
  definitions: { address: { type: 'object', properties: { city: { type: 'string' }, constructor: { type: 'number' } } } },
  groups: {
    g: {
      fields: {
        s: { type: 'string' },
        n: { type: 'number' },
        i: { type: 'integer' },
        b: { type: 'boolean' },
        d: { type: 'date' },
        e: { type: 'enum', enum: ['x', 'y', 7] },
        l: { type: 'array', items: { type: 'object', properties: { q: { type: 'integer' } } } },
        any: { type: 'array' },
        o: { $ref: '#/definitions/address' },
        odd: { type: 'odd', properties: { q: { type: 'integer' } } }
      }
    },
    companies: { fields: { list: { type: 'array', items: { $ref: '#/definitions/address' } } } },
    company: { config: { iterates_on: 'companies.list' }, fields: { name: { type: 'string' } } },
    empty: { fields: {} }
  }
}

function faultsOf (data: unknown): ReturnType<typeof fixtureIssues> {
  return fixtureIssues({ schema }, data as Parameters<typeof fixtureIssues>[1])
}

t.test('what fits the template has no faults', async t => {
  t.same(faultsOf({}), [])
  t.same(faultsOf({ g: { s: 'x', n: 1.5, i: 1, b: true, d: '2024-01-01', e: 'y', l: [{ q: 1 }, {}], any: [1, 'x'], o: {}, odd: [1] } }), [])
  t.same(faultsOf({ g: { s: null, e: 7, o: { city: 'Berlin', more: 1 }, odd: { q: 1 } } }), [])
  t.same(faultsOf({ g: { odd: 'x' }, companies: { list: [{ city: 'Berlin' }, null] }, company: [{ name: 'Acme' }, {}] }), [])
  t.same(faultsOf({ company: [] }), [])
})

t.test('every value that does not fit is named by its path', async t => {
  t.same(faultsOf({ g: { s: 1, n: '1', i: 1.5, b: 'yes', d: 5, e: 'z', l: [{ q: 'x' }, 5], any: {}, o: [], odd: { q: 'x' } } }), [
    ['g.s', 'must be a string.'],
    ['g.n', 'must be a number.'],
    ['g.i', 'must be an integer.'],
    ['g.b', 'must be true or false.'],
    ['g.d', 'must be a string.'],
    ['g.e', 'must be one of x, y, 7.'],
    ['g.l.0.q', 'must be an integer.'],
    ['g.l.1', 'must be an object.'],
    ['g.any', 'must be an array.'],
    ['g.o', 'must be an object.'],
    ['g.odd.q', 'must be an integer.']
  ])
  t.same(faultsOf({ g: { o: { city: 1 } }, companies: { list: [{ city: 2 }] } }), [
    ['g.o.city', 'must be a string.'],
    ['companies.list.0.city', 'must be a string.']
  ])
})

t.test('a group that runs over a list has a list of objects, and no other group has', async t => {
  t.same(faultsOf({ g: [{ s: 'x' }], companies: null, company: { name: 'Acme' } }), [
    ['g', 'must be an object.'],
    ['companies', 'must be an object.'],
    ['company', 'must be an array, with an object for each item of companies.list.']
  ])
  t.same(faultsOf({ company: [{ name: 1, more: 1 }, 'Acme', []] }), [
    ['company.0.name', 'must be a string.'],
    ['company.0.more', 'is no field of the group: it has name.'],
    ['company.1', 'must be an object.'],
    ['company.2', 'must be an object.']
  ])
})

t.test('what the template does not have is told, with what it has', async t => {
  t.same(faultsOf(JSON.parse('{ "h": { "x": 1 }, "__proto__": {}, "empty": { "constructor": 1 } }')), [
    ['h', 'is no group of the template: it has g, companies, company, empty.'],
    ['__proto__', 'is no group of the template: it has g, companies, company, empty.'],
    ['empty.constructor', 'is no field of the group: it has none.']
  ])
  const fields = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`f${index}`, { type: 'string' }]))
  t.same(fixtureIssues({ schema: { groups: { g: { fields } } } }, { g: { x: 1 } }), [
    ['g.x', `is no field of the group: it has ${Object.keys(fields).slice(0, 20).join(', ')}, 5 more.`]
  ])
})

t.test('anything at all either fits or has faults', async () => {
  const name = fc.constantFrom('g', 'company', 'companies', 'list', 's', 'o', 'e', 'l', '__proto__')
  fc.assert(fc.property(fc.dictionary(name, fc.oneof(fc.jsonValue(), fc.dictionary(name, fc.jsonValue()), fc.array(fc.dictionary(name, fc.jsonValue())))), data => Array.isArray(faultsOf(data))))
})
