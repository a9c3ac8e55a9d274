import { once } from 'node:events'
import { Document, Footer, Header, Packer, Paragraph, Tab, Table, TableCell, TableRow, TextRun } from 'docx'
import PdfKit from 'pdfkit'
import type { Invoice } from './invoice.ts'

/** The bytes of a printed invoice. */
export interface InvoiceFile { readonly bytes: Buffer, readonly contentType: string }

const PDF = 'application/pdf'
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

type Pdf = InstanceType<typeof PdfKit>

async function pdfOf (draw: (pdf: Pdf) => void): Promise<InvoiceFile> {
  const pdf = new PdfKit({ size: 'A4', margin: 40, info: { CreationDate: new Date(0) } })
  const chunks: Buffer[] = []
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
  draw(pdf.fontSize(10))
  pdf.end()
  await once(pdf, 'end')
  return { bytes: Buffer.concat(chunks), contentType: PDF }
}

/** Writes texts at places, each as one line. */
function write (pdf: Pdf, y: number, ...texts: Array<readonly [x: number, text: string]>): void {
  for (const [x, text] of texts) pdf.text(text, x, y, { lineBreak: false })
}

/** A table of items; the numbers are aligned to the right. */
function writeItems (pdf: Pdf, top: number, { language, items }: Invoice): number {
  const columns = [40, 280, 360, 460] as const
  for (const [row, cells] of [language.item, ...items].entries()) {
    for (const [column, cell] of cells.entries()) {
      const x = Number(columns[column])
      pdf.text(cell, x, top + row * 16, column === 0 ? { lineBreak: false } : { width: 80, align: 'right', lineBreak: false })
    }
  }
  return top + (items.length + 1) * 16
}

/** An address on the left, labels with colons and their values on the right, totals with a gap. */
async function letterhead (invoice: Invoice): Promise<InvoiceFile> {
  const { labels, printed, language, address } = invoice
  return await pdfOf(pdf => {
    pdf.fontSize(20).text(language.title, 40, 40).fontSize(10)
    write(pdf, 40, [480, 'Page 1 / 2'])
    const right = (['number', 'issued', 'due', 'order'] as const).map(name => [`${labels[name]}:`, printed[name]] as const)
    for (const [row, [label, value]] of right.entries()) write(pdf, 80 + row * 14, ...address[row] === undefined ? [] : [[40, address[row]] as const], [350, label], [450, value])
    write(pdf, 150, [40, `${labels.supplier}: ${printed.supplier}`], [350, `${labels.customer}: ${printed.customer}`])
    write(pdf, 164, [40, `${labels.vatId}: ${printed.vatId} - ${labels.email}: ${printed.email} - ${labels.phone}: ${printed.phone}`])
    const end = writeItems(pdf, 200, invoice)
    const totals = (['net', 'tax', 'total'] as const).map(name => [name === 'tax' ? `${labels.tax} (20 %)` : labels[name], printed[name]] as const)
    for (const [row, [label, value]] of totals.entries()) {
      write(pdf, end + 10 + row * 14, [350, label])
      pdf.text(`${value} €`, 460, end + 10 + row * 14, { width: 80, align: 'right', lineBreak: false })
    }
    pdf.text(language.prose, 40, end + 80, { width: 500 })
    write(pdf, 740, [40, `IBAN: ${printed.iban} - BIC: ${printed.bic}`])
  })
}

/** Rows of labels above rows of values, without colons. */
async function columns (invoice: Invoice): Promise<InvoiceFile> {
  const { labels, printed, language } = invoice
  return await pdfOf(pdf => {
    pdf.fontSize(20).text(language.title, 40, 40).fontSize(10)
    const rows = [['number', 'issued', 'due', 'order'], ['supplier', 'customer', 'vatId'], ['email', 'phone']] as const
    for (const [row, names] of rows.entries()) {
      for (const [column, name] of names.entries()) {
        write(pdf, 80 + row * 40, [40 + column * 130, labels[name]])
        write(pdf, 94 + row * 40, [40 + column * 130, printed[name]])
      }
    }
    const end = writeItems(pdf, 220, invoice)
    for (const [column, name] of (['net', 'tax', 'total'] as const).entries()) {
      write(pdf, end + 20, [250 + column * 110, labels[name]])
      write(pdf, end + 34, [250 + column * 110, printed[name]])
    }
    write(pdf, 700, [40, 'IBAN'], [140, printed.iban])
    write(pdf, 714, [40, 'BIC'], [140, printed.bic])
    pdf.text(language.prose, 40, 740, { width: 500, lineBreak: true })
  })
}

