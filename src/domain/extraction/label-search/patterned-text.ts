import { NUMBER_WORDS } from './words.ts'

/** Texts that are known by their form. Each function returns undefined for a text that does not have, or does not begin with, one. */

/** Returns the only e-mail address in a text. */
export function emailIn (text: string): string | undefined {
  return onlyOne(text.match(/[^\s@<>(),;:]{1,64}@[^\s@<>(),;:]{1,250}\.[\p{L}\p{N}-]*[\p{L}\p{N}]/gu))
}

/** Returns the only web address in a text. */
export function websiteIn (text: string): string | undefined {
  return onlyOne(text.match(WEBSITE))
}

const ADDRESS = 'https?://[^\\s,;]+[^\\s,;.]'
const DOMAIN = '(?:[\\p{L}\\p{N}-]{1,63}\\.){1,5}[\\p{L}]{2,20}(?:/[^\\s,;]*)?'
const WEBSITE = new RegExp(`(?<![\\p{L}\\p{N}@.])(?:${ADDRESS}|${DOMAIN})(?![\\p{L}\\p{N}@])`, 'giu')

function onlyOne (texts: readonly string[] | null): string | undefined {
  return texts?.length === 1 ? texts[0] : undefined
}

/** Returns the telephone number that a text begins with: at least five digits, with all that is written between them. */
export function phoneAt (text: string): string | undefined {
  const [number = ''] = /^\+?[0-9(][0-9 ()/.\-–+]{3,40}/.exec(text) ?? []
  const whole = /[\p{L}]/u.test(text.charAt(number.length)) ? number.replace(/[^ ]*$/, '') : number
  const trimmed = whole.replace(/[^0-9)]+$/, '')
  return trimmed.replace(/[^0-9]/g, '').length >= 5 ? trimmed : undefined
}

/** Returns the IBAN that a text begins with, in groups of four or in one piece. Its check digits are not looked at. */
export function ibanAt (text: string): string | undefined {
  const [first = '', ...words] = text.split(' ')
  const [whole] = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}(?![\p{L}\p{N}])/u.exec(first) ?? []
  if (whole !== undefined) return whole
  if (!/^[A-Z]{2}[0-9]{2}$/.test(first)) return undefined
  const groups = [first]
  for (const word of words) {
    const group = word.replace(/[.,;]+$/, '')
    // Only the name of the bank, the first group of all, may have no digit.
    if (!/^[A-Z0-9]{1,4}$/.test(group) || (groups.length > 1 && !/[0-9]/.test(group))) break
    groups.push(group)
    if (group.length < 4 || group !== word) break
  }
  return groups.join('').length >= 15 ? groups.join(' ') : undefined
}

/** Returns the BIC that a text begins with. */
export function bicAt (text: string): string | undefined {
  return /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![\p{L}\p{N}])/u.exec(text)?.[0]
}

/**
 * Returns the code that a text begins with: words with a digit, at most two in capital letters before them, and what joins
 * them. Where a word follows that could belong to it, the end of the code is unknown, and it returns undefined.
 */
export function codeAt (text: string): string | undefined {
  const words = text.replace(NUMBER_SIGN, '').split(' ')
  const start = words.findIndex(isCodeWord)
  if (start < 0 || start > 2 || !words.slice(0, start).every(word => /^\p{Lu}{1,5}[.-]?$/u.test(word))) return undefined
  let end = start + 1
  while (isCodeWord(words[end]) || (isJoint(words[end]) && isCodeWord(words[end + 1]))) end++
  const [next, afterNext] = [words[end], words[end + 1]]
  if (next !== undefined && afterNext === undefined && /^\p{Lu}{1,2}$/u.test(next)) end++
  else if (end - start > 1 && next !== undefined && /^\p{Lu}\p{Ll}/u.test(next)) return undefined
  return words.slice(0, end).join(' ').replace(/[.,;:]+$/, '')
}

const NUMBER_SIGN = new RegExp(`^(?:(?:${NUMBER_WORDS.join('|')})(?:[.:]+ ?| )|(?:#|№|n[°º]) ?)`, 'iu')

/** A word with a digit that is neither a date, nor money, nor a rate, nor an address. */
function isCodeWord (word: string | undefined): boolean {
  return word !== undefined && /\p{N}/u.test(word) && !/[%@\p{Sc}]/u.test(word) && !DATE_OR_MONEY.test(word)
}

const DATE_OR_MONEY = new RegExp(`^(?:${[
  '[0-9]{1,2}([-/.])[0-9]{1,2}\\1(?:[0-9]{4}|[0-9]{2})',
  '[0-9]{4}([-/.])[0-9]{1,2}\\2[0-9]{1,2}',
  "[0-9]{1,3}(?:[.,'’]?[0-9]{3})*[.,][0-9]{2}"
].join('|')})[,;]?$`)

function isJoint (word: string | undefined): boolean {
  return word === '/' || word === '-' || word === '–'
}
