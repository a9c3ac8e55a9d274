import type { DateOrder } from './date-text.ts'
import type { DecimalMark } from './number-text.ts'

/** The way in which a document writes its dates and numbers. */
export interface Conventions {
  readonly decimalMark: DecimalMark
  /** The order of `05/11/2017` and `05-11-2017`, by separator. */
  dateOrder (text: string): DateOrder
}

/**
 * Returns the conventions that the text of a document shows. A date that can be read in one order only decides for all dates
 * with its separator, then one with the other separator. Else the month comes first, unless there is a decimal comma or a
 * currency of a country that writes the day first.
 */
export function conventionsOf (lines: Iterable<string>): Conventions {
  const decimals = { ',': 0, '.': 0 }
  let isDollar = true
  const orders = { '/': { day: 0, month: 0 }, '-': { day: 0, month: 0 } }
  for (const line of lines) {
    if (DAY_FIRST_CURRENCY.test(line)) isDollar = false
    for (const [, mark] of line.matchAll(DECIMALS)) decimals[mark as ',' | '.']++
    for (const [, first, separator, second] of line.matchAll(DATE)) {
      const order = orders[separator as '/' | '-']
      if (Number(first) > 12) order.day++
      else if (Number(second) > 12) order.month++
    }
  }
  const decimalMark = decimals[','] > decimals['.'] ? ',' : decimals['.'] > decimals[','] ? '.' : null
  return {
    decimalMark,
    dateOrder (text) {
      const own = text.includes('/') ? '/' : '-'
      for (const separator of [own, own === '/' ? '-' : '/'] as const) {
        const { day, month } = orders[separator]
        if (day !== month) return day > month ? 'day-first' : 'month-first'
      }
      return decimalMark === ',' || !isDollar ? 'day-first' : 'month-first'
    }
  }
}

const DAY_FIRST_CURRENCY = /[€£₹]|(?<![\p{L}\p{N}])(?:AUD|CHF|EUR|GBP|INR|NZD)(?![\p{L}\p{N}])/u

/** A number with two decimals. */
const DECIMALS = /(?<![0-9.,/-])[0-9]{1,3}(?:(?:[ '’.,][0-9]{3}){1,4}|[0-9]{0,12})([.,])[0-9]{2}(?![0-9.,/-])/g

const DATE = /(?<![0-9/-])([0-9]{1,2}) ?([-/]) ?([0-9]{1,2}) ?\2 ?(?:[0-9]{4}|[0-9]{2})(?![0-9/-])/g
