import t from 'tap'
import { known } from '../../src/domain/known.ts'

t.test('returns the value, empty ones included', async t => {
  const value = { id: 1 }
  t.equal(known(value, 'no value'), value)
  t.same(['', 0, false].map(empty => known(empty, 'no value')), ['', 0, false])
})

t.test('throws an error that names the impossible case', async t => {
  for (const absent of [undefined, null]) {
    t.throws(() => known(absent, 'a run that is not in its session'), new Error('Impossible: a run that is not in its session.'))
  }
})
