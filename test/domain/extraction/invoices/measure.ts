import type { ExtractionSchema, Field } from '../../../../src/domain/templates/schema.ts'
import { invoiceIn, type FieldName, type Invoice } from './invoice.ts'
import { LANGUAGES } from './languages.ts'
import { LAYOUTS, type InvoiceFile } from './layouts.ts'

/** An invoice, its file, and the template that asks for its values by their printed labels. */
export interface MeasuredInvoice {
  readonly name: string
  readonly invoice: Invoice
  readonly file: InvoiceFile
  readonly schema: ExtractionSchema
}

/** Returns forty invoices: five layouts in four languages, two of each. */
export async function measuredInvoices (): Promise<MeasuredInvoice[]> {
  const cases = LANGUAGES.flatMap(language => LAYOUTS.flatMap((layout, row) => [0, 1].map(variant => ({ language, layout, row, variant }))))
  return await Promise.all(cases.map(async ({ language, layout, row, variant }, index) => {
    const invoice = invoiceIn(language, { index, variant, hasMonthNames: (index + row) % 3 === 0 })
    return { name: `${language.code} ${layout.name} ${variant}`, invoice, file: await layout(invoice), schema: schemaFor(invoice) }
  }))
}

const FIELDS: ReadonlyArray<readonly [name: string, source: FieldName, type: string]> = [
  ['invoice_number', 'number', 'string'], ['issue_date', 'issued', 'date'], ['due_date', 'due', 'string'], ['order_number', 'order', 'string'],
  ['supplier_name', 'supplier', 'string'], ['customer', 'customer', 'string'], ['vat_id', 'vatId', 'string'], ['email', 'email', 'string'],
  ['phone', 'phone', 'string'], ['iban', 'iban', 'string'], ['bic', 'bic', 'string'], ['net_amount', 'net', 'number'], ['tax_amount', 'tax', 'number'],
  ['total_amount', 'total', 'number']
]

function schemaFor ({ labels }: Invoice): ExtractionSchema {
  const fields = FIELDS.map(([name, source, type]): [string, Field] => {
    const label = source === 'iban' || source === 'bic' ? source.toUpperCase() : labels[source]
    return [name, { type, extraction_prompt: `The value that is printed next to "${label}".` }]
  })
  return { config: { reasoning_enabled: true }, groups: { invoice: { fields: Object.fromEntries(fields) } } }
}

/** Compares the values that were found, by the name of their field, with the truth. */
export function judge ({ invoice: { truth } }: MeasuredInvoice, found: ReadonlyMap<string, unknown>): { readonly right: string[], readonly wrong: string[], readonly missed: string[] } {
  const judged = { right: [] as string[], wrong: [] as string[], missed: [] as string[] }
  for (const [name, source] of FIELDS) {
    const verdict = !found.has(name) ? 'missed' : found.get(name) === truth[source] ? 'right' : 'wrong'
    judged[verdict].push(verdict === 'wrong' ? `${name}: ${String(found.get(name))}, not ${truth[source]}` : name)
  }
  return judged
}
