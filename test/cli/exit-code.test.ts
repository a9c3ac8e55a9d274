import t from 'tap'
import { UsageError } from '../../src/config/usage-error.ts'
import { failureOf } from '../../src/cli/exit-code.ts'
import { StartError } from '../../src/start-error.ts'

t.test('an error that a user can mend is one line; an unexpected one is shown whole', async t => {
  t.same(failureOf(new UsageError('Unknown option.')), { exitCode: 2, message: 'Unknown option.' })
  t.same(failureOf(new StartError('Port 1 is in use.')), { exitCode: 1, message: 'Port 1 is in use.' })
  const unforeseen = new TypeError('no folder')
  t.strictSame(failureOf(unforeseen), { exitCode: 1, message: unforeseen })
})
