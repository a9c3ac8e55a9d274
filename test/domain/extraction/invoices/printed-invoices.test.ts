import t, { type Test } from 'tap'
import { findValues } from '../../../../src/domain/extraction/label-search/find-values.ts'
import type { Field } from '../../../../src/domain/templates/schema.ts'
import { printedInvoices, type PrintedInvoice } from './printed-invoices.ts'

type PrintedField = PrintedInvoice['fields'][number]

interface Figures { right: number, wrong: number, missed: number }

/** Searches texts for sets of their fields, and counts the values that are found. */
async function measure (t: Test, change: (text: string) => string, setsOf: (fields: readonly PrintedField[]) => PrintedField[][]): Promise<Figures> {
  const figures = { right: 0, wrong: 0, missed: 0 }
  for (const { title, text, fields } of await printedInvoices()) {
    for (const set of setsOf(fields)) {
      // Two fields of an invoice can have one name.
      const named = Object.fromEntries(set.map(({ field }, index): [string, Field] => [nameIn(set, index), field]))
      const found = findValues({ groups: { invoice: { fields: named } } }, [[[{ type: 'paragraph', content: change(text) }]]])
      for (const [index, { truth }] of set.entries()) {
        const value = found.get(JSON.stringify(['invoice', nameIn(set, index)]))?.value
        if (value === undefined && (truth.isOptional || truth.value === undefined)) continue
        const verdict = value === undefined ? 'missed' : value === truth.value ? 'right' : 'wrong'
        figures[verdict]++
        if (verdict === 'wrong') t.comment(`${title}: ${nameIn(set, index)}: ${String(value)}, not ${truth.value}`)
      }
    }
  }
  return figures
}

function nameIn (set: readonly PrintedField[], index: number): string {
  const name = String(set[index]?.name)
  return set.findIndex(other => other.name === name) === index ? name : `${index} ${name}`
}

t.test('finds the values of eighty printed invoices', async t => {
  t.same(await measure(t, text => text, fields => [[...fields]]), { right: 578, wrong: 0, missed: 10 })
})

t.test('finds them if no other label of the invoice is known', async t => {
  t.same(await measure(t, text => text, fields => fields.map(field => [field])), { right: 574, wrong: 0, missed: 14 })
})

t.test('finds fewer of them where the gaps between columns are lost', async t => {
  const withoutGaps = (text: string): string => text.replace(/ {2,}(?![^\s:]+(?: [^\s:]+){0,2} ?:)/g, ' ')
  t.same(await measure(t, withoutGaps, fields => [[...fields]]), { right: 507, wrong: 1, missed: 79 })
})
