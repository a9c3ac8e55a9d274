import t from 'tap'
import { parseFlags } from '../../src/config/parse-flags.ts'
import { UsageError } from '../../src/config/usage-error.ts'

const options = { port: { type: 'string', short: 'p' }, control: { type: 'boolean' }, 'control-token': { type: 'string' } } as const

function problemOf (args: string[], allowNegative = true): string {
  try {
    parseFlags({ args, options, allowNegative })
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  return 'none'
}

const ALLOWED = 'Allowed are --port --control --control-token.'

t.test('parses flags', async t => {
  const { values, positionals } = parseFlags({ args: ['-p', '1', '--control', 'x'], options, allowPositionals: true })
  t.same([{ ...values }, positionals], [{ port: '1', control: true }, ['x']])
})

t.test('suggests the flag that an unknown one resembles', async t => {
  t.equal(problemOf(['--prot', '1']), `Unknown option '--prot'. Did you mean --port? ${ALLOWED}`)
  t.equal(problemOf(['--ports=1']), `Unknown option '--ports'. Did you mean --port? ${ALLOWED}`)
  t.equal(problemOf(['--contol-token', 'x']), `Unknown option '--contol-token'. Did you mean --control-token? ${ALLOWED}`)
  t.equal(problemOf(['--no-cotrol']), `Unknown option '--no-cotrol'. Did you mean --no-control? ${ALLOWED}`)
  t.equal(problemOf(['--cotrol'], false), `Unknown option '--cotrol'. Did you mean --control? ${ALLOWED}`)
})

t.test('lists the allowed flags for any other problem', async t => {
  t.equal(problemOf(['--unrelated']), `Unknown option '--unrelated'. ${ALLOWED}`)
  t.equal(problemOf(['-x']), `Unknown option '-x'. ${ALLOWED}`)
  t.equal(problemOf(['--control=yes']), `Option '--control' does not take an argument. ${ALLOWED}`)
  t.equal(problemOf(['x']), `Unexpected argument 'x'. ${ALLOWED}`)
})
