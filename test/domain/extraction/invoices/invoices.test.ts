import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { findValues } from '../../../../src/domain/extraction/label-search/find-values.ts'
import { extractText } from '../../../../src/text-extraction/extract-text.ts'
import { judge, measuredInvoices } from './measure.ts'

t.test('finds the values of forty invoices by their printed labels', async t => {
  const path = join(t.testdir(), 'invoice')
  const figures = { right: 0, wrong: 0, missed: 0 }
  for (const measured of await measuredInvoices()) {
    await writeFile(path, measured.file.bytes)
    const { pages } = await extractText(path, { contentType: measured.file.contentType, filename: null })
    const found = findValues(measured.schema, [pages ?? []])
    const values = new Map([...found].map(([address, { value }]) => [String(JSON.parse(address)[1]), value]))
    const { right, wrong, missed } = judge(measured, values)
    if (wrong.length > 0) t.comment(`${measured.name}: ${wrong.join('; ')}`)
    figures.right += right.length
    figures.wrong += wrong.length
    figures.missed += missed.length
  }
  t.same(figures, { right: 552, wrong: 0, missed: 8 })
})
