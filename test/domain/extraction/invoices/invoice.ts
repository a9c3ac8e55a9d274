import type { LabelName, Language } from './languages.ts'

/** The content of an invoice, and its layout. */
export interface Invoice {
  readonly language: Language
  readonly labels: Readonly<Record<LabelName, string>>
  readonly printed: Readonly<Record<FieldName, string>>
  /** The values as a client expects them: dates as `2024-04-14`, amounts as numbers. */
  readonly truth: Readonly<Record<FieldName, string | number>>
  /** Description, quantity, price and amount of each line. */
  readonly items: ReadonlyArray<readonly string[]>
  readonly address: readonly string[]
}

export type FieldName = LabelName | 'iban' | 'bic'

export interface InvoiceOptions {
  /** Makes all the values different. */
  readonly index: number
  /** Which set of labels, and which order of dates. */
  readonly variant: number
  /** True if months are written as words. */
  readonly hasMonthNames: boolean
}

const SUPPLIERS = ['Nordwind Werkzeuge GmbH', 'Baker & Sons Ltd', 'Atelier Lumière SARL', 'Van Dijk Techniek B.V.', 'Acme Tools Inc.']
const CUSTOMERS = ['Ana Maria Ltd', 'Studio Elf', 'Brouwerij De Molen', 'Hotel Central', 'Lumen Group AG', 'Maison Blanche']
const TOWNS = ['80333 Munich', 'London EC1A 1BB', '69002 Lyon', '1012 AB Amsterdam', 'Springfield, IL 62701']
const GOODS = ['Paper', 'Drill bits', 'Lamp', 'Work bench', 'Total station, rented', 'Tax stamps']

/** Returns the invoice of an index in one language. */
export function invoiceIn (language: Language, { index, variant, hasMonthNames }: InvoiceOptions): Invoice {
  const pick = (list: readonly string[], step: number): string => String(list[(index * step + variant) % list.length])
  const lines = [0, 1, 2].map(line => ({ name: pick(GOODS, line + 1), quantity: 1 + (index * 7 + line * 3) % 20, cents: 399 + (index * 1973 + line * 811) % 90_000 }))
  const net = lines.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0)
  const tax = Math.round(net * 0.2)
  const issued = new Date(Date.UTC(2014 + index % 10, index % 12, 1 + (index * 5) % 12))
  // The other date of a document tells its order: its day is always after the twelfth.
  const due = new Date(Date.UTC(2014 + index % 10, (index + 1) % 12 + (index % 12 === 11 ? 12 : 0), 13 + index % 15))
  const amount = (cents: number): string => amountText(cents, language)
  const date = (value: Date): string => {
    return hasMonthNames ? longDate(value, language) : shortDate(value, String(language.dates[variant % language.dates.length]))
  }
  const vatId = `${language.code === 'en' ? 'GB' : language.code.toUpperCase()}${String(100_000_000 + index * 7_654_321)}`
  const printed = {
    number: [`INV-${2000 + index}`, String(2_022_089_000 + index), `RE ${2024}/${String(index).padStart(4, '0')}`][index % 3] ?? '',
    issued: date(issued),
    due: date(due),
    order: `${4700 + index}`,
    supplier: pick(SUPPLIERS, 1),
    customer: pick(CUSTOMERS, 1),
    vatId,
    email: `billing${index}@example.com`,
    phone: [`+49 89 123${index} 45`, `(555) 23 78 -${index}`, `01 42 ${10 + index} 33 44`][index % 3] ?? '',
    iban: `DE89 3704 0044 0532 01${10 + index} 00`,
    bic: ['COBADEFFXXX', 'INGBNL2A', 'FIDCFR21XXX'][index % 3] ?? '',
    net: amount(net),
    tax: amount(tax),
    total: amount(net + tax)
  }
  return {
    language,
    labels: language.labels[variant % 2] as Record<LabelName, string>,
    printed,
    truth: { ...printed, issued: isoDate(issued), due: isoDate(due), net: net / 100, tax: tax / 100, total: (net + tax) / 100 },
    items: lines.map(({ name, quantity, cents }) => [name, String(quantity), amount(cents), amount(quantity * cents)]),
    address: [printed.supplier, `${index + 1} Main Street`, pick(TOWNS, 1)]
  }
}

function amountText (cents: number, { decimal, grouping }: Language): string {
  const whole = String(Math.floor(cents / 100)).replace(/(?=(?:\d{3})+$)(?!^)/g, grouping)
  return `${whole}${decimal}${String(cents % 100).padStart(2, '0')}`
}

function isoDate (date: Date): string {
  return date.toISOString().slice(0, 10)
}

function shortDate (date: Date, form: string): string {
  const [year = '', month = '', day = ''] = isoDate(date).split('-')
  const separator = form.slice(3)
  return (form.startsWith('m') ? [month, day, year] : [day, month, year]).join(separator)
}

function longDate (date: Date, { code, months }: Language): string {
  const month = months[date.getUTCMonth()]
  const [day, year] = [date.getUTCDate(), date.getUTCFullYear()]
  if (code === 'en') return `${month} ${day}, ${year}`
  return code === 'de' ? `${day}. ${month} ${year}` : `${day} ${month} ${year}`
}
