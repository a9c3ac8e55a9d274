import { CURRENCY_CODES } from './currencies.ts'

/** A number at the beginning of a text. */
interface NumberText {
  readonly value: number
  readonly isPercentage: boolean
  /** True if a currency or decimals say that it is money. */
  readonly isMoney: boolean
  /** The text after it, without blanks at its beginning. */
  readonly rest: string
}

/** The decimal mark of a document; null if its numbers do not tell. */
export type DecimalMark = ',' | '.' | null

/** The kind of number that is looked for: a percentage is always a rate, never an amount, and can be any other number. */
export type Measure = 'amount' | 'rate' | 'any'

/**
 * Returns the number that a text begins with, in any currency and grouping: `8,800.00`, `8.800,00`, `1 234,56`, `$1,234.50`,
 * `EUR 99`; `(12.00)` and `12.00-` are negative. An amount after a percentage is the amount: `19 % 152.00` is 152, as a rate 19.
 * Returns undefined if the text begins otherwise, or with several numbers, any of which could be meant.
 */
export function readNumber (text: string, measure: Measure, mark: DecimalMark = null): Pick<NumberText, 'value' | 'rest'> | undefined {
  const first = numberAt(text, mark)
  if (first === undefined) return undefined
  const second = numberAt(first.rest, mark)
  if (!first.isPercentage) return second !== undefined || (measure === 'amount' && isCount(first)) ? undefined : first
  if (measure === 'rate') return first
  if (second === undefined) return measure === 'any' ? first : undefined
  return second.isPercentage || numberAt(second.rest, mark) !== undefined ? undefined : second
}

/** True if a text begins with money or a rate, marks before it aside: `** $0.00`, `15% on $ 112.90`. */
export function beginsWithMoney (text: string): boolean {
  const number = numberAt(text.replace(/^[^\p{L}\p{N}\p{Sc}(+−-]+/u, ''), null)
  return number !== undefined && (number.isPercentage || number.isMoney)
}

/** A whole number before a word counts things: `3 articles`. */
function isCount ({ isMoney, rest }: NumberText): boolean {
  return !isMoney && /^\p{L}/u.test(rest)
}

const CURRENCY = '[A-Z]{1,3}\\$|[A-Z]{3}(?:[ \\t]?\\p{Sc})?(?![A-Za-z])|\\p{Sc}|Rs\\.?|[Ee]uros?(?!\\p{L})|Fr\\.|kr\\.?|zł|Kč'

/** Signs, a currency and parentheses in every place in which they are used, around digits and their grouping. */
const NUMBER = new RegExp([
  '^(\\()?[ \\t]*([-+−–])?[ \\t]*(?:in |[@\\p{Ll}]{1,3} (?=[0-9.,]{1,5} ?%))?', `(${CURRENCY})?`, '[ \\t]*([-+−–])?[ \\t]*',
  '([0-9](?:[0-9.,\'’]| (?=[0-9]{3}(?![0-9])))*)', '([-–]{1,2}(?![0-9]))?',
  ` ?(%(?: ?:(?=[ \\t]))?|${CURRENCY})?`, ' ?(\\))?(?![\\p{L}\\p{N}/:-])[.,;*\\t ]*'
].join(''), 'u')

function numberAt (text: string, mark: DecimalMark): NumberText | undefined {
  const match = NUMBER.exec(text)
  if (match === null) return undefined
  const [{ length }, opening, sign, before, innerSign, digits = '', minus, behind, closing] = match
  const size = sizeOf(digits, mark)
  if (size === undefined || !isCurrency(before) || !isCurrency(behind) ||
    (opening === undefined) !== (closing === undefined)) {
    return undefined
  }
  const isNegative = opening !== undefined || isMinus(sign) || isMinus(innerSign) || (minus !== undefined && /[0-9]$/.test(digits))
  return {
    value: isNegative && size !== 0 ? -size : size,
    isPercentage: behind?.startsWith('%') === true,
    isMoney: before !== undefined || (behind !== undefined && !behind.startsWith('%')) || DECIMALS.test(digits),
    rest: text.slice(length)
  }
}

const DECIMALS = /[.,][0-9]{2}$/

/** Returns the number that grouped digits stand for: `8.800,00` is 8800. Returns undefined for other things, a date for one. */
function sizeOf (digits: string, mark: DecimalMark): number | undefined {
  const plain = digits.replace(/[.,]+$/, '')
  const forms = mark === ',' ? COMMA_FORMS : FORMS
  const form = forms.find(({ pattern }) => pattern.test(plain))
  const size = form === undefined ? NaN : Number(plain.replace(form.grouping, '').replace(',', '.'))
  // A larger number would lose digits: it identifies something and is no quantity.
  return size <= Number.MAX_SAFE_INTEGER ? size : undefined
}

const BLANK_GROUPS = { pattern: /^[0-9]{1,3}(?:[ '’][0-9]{3})+(?:[.,][0-9]+)?$/, grouping: /[ '’]/g }

/** Tried in this order: a text with two readings is read as English. */
const FORMS = [
  { pattern: /^[0-9]+(?:\.[0-9]+)?$/, grouping: '' },
  { pattern: /^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$/, grouping: /,/g },
  { pattern: /^[0-9]+,[0-9]+$/, grouping: '' },
  { pattern: /^[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?$/, grouping: /\./g },
  BLANK_GROUPS
]

/** The same where a comma is known to be the decimal mark. */
const COMMA_FORMS = [
  { pattern: /^[0-9]+(?:,[0-9]+)?$/, grouping: '' },
  { pattern: /^[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?$/, grouping: /\./g },
  ...FORMS.slice(0, 2),
  BLANK_GROUPS
]

function isMinus (sign: string | undefined): boolean {
  return sign !== undefined && sign !== '+'
}

/** Three capital letters are not always a currency. */
function isCurrency (text: string | undefined): boolean {
  const [code] = /^[A-Z]{3}(?!\$)/.exec(text ?? '') ?? []
  return code === undefined || CURRENCY_CODES.has(code)
}
