import { readFile } from 'node:fs/promises'
import type { Field } from '../../../../src/domain/templates/schema.ts'

/** The text of an invoice, the fields that ask for its values by their printed labels, and the values. */
export interface PrintedInvoice {
  readonly title: string
  readonly text: string
  readonly fields: ReadonlyArray<{ readonly name: string, readonly field: Field, readonly truth: Truth }>
}

/** Undefined if no value is printed next to the label; `isOptional` if it is right not to find it. */
interface Truth { readonly value: string | number | undefined, readonly isOptional: boolean }

const PROMPTS = ['Find the value printed as "$".', 'The value next to "$".', 'Labelled "$" on the invoice.', 'Printed under or beside "$"']

/** A value in a text: `‹field name|label|as it is printed|value if it differs›`; `-` marks an optional one. */
const VALUE = /‹(?<name>[^|›]*)\|(?<label>[^|›]*)\|(?<printed>[^|›]*)(?:\|(?<value>[^›]*))?›/g

/** A field without a value: `~ field name|label`. */
const NO_VALUE = /^~ (?<name>\w+)\|(?<label>.*)\n?/gm

/** Returns eighty invoices in the ways in which PDF files are printed; each begins with a line `=== title`. */
export async function printedInvoices (): Promise<PrintedInvoice[]> {
  const file = await readFile(new URL('printed-invoices.txt', import.meta.url), 'utf8')
  return file.split(/^=== /m).slice(1).map((part, index) => {
    const [title = ''] = part.split('\n', 1)
    const body = part.slice(title.length + 1)
    const prompt = String(PROMPTS[index % PROMPTS.length])
    const fields = [...body.matchAll(VALUE), ...body.matchAll(NO_VALUE)].map(({ groups }) => {
      const { name = '', label = '', printed, value } = groups as Partial<Record<'name' | 'label' | 'printed' | 'value', string>>
      const truth = truthOf(printed, value)
      return { name, truth, field: { type: typeOf(truth, index), extraction_prompt: prompt.replace('$', () => label) } }
    })
    return { title, text: body.replace(VALUE, '$<printed>').replace(NO_VALUE, ''), fields }
  })
}

function truthOf (printed: string | undefined, value: string | undefined): Truth {
  if (value === undefined || value === '-') return { value: printed, isOptional: value === '-' }
  return { value: /^-?[0-9.]+$/.test(value) ? Number(value) : value, isOptional: false }
}

/** Dates are asked for as dates or as texts, from invoice to invoice. */
function typeOf ({ value }: Truth, index: number): string {
  if (typeof value === 'number') return 'number'
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(String(value)) && index % 2 === 0 ? 'date' : 'string'
}
