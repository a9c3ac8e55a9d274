import t from 'tap'
import { helpText, readCommand } from '../../src/config/command-line.ts'
import { SETTING_NAMES } from '../../src/config/settings.ts'

t.test('the help text names every setting with its default', async t => {
  const help = helpText()
  for (const name of SETTING_NAMES) t.match(help, new RegExp(`^  --(\\[no-\\])?${name}\\b`, 'm'))
  t.match(help, /--port <number> .*\(4010\)/)
  t.ok(help.split('\n').every(line => line.length <= 170))
})

t.test('reads one command from the command line', async t => {
  const names = (...lines: string[][]): string[] => lines.map(args => readCommand(args).name)
  t.same(names([], ['readyz'], ['--print-config']), ['serve', 'readyz', 'print-config'])
  t.same(names(['--help'], ['-h'], ['readyz', '-h']), ['help', 'help', 'help'])
  t.same(names(['--version'], ['--version', '--print-config']), ['version', 'version'])
})

t.test('reads flags with and without a value', async t => {
  const { flags } = readCommand(['--seed', 'x', '--no-control', '--demo', '--config=x.yaml'])
  t.same(flags, { seed: 'x', control: false, demo: true, config: 'x.yaml' })
})
