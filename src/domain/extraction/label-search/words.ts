/** Words that stand for the number of something. */
export const NUMBER_WORDS: readonly string[] = ['number', 'no', 'nr', '#', 'id', 'num']

/** Words that stand for an amount. */
export const AMOUNT_WORDS: readonly string[] = ['amount', 'total', 'sum']

/** A word wherever it stands. The number signs `#`, `n°` and `№` are words too. */
export const WORD = /[\p{L}\p{N}\p{M}]+°?|[#№]/gu

/** Returns the words of a printed text, in lower case. */
export function printedWords (text: string): string[] {
  return [...text.matchAll(WORD)].map(([word]) => normalWord(word))
}

/** Returns the words of a name, in lower case: `invoiceNumber` and `invoice_number` have the same. */
export function nameWords (name: string): string[] {
  return printedWords(name.replace(/[\p{Ll}\p{N}](?=\p{Lu})|\p{Lu}(?=\p{Lu}\p{Ll})/gu, '$& '))
}

/** The form in which words are compared: `Nº` and `N°` are the same. */
export function normalWord (word: string): string {
  const lower = word.toLowerCase()
  return lower === 'nº' ? 'n°' : lower
}

/** Returns other names with the same meaning: `vendor_name` could be `supplier_name`. */
export function synonymsOf (name: readonly string[]): string[][] {
  const bare = AUXILIARIES.has(String(name[0])) ? name.slice(1) : name
  if (bare.length > MAX_WORDS) return []
  let variants: string[][] = [[]]
  for (const word of bare) {
    const choices = (SYNONYMS_OF.get(word) ?? [word]).map(choice => choice.split(' '))
    // No word occurs twice: "total amount" has no synonym "amount amount".
    variants = choices.flatMap(choice => {
      return variants.filter(words => !choice.some(word => words.includes(word))).map(words => [...words, ...choice])
    }).slice(0, MAX_VARIANTS)
  }
  return [...variants, ...name.length > 1 && name.at(-1) === 'date' ? [['date', 'of', ...name.slice(0, -1)]] : []]
}

/** Longer names are not looked for. */
export const MAX_WORDS = 8

const MAX_VARIANTS = 24

const SYNONYMS = [
  NUMBER_WORDS,
  AMOUNT_WORDS,
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

/** Words that often stand above the columns of tables: next to a label without a colon they are no value. */
export const COLUMN_WORDS: ReadonlySet<string> = new Set([
  ...SYNONYMS_OF.keys(),
  'n°', '№', 'account', 'address', 'code', 'contact', 'country', 'currency', 'date', 'description', 'discount', 'due', 'invoice', 'item',
  'name', 'page', 'payment', 'position', 'price', 'rate', 'terms', 'type', 'unit'
])

/** `is_paid` is looked for as `paid`. */
const AUXILIARIES = new Set(['is', 'has', 'was', 'are'])
