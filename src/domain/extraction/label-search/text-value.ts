import type { CandidateText } from './candidate-text.ts'
import { CURRENCY_CODES } from './currencies.ts'
import { readDate } from './date-text.ts'
import type { TextKind } from './field-kind.ts'
import { beginsWithMoney, readNumber } from './number-text.ts'
import { bicAt, codeAt, emailIn, ibanAt, phoneAt, websiteIn } from './patterned-text.ts'

/** Returns the value of a field of type string, or undefined for a text that is none. */
export function textValue (candidate: CandidateText, kind: TextKind): string | undefined {
  const text = firstCell(candidate.text)
  const value = /[\p{L}\p{N}]/u.test(text) && !PLACEHOLDER.test(text) ? READERS[kind](text, candidate) : undefined
  return candidate.separator !== 'sentence' || EVIDENT[kind]?.test(String(value)) === true ? value : undefined
}

/** The forms of values that cannot be words of a sentence. */
const EVIDENT: Readonly<Partial<Record<TextKind, RegExp>>> = {
  email: /@/,
  iban: /^[A-Z]/,
  bic: /^[A-Z]/,
  phone: /^[+(0]/,
  code: /(?:[0-9][^0-9]*){5}/
}

/** The text up to the next gap. */
export function firstCell (text: string): string {
  return text.replace(/\t.*$/s, '').trim()
}

const PLACEHOLDER = /^n\/?a\.?$/i

type TextReader = (text: string, candidate: CandidateText) => string | undefined

const READERS: Readonly<Record<TextKind, TextReader>> = {
  email: emailIn,
  phone: phoneAt,
  iban: ibanAt,
  bic: bicAt,
  website: websiteIn,
  currency: text => currencyAt(text),
  date: (text, candidate) => {
    const date = readDate(text, candidate.conventions.dateOrder(text))
    return date ?? (candidate.separator === 'colon' && !/[0-9]/.test(text) ? freeText(text, candidate) : undefined)
  },
  code: codeValue,
  money: (text, { conventions }) => {
    const number = readNumber(text, 'any', conventions.decimalMark)
    // What a rate is a part of is not the amount: `13.5 % on 137.40`.
    return number === undefined || /%.*\p{N}/u.test(text) ? undefined : text
  },
  // After a comma, a number is that of a street.
  name: (text, candidate) => /\p{L}/u.test(text) && !/,.*\p{N}/u.test(text) ? freeText(text, candidate) : undefined,
  text: freeText
}

function currencyAt (text: string): string | undefined {
  const [word = ''] = text.split(/[ .,;)]/, 1)
  return CURRENCY_CODES.has(word) || /^\p{Sc}$/u.test(word) ? word : /^\p{Lu}\p{L}+$/u.test(text) ? text : undefined
}

/** An identifier is a code; after a colon it can be any short text. */
function codeValue (text: string, { separator, isShort }: CandidateText): string | undefined {
  const code = codeAt(text)
  if (code !== undefined) return isShort && code !== text ? undefined : code
  if (separator !== 'colon' || isShort || /[0-9]/.test(text)) return undefined
  return text.split(' ').length <= 3 ? text : undefined
}

/** Free text needs a colon, a gap or a line of its own; after a blank only a code, or a date, is a value. */
function freeText (text: string, { separator, isShort }: CandidateText): string | undefined {
  if (beginsWithMoney(text) || endsInLabel(text)) return undefined
  if (separator !== 'blank') return isShort && separator !== 'colon' ? undefined : text
  return codeAt(text) === text && text.split(' ').every(word => !/\p{Ll}{2}/u.test(word)) ? text : undefined
}

/** A colon within the text is that of another label: the end of the value is unknown. */
function endsInLabel (text: string): boolean {
  return /\p{L}[.)]? ?:(?: |$)/u.test(text)
}
