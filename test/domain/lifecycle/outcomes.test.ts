import t from 'tap'
import fc from 'fast-check'
import type { Upload } from '../../../src/domain/files/upload.ts'
import { demoTemplate } from '../../../src/config/demo-data.ts'
import { FILENAME_DIRECTIVES, outcomeOfFilenames } from '../../../src/domain/lifecycle/filename-directives.ts'
import type { OutcomeRule } from '../../../src/domain/lifecycle/outcome.ts'
import { nameOfAttempts, outcomeOf, scripted, scriptFor } from '../../../src/domain/lifecycle/outcomes.ts'
import { uploadOf } from '../records.ts'

const upload = uploadOf({ filename: 'March.pdf' })

function ruleFor (match: OutcomeRule['match']): OutcomeRule {
  return { match, script: [{ from: 1, to: Infinity, outcome: { pages: 7 } }] }
}

t.test('a file asks by its name for what is to become of it', async t => {
  const asked = (name: string): object | undefined => outcomeOfFilenames([`tmp/abc123-${name}.pdf`])
  t.same(asked('mock-parse-failed'), { parseFailure: 'Parsing failed, as the file name requests (mock-parse-failed).' })
  t.same(asked('x-mock-extract-failed-x'), { extractFailure: 'The extraction failed, as the file name requests (mock-extract-failed).' })
  t.same(asked('mock-slow-30s'), { parseMs: 30_000, extractMs: 30_000 })
  t.same(asked('mock-slow-500ms'), { parseMs: 500, extractMs: 500 })
  t.same(asked('mock-stuck'), { extractMs: Infinity })
  t.same(asked('mock-pages-12'), { pages: 12 })
  t.same(asked('mock-name-late'), { lateName: true })
  t.same(asked('mock-pages-3-mock-name-late'), { pages: 3, lateName: true })
  t.same(asked('mock-slow-5y'), {}, 'a duration that is none')
  for (const name of ['invoice', 'mock-up', 'mock-pages-0', 'mock-pages-12345']) t.equal(asked(name), undefined, name)
  t.same(outcomeOfFilenames(['tmp/plain', 'mock-pages-2.pdf']), { pages: 2 }, 'the filename counts as the key does')
  for (const { name } of FILENAME_DIRECTIVES) t.not(outcomeOfFilenames([name]), undefined, 'each stands in the table by a name that works')
})

t.test('a rule matches if all that it names does', async t => {
  const matches = (match: OutcomeRule['match'], to: Upload | null = upload): boolean => {
    return scriptFor(new Map([['r', ruleFor(match)]]), demoTemplate.id, 'tmp/abc123-invoice1.pdf', to) !== undefined
  }
  t.ok(matches({}))
  t.ok(matches({ template: demoTemplate.id, sha256: upload.sha256, file: '*' }))
  t.notOk(matches({ template: 'other' }))
  t.notOk(matches({ sha256: 'b'.repeat(64) }))
  t.notOk(matches({ sha256: upload.sha256 }, null))
  for (const file of ['tmp/abc123-invoice1.pdf', 'tmp/*', '*invoice*', '*.pdf', 'tmp/*-*.pdf', 'March.pdf', 'M*h.pdf', '**']) t.ok(matches({ file }), file)
  for (const file of ['invoice1.pdf', 'tmp/*.png', '*x*', 'April*', 'tmp', '', '*c*b*', 'tmp/abc123-invoice1.pdf*f']) t.notOk(matches({ file }), file)
  t.ok(matches({ file: 'invoice1.pdf' }, null), 'the name that the key tells')
  const called = (filename: string): unknown => scriptFor(new Map([['r', ruleFor({ file: 'April.pdf' })]]), demoTemplate.id, 'tmp/abc123-invoice1.pdf', upload, filename)
  t.same(called('April.pdf'), ruleFor({}).script, 'what it is called goes over the name that it was uploaded with')
  t.equal(called('May.pdf'), undefined)
})

t.test('a pattern matches whatever text stands for its stars', async () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '.') })
  fc.assert(fc.property(fc.array(part, { minLength: 1 }), part, (parts, filler) => {
    const rule = ruleFor({ file: parts.join('*') })
    return scriptFor(new Map([['r', rule]]), demoTemplate.id, parts.join(filler), null) === rule.script
  }))
})

t.test('the first rule that matches counts, and any rule goes over the name', async t => {
  const script = (...rules: Array<[string, OutcomeRule]>): unknown => scriptFor(new Map(rules), demoTemplate.id, 'tmp/mock-stuck', null)
  t.same(script(), [{ from: 1, to: Infinity, outcome: { extractMs: Infinity } }])
  const second: [string, OutcomeRule] = ['two', { match: {}, script: [] }]
  t.same(script(['one', ruleFor({ file: 'tmp/mock-*' })], second), ruleFor({}).script)
  t.same(script(['one', ruleFor({ file: 'tmp/other-*' })], second), [])
  t.same(script(second, ['one', ruleFor({})]), [])
})

t.test('an attempt has the outcome that it falls under, or goes as usual', async t => {
  const script = [{ from: 1, to: 1, outcome: { pages: 1 } }, { from: 2, to: 3, outcome: { pages: 2 } }]
  t.same([1, 2, 3, 4].map(attempt => outcomeOf(script, attempt)), [{ pages: 1 }, { pages: 2 }, { pages: 2 }, {}])
  t.same(outcomeOf(undefined, 1), {})
  t.same(scripted([['a', script], ['b', undefined]]), new Map([['a', script]]))
  t.equal(scripted([['a', undefined]]), scripted([]), 'nothing is kept once')
  t.same([...script, { from: 4, to: Infinity }].map(nameOfAttempts), ['1', '2-3', '*'])
})
