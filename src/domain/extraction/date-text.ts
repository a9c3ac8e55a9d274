/**
 * The date that a text begins with, as `2024-04-14`: `2024-04-14`, `14.04.2024`, `04/14/2024` (the month comes first, unless it
 * cannot), `14 April 2024`, `April 14, 2024`, with or without a day of the week. Undefined if the text begins otherwise, or with a
 * day that no calendar has.
 */
export function readDate (text: string): string | undefined {
  const rest = text.replace(WEEKDAY, '')
  for (const { pattern, order } of FORMS) {
    const match = pattern.exec(rest)
    if (match !== null) return dateOf(...order(match.slice(1)))
  }
  return undefined
}

const WEEKDAY = /^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[,.]? /i

const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?'

type Parts = readonly [year: string, month: string, day: string]

const FORMS: ReadonlyArray<{ readonly pattern: RegExp, order (groups: readonly string[]): Parts }> = [
  { pattern: /^([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])/, order: ([year = '', , month = '', day = '']) => [year, month, day] },
  { pattern: /^([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4}|[0-9]{2})(?![0-9])/, order: ([day = '', month = '', year = '']) => [year, month, day] },
  {
    pattern: /^([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9])/,
    order: ([first = '', , second = '', year = '']) => Number(first) > 12 ? [year, second, first] : [year, first, second]
  },
  { pattern: new RegExp(`^([0-9]{1,2})(?:st|nd|rd|th)?[-. ]{0,2}(?:of )?${MONTH}[-, ]{1,2}([0-9]{4})(?![0-9])`, 'i'), order: ([day = '', month = '', year = '']) => [year, month, day] },
  { pattern: new RegExp(`^${MONTH} ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})(?![0-9])`, 'i'), order: ([month = '', day = '', year = '']) => [year, month, day] }
]

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

function dateOf (year: string, month: string, day: string): string | undefined {
  const fullYear = year.length === 4 ? year : `${Number(year) < 70 ? 20 : 19}${year}`
  const named = MONTHS.indexOf(month.toLowerCase()) + 1
  const date = [fullYear, named === 0 ? month.padStart(2, '0') : String(named).padStart(2, '0'), day.padStart(2, '0')].join('-')
  const instant = Date.parse(`${date}T00:00:00Z`)
  // The 30th of February is taken for a day in March.
  return Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== date ? undefined : date
}
