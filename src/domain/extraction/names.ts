/** Words that stand for the number of something. */
export const NUMBERS: readonly string[] = ['number', 'no', 'nr', '#', 'id', 'num']

/** Words that stand for an amount. */
export const AMOUNTS: readonly string[] = ['amount', 'total', 'sum']

/** What counts as a word, wherever it stands. */
export const WORD = /[\p{L}\p{N}\p{M}]+|#/gu

/** The words of a text or a name, in lower case: those of `invoiceNumber` and `invoice_number` are the same. */
export function wordsOf (text: string): string[] {
  const parted = text.replace(/[\p{Ll}\p{N}](?=\p{Lu})|\p{Lu}(?=\p{Lu}\p{Ll})/gu, '$& ')
  return [...parted.matchAll(WORD)].map(([word]) => word.toLowerCase())
}

/** The first word of a text, in lower case; empty if it has none. */
export function firstWordOf (text: string): string {
  const [word = ''] = text.match(FIRST_WORD) ?? []
  return word.toLowerCase()
}

const FIRST_WORD = /[\p{L}\p{N}\p{M}]+|#/u

/** What a name could be called, with other words for its words. */
export function namesOf (name: readonly string[]): string[][] {
  const bare = AUXILIARIES.has(String(name[0])) ? name.slice(1) : name
  let variants: string[][] = [[]]
  for (const word of bare) {
    const choices = (SYNONYMS_OF.get(word) ?? [word]).map(choice => choice.split(' '))
    // A total amount is no amount amount.
    variants = choices.flatMap(choice => variants.filter(words => !choice.some(word => words.includes(word))).map(words => [...words, ...choice])).slice(0, MAX_VARIANTS)
  }
  return [...variants, ...name.length > 1 && name.at(-1) === 'date' ? [['date', 'of', ...name.slice(0, -1)]] : []]
}

const MAX_VARIANTS = 24

const SYNONYMS = [
  NUMBERS,
  AMOUNTS,
  ['vendor', 'supplier', 'seller'],
  ['customer', 'client', 'buyer'],
  ['tax', 'vat'],
  ['quantity', 'qty'],
  ['reference', 'ref'],
  ['email', 'e mail'],
  ['phone', 'telephone', 'tel'],
  ['subtotal', 'sub total'],
  ['po', 'purchase order']
]

const SYNONYMS_OF: ReadonlyMap<string, readonly string[]> = new Map(SYNONYMS.flatMap(words => words.map(word => [word, words])))

/** Words that stand above the columns of tables. */
export const COLUMNS: ReadonlySet<string> = new Set([...SYNONYMS_OF.keys(), 'date', 'description', 'due', 'item', 'name', 'price', 'rate', 'unit'])

/** `is_paid` is about what is paid. */
const AUXILIARIES = new Set(['is', 'has', 'was', 'are'])
