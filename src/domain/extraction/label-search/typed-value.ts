import type { Field } from '../../templates/schema.ts'
import type { CandidateText } from './candidate-text.ts'
import { choiceIn } from './choice-text.ts'
import { readDate } from './date-text.ts'
import { measureOf, textKindOf } from './field-kind.ts'
import { readNumber } from './number-text.ts'
import { firstCell, textValue } from './text-value.ts'
import { nameWords } from './words.ts'

/** Returns the value that a text has for a field of this name, or undefined for a text that does not fit. */
export function typedValue (candidate: CandidateText, name: string, field: Field, items: Field | undefined): unknown {
  const read = READERS.get(field.type)
  if (candidate.separator === 'sentence' && (field.enum !== undefined || read !== undefined)) return undefined
  if (field.enum !== undefined) return choiceIn(firstCell(candidate.text), field.enum, candidate.separator === 'blank')
  return read === undefined ? textValue(candidate, textKindOf(nameWords(name))) : read(candidate, name, items)
}

type ValueReader = (candidate: CandidateText, name: string, items: Field | undefined) => unknown

const READERS: ReadonlyMap<string, ValueReader> = new Map<string, ValueReader>([
  ['number', numberValue],
  ['integer', (candidate, name) => {
    const value = numberValue(candidate, name)
    return Number.isInteger(value) ? value : undefined
  }],
  ['boolean', ({ text }) => TRUTHS.get(text.replace(/[.,;\t].*$/s, '').trim().toLowerCase())],
  ['date', ({ text, conventions }) => readDate(text, conventions.dateOrder(text))],
  ['array', listValue],
  ['object', () => undefined]
])

const TRUTHS = new Map([
  ...['yes', 'true', 'x', '[x]', '✓', '✔', '☑', '☒'].map(text => [text, true] as const),
  ...['no', 'false', '[ ]', '☐'].map(text => [text, false] as const)
])

function numberValue ({ text, isShort, conventions }: CandidateText, name: string): number | undefined {
  const number = readNumber(text, measureOf(nameWords(name)), conventions.decimalMark)
  return isShort && number?.rest !== '' ? undefined : number?.value
}

/** Semicolons separate the items, or else commas; those within numbers do not. */
function listValue (candidate: CandidateText, name: string, items: Field = { type: 'string' }): unknown[] | undefined {
  if (items.type === 'array' || items.type === 'object') return undefined
  const text = firstCell(candidate.text)
  const parts = text.split(text.includes(';') ? ';' : /,(?![0-9])/).map(part => part.trim()).filter(part => part !== '')
  const values = parts.slice(0, MAX_ITEMS).map(text => typedValue({ ...candidate, text }, name, items, undefined))
  return values.length === 0 || values.includes(undefined) ? undefined : values
}

const MAX_ITEMS = 100
