import t from 'tap'
import fc from 'fast-check'
import { pageOf } from '../../src/http/pagination.ts'
import { as, build, otherTemplate, type Rig } from '../helper.ts'

const URL = '/workspaces/2/extractions/templates'

async function page ({ app }: Rig, query = ''): Promise<[number, any]> {
  const reply = await app.inject({ url: `${URL}${query}`, headers: as('stranger') })
  return [reply.statusCode, reply.json()]
}

t.test('a page has fifteen items, oldest first, and the next page has the rest', async t => {
  const rig = await build(t)
  const meta = { current_page: 1, last_page: 1, per_page: 15, total: 0 }
  t.strictSame(await page(rig), [200, { data: [], meta }], 'an empty list has one page')
  const made: object[] = []
  const add = async (): Promise<void> => {
    made.push((await rig.app.inject({ method: 'POST', url: '/extractions/templates', headers: as('stranger'), payload: { name: `Nr. ${made.length}`, workspace_id: 2, schema_json: otherTemplate.schema } })).json())
  }
  while (made.length < 15) await add()
  t.strictSame(await page(rig), [200, { data: made, meta: { ...meta, total: 15 } }])
  t.strictSame(await page(rig, '?page=2'), [200, { data: [], meta: { ...meta, current_page: 2, total: 15 } }])
  await add()
  const full = { ...meta, last_page: 2, total: 16 }
  for (const first of ['', '?page=1', '?other=5', '?page=01', '?per_page=100']) t.strictSame(await page(rig, first), [200, { data: made.slice(0, 15), meta: full }], first)
  t.strictSame(await page(rig, '?page=2'), [200, { data: made.slice(15), meta: { ...full, current_page: 2 } }])
  for (const beyond of [3, 1_000_000]) t.strictSame(await page(rig, `?page=${beyond}`), [200, { data: [], meta: { ...full, current_page: beyond } }], 'a page after the last is empty')
})

t.test('rejects an invalid page', async t => {
  const rig = await build(t)
  const cases: Array<[fault: string, values: string[]]> = [
    ['must be an integer.', ['abc', '1.5', '1.0', '1e3', '0x2', 'true', 'null', '%2B1', '%201%202', '1&page=2', '%00', 'x'.repeat(5_000), '9'.repeat(400)]],
    ['must be at least 1.', ['0', '-0', '-1']],
    ['must not be greater than 1000000.', ['1000001', '99999999999999999999']]
  ]
  for (const [fault, values] of cases) {
    const message = `The page field ${fault}`
    for (const value of values) t.strictSame(await page(rig, `?page=${value}`), [422, { message, errors: { page: [message] } }], value.slice(0, 40))
  }
})

t.test('checks the membership before the page', async t => {
  const { call } = await build(t)
  t.equal((await call('GET', `${URL}?page=abc`)).statusCode, 404)
})

t.test('all pages together are the whole list, and each but the last is full', async () => {
  fc.assert(fc.property(fc.array(fc.nat(), { maxLength: 100 }), all => {
    const { meta: { last_page: last, total } } = pageOf(all, {})
    const pages = Array.from({ length: last }, (_, index) => pageOf(all, { page: index + 1 }))
    return total === all.length && JSON.stringify(pages.flatMap(({ data }) => data)) === JSON.stringify(all) &&
      pages.slice(0, -1).every(({ data }) => data.length === 15) && (all.length === 0 || pages.at(-1)?.data.length !== 0)
  }))
})
