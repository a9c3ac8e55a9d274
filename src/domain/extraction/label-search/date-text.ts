/** Which part of a date such as `05/11/2017` comes first. */
export type DateOrder = 'day-first' | 'month-first'

/**
 * Returns the date that a text begins with, as `2024-04-14`. Reads `2024-04-14`, `14.04.2024`, `04/14/2024` (in the given
 * order, unless only the other one is possible), `14 April 2024` and `April 14, 2024` in any of the languages below, with or
 * without a day of the week. Returns undefined if the text begins otherwise, with a day that no calendar has, or with a period.
 */
export function readDate (text: string, order: DateOrder = 'month-first'): string | undefined {
  const rest = text.replace(WEEKDAY, '').replace(ARTICLE, '')
  for (const { pattern, partsOf } of FORMS) {
    const match = pattern.exec(rest)
    if (match === null) continue
    const date = dateOf(...partsOf(match.slice(1), order))
    return PERIOD.test(rest.slice(match[0].length)) ? undefined : date
  }
  return undefined
}

/** A dash or a word such as "to", and another number or date. */
const PERIOD = /^ ?(?:[-–—]|to|bis|au|al?|tot|t\/m) ?[0-9]{1,2}[-/. ]/i

const WEEKDAYS = [
  'mon|tue|wed|thu|fri|sat|sun', 'montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so',
  'lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche', 'maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag',
  'lunes|martes|miércoles|jueves|viernes|sábado|domingo', 'luned[iì]|marted[iì]|mercoled[iì]|gioved[iì]|venerd[iì]|sabato|domenica',
  'segunda|terça|quarta|quinta|sexta'
].join('|')

const WEEKDAY = new RegExp(`^(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)day|(?:${WEEKDAYS})(?:-feira)?)[,.]{0,2} `, 'iu')

/** "le 7 mai 2014", "den 7. Mai 2014". */
const ARTICLE = /^(?:le|the|den|der|el|il|on|am) /i

/**
 * The months from January on, in English, German, French, Dutch, Spanish, Italian, Portuguese, Swedish, Danish, Norwegian,
 * Polish, Czech, Romanian and Turkish.
 */
const MONTHS = [
  'january januar jänner janvier januari enero gennaio janeiro januari januar stycznia ledna ianuarie ocak',
  'february februar feber février februari febrero febbraio fevereiro februari februar lutego unora februarie subat',
  'march märz maerz mars maart mrt marzo março marts marca brezna martie mart',
  'april avril abril aprile kwietnia dubna aprilie nisan',
  'may mai mei mayo maggio maio maj maja kvetna mayis',
  'june juni juin junio giugno junho czerwca cervna iunie haziran',
  'july juli juillet julio luglio julho lipca cervence iulie temmuz',
  'august août augustus agosto augusti sierpnia srpna agustos',
  'september septembre septiembre setiembre settembre setembro września zari septembrie eylul',
  'october oktober octobre octubre ottobre outubro października rijna octombrie ekim',
  'november novembre noviembre novembro listopada listopadu noiembrie kasim',
  'december dezember décembre decembre diciembre dicembre dezembro grudnia prosince desember decembrie aralik'
].map(names => names.split(' ').map(withoutAccents))

const MONTH = '([\\p{L}\\p{M}]{3,12})'
const YEAR = '([0-9]{4}|(?<=[-/])[0-9]{2})(?![0-9])'

type Parts = readonly [year: string, month: string, day: string]

/** Each way to write a date, with the order of its groups. */
const FORMS: ReadonlyArray<{ readonly pattern: RegExp, partsOf (groups: readonly string[], order: DateOrder): Parts }> = [
  {
    pattern: /^([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])/,
    partsOf: ([year = '', , month = '', day = '']) => [year, month, day]
  },
  {
    pattern: /^([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4}|[0-9]{2})(?![0-9])/,
    partsOf: ([day = '', month = '', year = '']) => [year, month, day]
  },
  {
    pattern: /^([0-9]{1,2}) ?([-/]) ?([0-9]{1,2}) ?\2 ?([0-9]{4}|[0-9]{2})(?![0-9])/,
    partsOf: ([first = '', , second = '', year = ''], order) => {
      const isDayFirst = Number(first) > 12 || (order === 'day-first' && Number(second) <= 12)
      return isDayFirst ? [year, second, first] : [year, first, second]
    }
  },
  {
    pattern: new RegExp(
      `^([0-9]{1,2})(?:st|nd|rd|th|er|[º°ª])?[-./ ]{0,2}(?:(?:of|de) )?${MONTH}\\.?(?:[-/, ]{0,3}| (?:de|del) )${YEAR}`,
      'iu'
    ),
    partsOf: ([day = '', month = '', year = '']) => [year, monthNumber(month), day]
  },
  {
    pattern: new RegExp(`^${MONTH}\\.? ([0-9]{1,2})(?:st|nd|rd|th)? ?,? ?${YEAR}`, 'iu'),
    partsOf: ([month = '', day = '', year = '']) => [year, monthNumber(month), day]
  },
  {
    pattern: /^([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日/,
    partsOf: ([year = '', month = '', day = '']) => [year, month, day]
  }
]

/** The number of the only month whose name begins so in any language; empty if there is none, or several. */
function monthNumber (word: string): string {
  const plain = withoutAccents(word)
  const numbers = MONTHS.flatMap((names, index) => names.some(name => name.startsWith(plain)) ? [index + 1] : [])
  return numbers.length === 1 ? String(numbers[0]) : ''
}

function withoutAccents (text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace('ł', 'l').replace('ı', 'i')
}

function dateOf (year: string, month: string, day: string): string | undefined {
  const fullYear = year.length === 4 ? year : `${Number(year) < 70 ? 20 : 19}${year}`
  const date = [fullYear, month.padStart(2, '0'), day.padStart(2, '0')].join('-')
  const instant = Date.parse(`${date}T00:00:00Z`)
  // Date.parse takes 30 February for a day in March.
  return Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== date ? undefined : date
}
