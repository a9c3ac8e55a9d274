import t from 'tap'
import { known } from '../../src/domain/known.ts'

t.test('returns the value, empty ones included', async t => {
  const value = { id: 1 }
  t.equal(known(value, 'there is a value'), value)
  t.same(['', 0, false].map(empty => known(empty, 'there is a value')), ['', 0, false])
})

t.test('throws an error that names the broken guarantee', async t => {
  for (const absent of [undefined, null]) {
    t.throws(() => known(absent, 'the run is in its session'), new Error('assertion failed: the run is in its session'))
  }
})
