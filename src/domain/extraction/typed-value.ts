import type { Field } from '../templates/schema.ts'
import { readDate } from './date-text.ts'
import { AMOUNTS, NUMBERS, WORD, wordsOf } from './names.ts'
import { readNumber, type Measure } from './number-text.ts'

/** What stands behind a label. */
export interface Candidate {
  /** Blanks are never more than one; a tab is a gap. */
  readonly text: string
  /** Whether nothing but a blank parts it from the label, or a new line: it could be the rest of a sentence, or the next label. */
  readonly isLoose: boolean
  /** Whether the label says so little that nothing else may stand there. */
  readonly isSole: boolean
}

/** What a text says as the value of a field; undefined for what does not fit. */
export function typedValue (candidate: Candidate, name: string, field: Field, items: Field | undefined): unknown {
  if (field.enum !== undefined) return choiceIn(candidate, field.enum)
  const read = READERS.get(field.type) ?? stringIn
  return read(candidate, wordsOf(name), items)
}

type ValueReader = (candidate: Candidate, name: readonly string[], items: Field | undefined) => unknown

const READERS: ReadonlyMap<string, ValueReader> = new Map<string, ValueReader>([
  ['number', amountIn],
  ['integer', (candidate, name) => {
    const value = amountIn(candidate, name)
    return Number.isInteger(value) ? value : undefined
  }],
  ['boolean', ({ text }) => TRUTHS.get(String(text.split(/[.,;\t]/, 1)[0]).trim().toLowerCase())],
  ['date', ({ text }) => readDate(text)],
  ['array', listIn],
  ['object', () => undefined]
])

const TRUTHS = new Map([
  ...['yes', 'true', 'x', '[x]', '✓', '✔', '☑', '☒'].map(text => [text, true] as const),
  ...['no', 'false', '[ ]', '☐'].map(text => [text, false] as const)
])

function amountIn ({ text, isSole }: Candidate, name: readonly string[]): number | undefined {
  const found = readNumber(text, measureOf(name))
  return isSole && found?.rest !== '' ? undefined : found?.value
}

function measureOf (name: readonly string[]): Measure {
  if (name.some(word => RATES.has(word))) return 'rate'
  return name.some(word => AMOUNTS.includes(word) || word === 'subtotal' || word === 'price') ? 'amount' : 'any'
}

const RATES = new Set(['rate', 'percent', 'percentage', 'pct'])

function stringIn (candidate: Candidate, name: readonly string[]): string | undefined {
  const { isLoose, isSole } = candidate
  const text = withoutRest(candidate)
  const last = String(name.at(-1))
  if (!/[\p{L}\p{N}]/u.test(text) || (isLoose && SMALL_WORD.test(text))) return undefined
  if (name.includes('date')) return readDate(text) ?? (isLoose ? undefined : text)
  if (CODES.has(last)) return codeIn(text, isLoose, isSole)
  if (AMOUNTS.includes(last)) return readNumber(text, 'any') === undefined ? undefined : text
  return isLoose && isSole ? undefined : text
}

/** A sentence goes on. */
const SMALL_WORD = /^\p{Ll}+(?: |$)/u

/** What comes before the next gap. */
function withoutRest ({ text }: Candidate): string {
  return String(text.split('\t', 1)[0]).trim()
}

/** What identifies something is a word with a digit in it, or several; behind a clear label it can be anything. */
function codeIn (text: string, isLoose: boolean, isSole: boolean): string | undefined {
  const words = text.split(' ')
  const first = words.findIndex(word => /\p{N}/u.test(word))
  if (first < 0) return isLoose || isSole ? undefined : text
  // The text goes on where words in small letters follow.
  const end = words.findIndex((word, index) => index > first && /\p{Ll}/u.test(word) && !/\p{N}/u.test(word))
  const code = words.slice(0, end < 0 ? words.length : end)
  return isSole && (code.length > 1 || code.length < words.length) ? undefined : code.join(' ')
}

const CODES = new Set([...NUMBERS, 'code', 'reference', 'ref', 'iban'])

/** The longest of the choices that a text contains, as whole words; if it could be a sentence, it must begin with it. */
function choiceIn (candidate: Candidate, choices: readonly unknown[]): unknown {
  const text = spaced(withoutRest(candidate).slice(0, MAX_CHOICE))
  const byFirstWord = choicesByFirstWord(choices)
  const fitting = [...new Set(text.split(' '))].flatMap(word => byFirstWord.get(word) ?? [])
    .filter(({ words }) => candidate.isLoose ? text.startsWith(words) : text.includes(words))
  return fitting.reduce((longest, other) => other.words.length > longest.words.length ? other : longest, NO_CHOICE).choice
}

/** Characters in which a choice must stand. */
const MAX_CHOICE = 100

interface Choice { readonly choice: unknown, readonly words: string }

const NO_CHOICE: Choice = { choice: undefined, words: '  ' }

/** The choices by their first words, worked out once for each list of them. */
function choicesByFirstWord (choices: readonly unknown[]): ReadonlyMap<string, readonly Choice[]> {
  const known = CHOICES.get(choices)
  if (known !== undefined) return known
  const byFirstWord = new Map<string, Choice[]>()
  for (const choice of choices) {
    const words = spaced(String(choice))
    const first = words.slice(1, words.indexOf(' ', 1))
    const alike = byFirstWord.get(first) ?? []
    byFirstWord.set(first, alike)
    alike.push({ choice, words })
  }
  CHOICES.set(choices, byFirstWord)
  return byFirstWord
}

const CHOICES = new WeakMap<readonly unknown[], ReadonlyMap<string, readonly Choice[]>>()

/** The words of a text in lower case, with a blank before and behind each. */
function spaced (text: string): string {
  return ` ${[...text.matchAll(WORD)].map(([word]) => word.toLowerCase()).join(' ')} `
}

/** Semicolons part the items, or else commas; those within numbers do not. */
function listIn (candidate: Candidate, name: readonly string[], items: Field = { type: 'string' }): unknown[] | undefined {
  if (items.type === 'array' || items.type === 'object') return undefined
  const text = withoutRest(candidate)
  const parts = text.split(text.includes(';') ? ';' : /,(?![0-9])/).map(part => part.trim()).filter(part => part !== '')
  const values = parts.slice(0, MAX_ITEMS).map(text => typedValue({ ...candidate, text }, name.join(' '), items, undefined))
  return values.length === 0 || values.includes(undefined) ? undefined : values
}

const MAX_ITEMS = 100
