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

function issuesOf (data: unknown): ReturnType<typeof fixtureIssues> {
  return fixtureIssues({ schema }, data as Parameters<typeof fixtureIssues>[1])
}

t.test('data that fits the template has no issues', async t => {
  t.same(issuesOf({}), [])
  t.same(issuesOf({ g: { s: 'x', n: 1.5, i: 1, b: true, d: '2024-01-01', e: 'y', l: [{ q: 1 }, {}], any: [1, 'x'], o: {}, odd: [1] } }), [])
  t.same(issuesOf({ g: { s: null, e: 7, o: { city: 'Berlin', more: 1 }, odd: { q: 1 } } }), [])
  t.same(issuesOf({ g: { odd: 'x' }, companies: { list: [{ city: 'Berlin' }, null] }, company: [{ name: 'Acme' }, {}] }), [])
  t.same(issuesOf({ company: [] }), [])
})

t.test('names every value that does not fit by its path', async t => {
  t.same(issuesOf({ g: { s: 1, n: '1', i: 1.5, b: 'yes', d: 5, e: 'z', l: [{ q: 'x' }, 5], any: {}, o: [], odd: { q: 'x' } } }), [
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
  t.same(issuesOf({ g: { o: { city: 1 } }, companies: { list: [{ city: 2 }] } }), [
    ['g.o.city', 'must be a string.'],
    ['companies.list.0.city', 'must be a string.']
  ])
})

t.test('an iterated group is a list of objects, any other group is an object', async t => {
  t.same(issuesOf({ g: [{ s: 'x' }], companies: null, company: { name: 'Acme' } }), [
    ['g', 'must be an object.'],
    ['companies', 'must be an object.'],
    ['company', 'must be an array, with an object for each item of companies.list.']
  ])
  t.same(issuesOf({ company: [{ name: 1, more: 1 }, 'Acme', []] }), [
    ['company.0.name', 'must be a string.'],
    ['company.0.more', 'is not a field of the group: use one of name.'],
    ['company.1', 'must be an object.'],
    ['company.2', 'must be an object.']
  ])
})

t.test('names unknown groups and fields, and the known ones', async t => {
  t.same(issuesOf(JSON.parse('{ "h": { "x": 1 }, "__proto__": {}, "empty": { "constructor": 1 } }')), [
    ['h', 'is not a group of the template: use one of g, companies, company, empty.'],
    ['__proto__', 'is not a group of the template: use one of g, companies, company, empty.'],
    ['empty.constructor', 'is not a field of the group: there are none.']
  ])
  const fields = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`f${index}`, { type: 'string' }]))
  t.same(fixtureIssues({ schema: { groups: { g: { fields } } } }, { g: { x: 1 } }), [
    ['g.x', `is not a field of the group: use one of ${Object.keys(fields).slice(0, 20).join(', ')}, 5 more.`]
  ])
})

t.test('any data fits or has issues', async () => {
  const name = fc.constantFrom('g', 'company', 'companies', 'list', 's', 'o', 'e', 'l', '__proto__')
  const fields = fc.dictionary(name, fc.jsonValue())
  const groups = fc.dictionary(name, fc.oneof(fc.jsonValue(), fields, fc.array(fields)))
  fc.assert(fc.property(groups, data => Array.isArray(issuesOf(data))))
})