/** Labels and values with only a blank between them, a currency before the amounts, and prose in two columns. */
async function receipt (invoice: Invoice): Promise<InvoiceFile> {
  const { labels, printed, language, address } = invoice
  return await pdfOf(pdf => {
    for (const [row, line] of address.entries()) write(pdf, 40 + row * 13, [40, line])
    write(pdf, 100, [40, `${labels.number} ${printed.number}`])
    write(pdf, 114, [40, `${labels.issued} ${printed.issued}`], [300, `${labels.due} ${printed.due}`])
    write(pdf, 128, [40, `${labels.order} ${printed.order}`])
    write(pdf, 142, [40, `${labels.customer} : ${printed.customer}`])
    write(pdf, 156, [40, `${labels.email} ${printed.email} ${labels.phone} ${printed.phone}`])
    write(pdf, 170, [40, `${labels.vatId} ${printed.vatId}`])
    const end = writeItems(pdf, 200, invoice)
    write(pdf, end + 10, [40, `${labels.net} EUR ${printed.net}`])
    write(pdf, end + 24, [40, `${labels.tax} 20% EUR ${printed.tax}`])
    write(pdf, end + 38, [40, `${labels.total} (EUR) ${printed.total}`])
    pdf.fontSize(8).text(`${language.prose} ${language.prose}`, 40, end + 80, { width: 500, columns: 2, columnGap: 24, height: 120 }).fontSize(10)
    write(pdf, 720, [40, `IBAN ${printed.iban} BIC ${printed.bic}`])
  })
}

/** A Word document: tables of labels and values, a row of heads, tabs, and a footer. */
async function wordDocument ({ labels, printed, language, items }: Invoice): Promise<InvoiceFile> {
  const row = (...cells: readonly string[]): TableRow => new TableRow({ children: cells.map(cell => new TableCell({ children: [new Paragraph(cell)] })) })
  const tabbed = (...texts: readonly string[]): Paragraph => {
    return new Paragraph({ children: texts.map((text, index) => new TextRun({ children: index === 0 ? [text] : [new Tab(), text] })) })
  }
  const document = new Document({
    sections: [{
      headers: { default: new Header({ children: [new Paragraph(`${labels.supplier}: ${printed.supplier}`)] }) },
      footers: { default: new Footer({ children: [tabbed(`IBAN: ${printed.iban}`, `BIC: ${printed.bic}`)] }) },
      children: [
        new Paragraph(language.title),
        new Table({ rows: [row(labels.number, printed.number, labels.issued, printed.issued), row(labels.due, printed.due, labels.order, printed.order)] }),
        tabbed(`${labels.customer}:`, printed.customer),
        new Table({ rows: [row(labels.vatId, labels.email, labels.phone), row(printed.vatId, printed.email, printed.phone)] }),
        new Table({ rows: [row(...language.item), ...items.map(cells => row(...cells))] }),
        tabbed(labels.net, printed.net),
        tabbed(labels.tax, printed.tax),
        new Table({ rows: [row(labels.total, `€ ${printed.total}`)] }),
        new Paragraph(language.prose)
      ]
    }]
  })
  return { bytes: await Packer.toBuffer(document), contentType: DOCX }
}

/** A form of boxes: each label is above its value; totals are repeated on a second page. */
async function boxes (invoice: Invoice): Promise<InvoiceFile> {
  const { labels, printed, language } = invoice
  return await pdfOf(pdf => {
    const left = ['supplier', 'number', 'issued'] as const
    for (const [row, name] of left.entries()) {
      write(pdf, 60 + row * 40, [40, labels[name]])
      write(pdf, 74 + row * 40, [40, printed[name]])
    }
    write(pdf, 190, [40, `${labels.due} ......... ${printed.due}`])
    write(pdf, 204, [40, `${labels.order} = ${printed.order}`])
    write(pdf, 218, [40, `${labels.customer} | ${printed.customer}`])
    write(pdf, 232, [40, `${labels.vatId}:${printed.vatId}`])
    write(pdf, 246, [40, `${labels.email}: ${printed.email} • ${labels.phone}: ${printed.phone}`])
    const end = writeItems(pdf, 280, invoice)
    write(pdf, end + 10, [40, `${labels.net}: ${printed.net}`])
    pdf.text(language.prose, 40, end + 40, { width: 500 })
    pdf.addPage()
    write(pdf, 60, [40, `${labels.net}: ${printed.net}`])
    write(pdf, 74, [40, `${labels.tax}:`], [300, `EUR ${printed.tax}`])
    write(pdf, 88, [40, `${labels.total}:`], [300, `EUR ${printed.total}`])
    write(pdf, 120, [40, 'IBAN:'], [100, printed.iban])
    write(pdf, 134, [40, 'BIC:'], [100, printed.bic])
  })
}

export const LAYOUTS: ReadonlyArray<(invoice: Invoice) => Promise<InvoiceFile>> = [letterhead, columns, receipt, wordDocument, boxes]
