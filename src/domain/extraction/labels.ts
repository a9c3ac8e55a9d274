import type { Field } from '../templates/schema.ts'
import { AMOUNTS, namesOf, NUMBERS, wordsOf } from './names.ts'

/** What could be printed before a value. */
export interface Label {
  readonly words: readonly string[]
  readonly kind: typeof EXACT | typeof LIKELY | typeof SHORT
}

/** The very name of the field, alone or after that of what it lies in. */
export const EXACT = 0

/** What it could be called as well, or what its prompts say. */
export const LIKELY = 1

/** Less than its name: such a label is only good if nothing better is there. */
export const SHORT = 2

/** How many labels a field goes by at most. */
const MAX_LABELS = 30

const MAX_WORDS = 6

/**
 * The labels that a field goes by, each once, best kind first. `path` is made of the names of its group, of the fields that
 * it lies in, and its own.
 */
export function labelsOf (path: readonly string[], field: Field): Label[] {
  const [context = [], name = []] = path.slice(-2).map(wordsOf)
  const full = context.every((word, index) => name[index] === word) ? name : [...context, ...name]
  const isAmount = name.length === 1 && AMOUNTS.includes(String(name[0]))
  const others = namesOf(name)
  const kinds: ReadonlyArray<readonly [Label['kind'], string[][]]> = [
    [EXACT, [name, ...full === name ? [] : [full]]],
    [LIKELY, [...isAmount ? [] : others, ...full === name ? [] : namesOf(full), ...phrasesOf(field)]],
    [SHORT, [...isAmount ? others : [], ...shortened(name)]]
  ]
  const labels = new Map<string, Label>()
  for (const [kind, lists] of kinds) {
    for (const words of lists) {
      const key = words.join(' ')
      if (key !== '' && words.length <= MAX_WORDS && !labels.has(key) && labels.size < MAX_LABELS) labels.set(key, { words, kind })
    }
  }
  return [...labels.values()]
}

/** A name without what says little: `total_amount` is a total, `vendor_name` a vendor, `invoice_number` one of an invoice. */
function shortened (name: readonly string[]): string[][] {
  const [first = '', last = ''] = name
  if (name.length !== 2) return []
  const isOfPaper = PAPERS.has(first)
  if (NUMBERS.includes(last)) return isOfPaper ? [[first], ...namesOf([last])] : []
  if (AMOUNTS.includes(last)) return isOfPaper || WHOLE.has(first) ? [['total']] : namesOf([first])
  if (last === 'date' && isOfPaper) return [[last]]
  return ['name', 'date', 'value'].includes(last) ? namesOf([first]) : []
}

/** What a document can be. */
const PAPERS = new Set(['invoice', 'receipt', 'order', 'bill', 'document', 'contract', 'statement', 'quote'])

const WHOLE = new Set([...AMOUNTS, 'grand', 'overall', 'final'])

/** What the prompts of a field quote, and what they begin with if they name a thing: "The grand total, tax included." */
function phrasesOf ({ extraction_prompt: prompt, description }: Field): string[][] {
  return [prompt, description].flatMap(text => {
    if (text === undefined) return []
    const start = text.slice(0, MAX_PROMPT)
    const quoted = start.match(QUOTED) ?? []
    const [beginning = ''] = start.split(/[.,;:!?()"“„«\n]/)
    const words = wordsOf(beginning)
    const thing = words.slice(words.findIndex(word => !FILLERS.has(word)))
    const end = thing.findIndex(word => PREPOSITIONS.has(word))
    return [...quoted.map(wordsOf), thing, thing.slice(0, end < 2 ? 0 : end)]
  })
}

const MAX_PROMPT = 500

const QUOTED = /["“„«][^"“”„«»]{1,60}["”“»]|(?<![\p{L}\p{N}])['‘`][^'‘’`]{1,60}['’`]/gu

const FILLERS = new Set([
  'a', 'an', 'the', 'this', 'its', 'what', 'which', 'is', 'are', 'was', 'please', 'me', 'us',
  'extract', 'find', 'get', 'return', 'give', 'read', 'identify', 'determine', 'provide'
])

const PREPOSITIONS = new Set(['of', 'on', 'in', 'for', 'from', 'at', 'by', 'to', 'with', 'as'])
