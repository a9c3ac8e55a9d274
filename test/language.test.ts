import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'

/** This file, and what a version before this one wrote. */
const NOT_SEARCHED = new Set(['test/language.test.ts', 'test/control/saved-state-v1.json', 'test/control/saved-state-v1-replies.json'])

/** Phrases that the code base avoids; a space also matches a line break within a comment. */
const BANNED_PHRASES = [
  'whoever',
  'somebody',
  'nobody',
  'of its own accord',
  'is to be',
  'are to be',
  'goes with all',
  'comes into being',
  'what is none',
  'who is one',
  'that which'
]

/** Question words that no docstring begins with. */
const BANNED_OPENINGS = ['What', 'Whether', 'How', 'Who', 'Where', 'When']

/** Literals of the Raydocs API that contain a banned phrase; none so far. */
const QUOTED: readonly string[] = []

const SPACE = String.raw`(?:\s+(?:(?:\*|//)\s+)?)`
const PHRASE = new RegExp(`\\b(?:${BANNED_PHRASES.map(phrase => phrase.replaceAll(' ', SPACE)).join('|')})\\b`, 'gi')
const DOCSTRING = new RegExp(String.raw`/\*\*\s+(?:\*\s+)?(?:${BANNED_OPENINGS.join('|')})\b`, 'g')

/** Returns every banned phrase and opening in a text as `line: match`, in the order of the lines. */
function hitsIn (text: string): string[] {
  // Replaced by as many spaces, so that the line numbers stay.
  const own = QUOTED.reduce((rest, literal) => rest.replaceAll(literal, ' '.repeat(literal.length)), text)
  return [...own.matchAll(PHRASE), ...own.matchAll(DOCSTRING)]
    .sort((a, b) => a.index - b.index)
    .map(({ index, 0: match }) => `${own.slice(0, index).split('\n').length}: ${match.replaceAll(/\s+(?:(?:\*|\/\/)\s+)?/g, ' ')}`)
}

t.test('the search finds phrases in any case and across lines, and openings of docstrings only', async t => {
  t.same(hitsIn('Nobody.\n/**\n * Whatever that is\n * to be.\n */'), ['1: Nobody', '3: is to be'])
  t.same(hitsIn('// It is\n// to be.'), ['1: is to be'])
  t.same(hitsIn('/** Whether it is. */\n\n/**\n * How it is.\n */'), ['1: /** Whether', '3: /** How'])
  t.same(hitsIn('// What for?\n/** However. */ whoevers, this to be'), [])
})

t.test('the code base avoids the banned phrases', async t => {
  const root = new URL('../', import.meta.url)
  const tracked = execFileSync('git', ['ls-files', '-z', 'src', 'test', 'openapi', 'README.md', 'CHANGELOG.md'], { cwd: root, encoding: 'utf8' })
  const files = tracked.split('\0').filter(file => file !== '' && !NOT_SEARCHED.has(file))
  for (const file of ['README.md', 'src/app.ts', 'openapi/divergences.ts']) t.ok(files.includes(file), `searches ${file}`)
  t.same(files.flatMap(file => hitsIn(readFileSync(new URL(file, root), 'utf8')).map(hit => `${file}:${hit}`)), [])
})
