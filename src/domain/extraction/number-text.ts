/** A number that a text begins with. */
interface Amount {
  readonly value: number
  readonly isPercentage: boolean
  /** What follows, without blanks at its beginning. */
  readonly rest: string
}

/** What a number is of: only a rate is told in per cent alone, and only an amount never is. */
export type Measure = 'amount' | 'rate' | 'any'

/**
 * The number that a text begins with, whatever the currency and however it is grouped: `8,800.00`, `8.800,00`, `1 234,56`,
 * `$1,234.50`, `EUR 99`, `(12.00)` and `12.00-` for less than nothing. What follows a percentage is an amount: `19 % 152.00`
 * is 152, as a rate 19. Undefined if the text begins otherwise, or with several numbers, so that nobody can tell which of
 * them is meant.
 */
export function readNumber (text: string, measure: Measure): Pick<Amount, 'value' | 'rest'> | undefined {
  const first = amountIn(text)
  if (first === undefined) return undefined
  const second = amountIn(first.rest)
  if (!first.isPercentage) return second === undefined ? first : undefined
  if (measure === 'rate') return first
  if (second === undefined) return measure === 'any' ? first : undefined
  return second.isPercentage || amountIn(second.rest) !== undefined ? undefined : second
}

/** Signs, a currency and a parenthesis in any place they are used in, around digits with what groups them. Blanks are never more than one. */
const AMOUNT = /^(\()? ?([-+−–])? ?([A-Z]{2,3}\$|[A-Z]{3}(?![A-Za-z])|\p{Sc})? ?([-+−–])? ?([0-9](?:[0-9.,'’]| (?=[0-9]{3}(?![0-9])))*)(-(?![0-9]))? ?(%|[A-Z]{3}(?![A-Za-z])|\p{Sc})? ?(\))?(?![\p{L}\p{N}/:-])[.,;\t ]*/u

function amountIn (text: string): Amount | undefined {
  const match = AMOUNT.exec(text)
  if (match === null) return undefined
  const [{ length }, opening, sign, before, innerSign, digits = '', minus, behind, closing] = match
  const size = sizeOf(digits)
  if (size === undefined || !isCurrency(before) || !(behind === '%' || isCurrency(behind)) || (opening === undefined) !== (closing === undefined)) return undefined
  const isNegative = opening !== undefined || isMinus(sign) || isMinus(innerSign) || (minus !== undefined && /[0-9]$/.test(digits))
  return { value: isNegative && size !== 0 ? -size : size, isPercentage: behind === '%', rest: text.slice(length) }
}

/** What groups of digits stand for: `8.800,00` is 8800. Undefined for what is no number, a date for one. */
function sizeOf (digits: string): number | undefined {
  const plain = digits.replace(/[.,]+$/, '')
  const form = FORMS.find(({ pattern }) => pattern.test(plain))
  const size = form === undefined ? NaN : Number(plain.replace(form.grouping, '').replace(',', '.'))
  // Beyond that digits are lost: it is the number of something, not a quantity.
  return size <= Number.MAX_SAFE_INTEGER ? size : undefined
}

/** Tried in this order: what can be read in two ways is read as it is written in English. */
const FORMS = [
  { pattern: /^[0-9]+(?:\.[0-9]+)?$/, grouping: '' },
  { pattern: /^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$/, grouping: /,/g },
  { pattern: /^[0-9]+,[0-9]+$/, grouping: '' },
  { pattern: /^[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?$/, grouping: /\./g },
  { pattern: /^[0-9]{1,3}(?:[ '’][0-9]{3})+(?:[.,][0-9]+)?$/, grouping: /[ '’]/g }
]

function isMinus (sign: string | undefined): boolean {
  return sign !== undefined && sign !== '+'
}

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

/** Three capital letters are not always a currency. */
function isCurrency (text: string | undefined): boolean {
  return text === undefined || text.length !== 3 || !/^[A-Z]{3}$/.test(text) || CURRENCIES.has(text)
}
