import { AMOUNT_WORDS, NUMBER_WORDS } from './words.ts'
import type { Measure } from './number-text.ts'

/** The kind of text that a field of type string takes, as its name tells. */
export type TextKind = 'email' | 'phone' | 'iban' | 'bic' | 'website' | 'currency' | 'date' | 'code' | 'money' | 'name' | 'text'

/** Returns the kind of text that a field of this name takes. The first rule decides. */
export function textKindOf (name: readonly string[]): TextKind {
  const last = String(name.at(-1))
  return KINDS.find(({ words, isLast }) => isLast ? words.has(last) : name.some(word => words.has(word)))?.kind ?? 'text'
}

/** Returns the kind of number that a field of this name takes. */
export function measureOf (name: readonly string[]): Measure {
  if (name.some(word => RATE_WORDS.has(word))) return 'rate'
  return name.some(word => AMOUNT_WORDS.includes(word) || word === 'subtotal' || word === 'price') ? 'amount' : 'any'
}

const RATE_WORDS = new Set(['rate', 'percent', 'percentage', 'pct'])

const CODE_WORDS = [...NUMBER_WORDS, 'code', 'reference', 'ref']

const MONEY_WORDS = [
  ...AMOUNT_WORDS, ...RATE_WORDS,
  'subtotal', 'price', 'cost', 'fee', 'balance', 'discount', 'paid', 'due', 'net', 'gross'
]

const NAME_WORDS = [
  'name', 'vendor', 'supplier', 'seller', 'merchant', 'payee', 'customer', 'client', 'buyer', 'payer', 'recipient', 'company',
  'organization', 'organisation', 'contact', 'person', 'author', 'signatory', 'employee', 'bank', 'city', 'town', 'country'
]

const KINDS: ReadonlyArray<{ readonly kind: TextKind, readonly words: ReadonlySet<string>, readonly isLast: boolean }> = [
  { kind: 'email', words: new Set(['email', 'mail']), isLast: false },
  { kind: 'iban', words: new Set(['iban']), isLast: false },
  { kind: 'bic', words: new Set(['bic', 'swift']), isLast: false },
  { kind: 'phone', words: new Set(['phone', 'telephone', 'tel', 'mobile', 'fax']), isLast: false },
  { kind: 'website', words: new Set(['url', 'website', 'homepage', 'web']), isLast: false },
  { kind: 'currency', words: new Set(['currency']), isLast: false },
  { kind: 'date', words: new Set(['date', 'deadline']), isLast: false },
  { kind: 'code', words: new Set(CODE_WORDS), isLast: true },
  { kind: 'money', words: new Set(MONEY_WORDS), isLast: true },
  { kind: 'name', words: new Set(NAME_WORDS), isLast: true }
]
