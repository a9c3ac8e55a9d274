import { WORD } from './words.ts'

/**
 * Returns the longest of the choices that a text contains, in whole words; a text that could be a sentence must begin with
 * it. Returns undefined if another choice is there as well, or the choice is denied.
 */
export function choiceIn (text: string, choices: readonly unknown[], mustBegin: boolean): unknown {
  const words = spaced(text.slice(0, MAX_CHOICE))
  const byFirstWord = choicesByFirstWord(choices)
  const fitting = [...new Set(words.split(' '))].flatMap(word => byFirstWord.get(word) ?? [])
    .filter(choice => mustBegin ? words.startsWith(choice.words) : words.includes(choice.words))
  const longest = fitting.reduce((longest, other) => other.words.length > longest.words.length ? other : longest, NO_CHOICE)
  const isAmbiguous = fitting.some(({ words }) => !longest.words.includes(words))
  return isAmbiguous || DENIAL.test(words.slice(0, words.indexOf(longest.words) + 1)) ? undefined : longest.choice
}

/** Characters in which a choice must be. */
const MAX_CHOICE = 100

const DENIAL = / (?:not|no|nicht|kein|keine|pas|non|niet|geen) $/

interface Choice { readonly choice: unknown, readonly words: string }

const NO_CHOICE: Choice = { choice: undefined, words: '  ' }

/** The choices by their first words, computed once for each list of them. */
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

/** The words of a text in lower case, with a blank before and after each. */
function spaced (text: string): string {
  return ` ${[...text.matchAll(WORD)].map(([word]) => word.toLowerCase()).join(' ')} `
}
