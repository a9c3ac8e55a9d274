import t from 'tap'
import fc from 'fast-check'
import { LayeredMap } from '../../src/store/layered-map.ts'

t.test('forks behave like separate maps, whatever the order of steps', async t => {
  const action = fc.record({ which: fc.nat({ max: 5 }), key: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.option(fc.nat({ max: 3 })) })
  fc.assert(fc.property(fc.array(action, { maxLength: 40 }), actions => {
    const sides = [{ layered: new LayeredMap<string, number>([['a', 7]]), plain: new Map([['a', 7]]) }]
    for (const { which, key, value } of actions) {
      const { layered, plain } = sides[which % sides.length] as typeof sides[0]
      // A null stands for a fork.
      if (value === null) sides.push({ layered: layered.fork(), plain: new Map(plain) })
      else {
        layered.set(key, value)
        plain.set(key, value)
      }
    }
    return sides.every(({ layered, plain }) =>
      JSON.stringify([...layered.entries()]) === JSON.stringify([...plain]) &&
      ['a', 'b', 'c', 'd'].every(key => layered.get(key) === plain.get(key) && layered.has(key) === plain.has(key)) &&
      layered.isEmpty === (plain.size === 0))
  }))
  t.pass('in whatever order')
})

t.test('a listing goes on over the entries that it began with when the map is forked and changed', async t => {
  for (const step of [0, 1, 2]) {
    const map = new LayeredMap([['a', 1], ['b', 2]])
    map.fork()
    map.set('c', 3)
    const seen: Array<[string, number]> = []
    for (const entry of map.entries()) {
      if (seen.push(entry) > step) {
        map.fork()
        map.set(`after ${step}`, 4)
      }
    }
    t.same(seen, [['a', 1], ['b', 2], ['c', 3]], `after entry ${step + 1}`)
  }
})

t.test('a map that was changed and forked many times still finds and lists all its entries', async t => {
  const keys = Array.from({ length: 10_000 }, (_, index) => `key ${index}`)
  const source = new LayeredMap<string, number>()
  const forks = keys.map((key, index) => {
    source.set(key, index)
    return source.fork()
  })
  let chained = new LayeredMap<string, number>()
  for (const [index, key] of keys.entries()) {
    chained.set(key, index)
    chained = chained.fork()
  }
  const entries = keys.map((key, index) => [key, index])
  for (const map of [source, chained]) {
    t.same([...map.entries()], entries)
    t.same([map.get('key 0'), map.get('key 9999'), map.get('none'), map.has('none')], [0, 9_999, undefined, false])
  }
  t.same([...forks[2]?.entries() ?? []], entries.slice(0, 3))
})

t.test('a null that was set hides the value of the layer below', async t => {
  const map = new LayeredMap<string, number | null>([['a', 1]])
  const fork = map.fork()
  fork.set('a', null)
  t.same([fork.get('a'), [...fork.entries()], map.get('a')], [null, [['a', null]], 1])
})
