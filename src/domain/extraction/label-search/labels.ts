import type { Field } from '../../templates/schema.ts'
import { quotedLabels } from './quoted-labels.ts'
import { AMOUNT_WORDS, MAX_WORDS, nameWords, NUMBER_WORDS, printedWords, synonymsOf } from './words.ts'

/** A text that may be printed next to a value. */
export interface Label {
  readonly words: readonly string[]
  readonly kind: typeof QUOTED | typeof EXACT | typeof LIKELY | typeof SHORT
}

/** Quoted by a prompt of the field. Where such a label is printed, no other one counts. */
export const QUOTED = 0

/** The name of the field, alone or after the name of its group or parent. */
export const EXACT = 1

/** A synonym of the name, or the subject of a prompt. */
export const LIKELY = 2

/** Less than the name: it counts only where nothing better is printed, and no prompt quotes a label. */
export const SHORT = 3

/** The maximum number of labels of a field. */
const MAX_LABELS = 30

/** Returns the labels of a field, each once, best kind first. `path` consists of the names of its group, its parents and itself. */
export function labelsOf (path: readonly string[], field: Field): Label[] {
  const [context = [], name = []] = path.slice(-2).map(nameWords)
  const full = context.every((word, index) => name[index] === word) ? name : [...context, ...name]
  const isAmount = name.length === 1 && AMOUNT_WORDS.includes(String(name[0]))
  const others = synonymsOf(name)
  const prompts = [field.extraction_prompt, field.description].flatMap(text => text === undefined ? [] : [text.slice(0, MAX_PROMPT)])
  const quoted = prompts.flatMap(quotedLabels)
  const kinds: ReadonlyArray<readonly [Label['kind'], string[][]]> = [
    [QUOTED, quoted],
    [EXACT, [name, ...full === name ? [] : [full]]],
    [
      LIKELY,
      [...isAmount ? [] : others, ...full === name ? [] : synonymsOf(full), ...quoted.length > 0 ? [] : prompts.flatMap(subjectsOf)]
    ],
    [SHORT, quoted.length > 0 ? [] : [...isAmount ? others : [], ...shortened(name)]]
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

/** Returns a name without the words that say little: "total" for `total_amount`, "vendor" for `vendor_name`. */
function shortened (name: readonly string[]): string[][] {
  const [first = '', last = ''] = name
  if (name.length !== 2) return []
  const isOfDocument = DOCUMENT_WORDS.has(first)
  if (NUMBER_WORDS.includes(last)) return isOfDocument ? [[first], ...synonymsOf([last])] : []
  if (AMOUNT_WORDS.includes(last)) return isOfDocument || WHOLE_WORDS.has(first) ? [['total']] : synonymsOf([first])
  if (last === 'date' && isOfDocument) return [[last]]
  return ['name', 'date', 'value'].includes(last) ? synonymsOf([first]) : []
}

const DOCUMENT_WORDS = new Set(['invoice', 'receipt', 'order', 'bill', 'document', 'contract', 'statement', 'quote'])

const WHOLE_WORDS = new Set([...AMOUNT_WORDS, 'grand', 'overall', 'final'])

/** Returns what a prompt begins with, if it names a thing: "grand total" for "The grand total, tax included." */
function subjectsOf (prompt: string): string[][] {
  const [beginning = ''] = prompt.split(/[.,;:!?()"“„«\n]/, 1)
  const words = printedWords(beginning)
  const subject = words.slice(words.findIndex(word => !FILLERS.has(word)))
  const end = subject.findIndex(word => PREPOSITIONS.has(word))
  return [subject, subject.slice(0, end < 2 ? 0 : end)]
}

const MAX_PROMPT = 500

const FILLERS = new Set([
  'a', 'an', 'the', 'this', 'its', 'what', 'which', 'is', 'are', 'was', 'please', 'me', 'us',
  'extract', 'find', 'get', 'return', 'give', 'read', 'identify', 'determine', 'provide'
])

const PREPOSITIONS = new Set(['of', 'on', 'in', 'for', 'from', 'at', 'by', 'to', 'with', 'as'])
