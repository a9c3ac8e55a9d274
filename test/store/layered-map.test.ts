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

t.test('only values set since the last fork can be changed in place', async t => {
  const map = new LayeredMap([['a', [1]]])
  const fork = map.fork()
  t.same([map.own('a'), fork.own('a'), map.get('a')], [undefined, undefined, [1]])
  fork.set('a', [2])
  t.same([map.own('a'), fork.own('a')], [undefined, [2]])
})
