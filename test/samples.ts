import { once } from 'node:events'
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { crc32, deflateRawSync, deflateSync } from 'node:zlib'
import { Document, HeadingLevel, Packer, PageBreak, Paragraph, Table, TableCell, TableRow, TextRun } from 'docx'
import PdfKit from 'pdfkit'
import type PptxGenJs from 'pptxgenjs'

// Its ES module has the name of a CommonJS one, which not every loader takes.
const Presentation = createRequire(import.meta.url)('pptxgenjs') as typeof PptxGenJs.default

const MIB = 1024 * 1024

/** A line of a sample page: as it is, large, or a label and a value far apart on one line. */
export type SampleLine = string | { readonly title: string } | readonly [label: string, value: string]

/** A PDF with these lines on each of its pages. The same bytes every time, unless it has a password. */
export async function samplePdf (pages: ReadonlyArray<readonly SampleLine[]>, { password }: { password?: string } = {}): Promise<Buffer> {
  const pdf = new PdfKit({ autoFirstPage: false, info: { CreationDate: new Date(0) }, ...password === undefined ? {} : { userPassword: password } })
  const chunks: Buffer[] = []
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
  for (const lines of pages) {
    pdf.addPage({ size: 'A4', margin: 50 })
    for (const line of lines) {
      if (typeof line === 'string') pdf.fontSize(11).text(line)
      else if ('title' in line) pdf.fontSize(22).text(line.title)
      else pdf.fontSize(11).text(line[0], 50, pdf.y, { continued: false }).moveUp().text(line[1], 400).text('', 50)
    }
  }
  pdf.end()
  await once(pdf, 'end')
  return Buffer.concat(chunks)
}

/** An invoice of two pages. */
export async function invoicePdf (): Promise<Buffer> {
  return await samplePdf([
    [
      { title: 'Invoice' },
      'Invoice Number: INV-2024-001',
      'Date: 2024-03-15',
      'Due Date: 14 April 2024',
      'Vendor: Acme Supplies GmbH',
      ' ',
      'Thank you for your order. We deliver within two weeks, to the address that you gave us, and',
      'ask you to pay the total by the date above.'
    ],
    [
      'Items of this invoice',
      ['Paper, 20 boxes', '7,394.96'],
      ['VAT 19 %', '1,405.04'],
      ['Total', '8,800.00']
    ]
  ])
}

/** A PDF as it might be written by hand: without a cross-reference table. */
export function handWrittenPdf (text = 'Hello World', more = ''): Buffer {
  const stream = `BT /F 24 Tf 10 100 Td (${text}) Tj ET`
  return pdfOf(`<</Length ${stream.length}>>stream\n${stream}\nendstream`, more)
}

/** A PDF of so many pages, all of which show the same; those that are `missing` (from 0) are listed, but not there. */
export function longPdf (count: number, missing: readonly number[] = []): Buffer {
  const numbers = Array.from({ length: count - 1 }, (_, index) => index + 6)
  const more = numbers.filter(number => !missing.includes(number - 5)).map(number => `${number} 0 obj${PAGE}endobj\n`).join('')
  return Buffer.from(handWrittenPdf('Hello World', more).toString().replace('/Kids[3 0 R]/Count 1', `/Kids[${[3, ...numbers].map(number => `${number} 0 R`).join(' ')}]/Count ${count}`))
}

/** A PDF of a million objects, of which it needs five. */
export function millionObjectPdf (): Buffer {
  return handWrittenPdf('Hello World', Array.from({ length: 1_000_000 }, (_, index) => `${index + 6} 0 obj<</A ${index}>>endobj\n`).join(''))
}

/** A PDF whose page is so many bytes of nothing, packed twice: a thousandth of a thousandth of them. */
export function deflateBombPdf (bytes: number): Buffer {
  const stream = deflateSync(deflateSync(Buffer.alloc(bytes, ' '))).toString('hex')
  return pdfOf(`<</Filter[/ASCIIHexDecode/FlateDecode/FlateDecode]/Length ${stream.length}>>stream\n${stream}\nendstream`)
}

const PAGE = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>'

function pdfOf (contents: string, more = ''): Buffer {
  return Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj${PAGE}endobj
4 0 obj${contents} endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
${more}trailer<</Root 1 0 R>>`)
}

/** A paragraph of a sample Word document: as it is, a heading, a page break before it, or the rows of a table. */
export type SampleParagraph = string | { readonly heading: string } | { readonly nextPage: string } | { readonly table: ReadonlyArray<readonly string[]> }

/** A Word document. The bytes differ in the dates within. */
export async function sampleDocx (paragraphs: readonly SampleParagraph[]): Promise<Buffer> {
  const children = paragraphs.map(paragraph => {
    if (typeof paragraph === 'string') return new Paragraph(paragraph)
    if ('heading' in paragraph) return new Paragraph({ text: paragraph.heading, heading: HeadingLevel.HEADING_1 })
    if ('nextPage' in paragraph) return new Paragraph({ children: [new PageBreak(), new TextRun(paragraph.nextPage)] })
    return new Table({
      rows: paragraph.table.map(cells => new TableRow({ children: cells.map(cell => new TableCell({ children: [new Paragraph(cell)] })) }))
    })
  })
  return await Packer.toBuffer(new Document({ sections: [{ children }] }))
}

/** A slide of a sample presentation. */
export interface SampleSlide { readonly title: string, readonly lines: readonly string[] }

/** A presentation. The bytes differ in the dates within. */
export async function samplePptx (slides: readonly SampleSlide[]): Promise<Buffer> {
  const presentation = new Presentation()
  presentation.defineSlideMaster({
    title: 'WITH_TITLE',
    objects: [{ placeholder: { options: { name: 'title', type: 'title', x: 0.5, y: 0.2, w: 9, h: 1 }, text: '' } }]
  })
  for (const { title, lines } of slides) {
    const slide = presentation.addSlide({ masterName: 'WITH_TITLE' })
    slide.addText(title, { placeholder: 'title' })
    for (const [row, line] of lines.entries()) slide.addText(line, { x: 0.5, y: 1.5 + row, w: 9, h: 0.8 })
  }
  return await presentation.write({ outputType: 'nodebuffer' }) as Buffer
}

/** A file of a zip archive: `claimedSize` is what the archive says it inflates to. */
export interface SampleFile { readonly name: string, readonly data: string | Buffer, readonly claimedSize?: number, readonly encrypted?: boolean }

/** A zip archive with exactly these files, true or not. The same bytes every time. */
export function zipOf (files: readonly SampleFile[]): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data, claimedSize, encrypted = false } of files) {
    const content = Buffer.from(data)
    const packed = deflateRawSync(content)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(encrypted ? 1 : 0, 2)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt16LE(0x21, 8)
    shared.writeUInt32LE(crc32(content), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(claimedSize ?? content.length, 18)
    shared.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    const body = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), packed])
    bodies.push(body)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), shared, place, Buffer.from(name)]))
    offset += body.length
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(entries.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...bodies, entries, end])
}

/** A Word document of hand-written XML: what is within the body, and what `docProps/app.xml` says. */
export function docxOf (body: string, properties = ''): Buffer {
  return zipOf([
    { name: 'word/document.xml', data: `<?xml version="1.0"?><w:document xmlns:w="w"><w:body>${body}</w:body></w:document>` },
    ...properties === '' ? [] : [{ name: 'docProps/app.xml', data: `<Properties>${properties}</Properties>` }]
  ])
}

/** A Word document of some kilobytes whose text inflates to 40 MiB; it says of itself that it does so to ten bytes. */
export function zipBombDocx (): Buffer {
  return zipOf([{ name: 'word/document.xml', data: xmlOfSize(40 * MIB), claimedSize: 10 }])
}

/** A presentation of three slides, each of which inflates to 22 MiB. */
export function zipBombPptx (): Buffer {
  const data = xmlOfSize(22 * MIB)
  return zipOf([
    { name: 'ppt/presentation.xml', data: '<p/>' },
    ...['1', '2', '3'].map(number => ({ name: `ppt/slides/slide${number}.xml`, data }))
  ])
}

function xmlOfSize (bytes: number): Buffer {
  const xml = Buffer.alloc(bytes, ' ')
  xml.write('<a>')
  xml.write('</a>', bytes - 4)
  return xml
}

/** A PNG that is black all over. */
export function samplePng (width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(1, 8)
  const rows = Buffer.alloc((Math.ceil(width / 8) + 1) * height)
  return Buffer.concat([PNG_SIGNATURE, chunkOf('IHDR', header), chunkOf('IDAT', deflateSync(rows)), chunkOf('IEND', Buffer.alloc(0))])
}

const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

function chunkOf (name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}

/** Makes a file of 100 MiB that begins as a PNG does. It takes no room on the disk. */
export function writeHugePng (path: string): void {
  const file = openSync(path, 'w')
  writeSync(file, samplePng(20_000, 20_000).subarray(0, 64))
  ftruncateSync(file, 100 * MIB)
  closeSync(file)
}

/** A JPEG as far as it is looked at: it has a size and no picture. */
export function sampleJpeg (width: number, height: number): Buffer {
  const frame = Buffer.from('ffc0000b080000000001011100', 'hex')
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  return Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), frame, Buffer.from('ffd9', 'hex')])
}

export interface SampleTiffOptions {
  readonly bigEndian?: boolean
  readonly big?: boolean
  /** Pages that are a smaller version of another. */
  readonly thumbnails?: readonly number[]
  /** The offset of the next page in the last one. */
  readonly next?: number
}

/** A TIFF as far as it is looked at: its pages have a size and no picture. */
export function sampleTiff (pages: number, { bigEndian = false, big = false, thumbnails = [], next = 0 }: SampleTiffOptions = {}): Buffer {
  const number = (value: number, width: number): Buffer => {
    const bytes = Buffer.alloc(width)
    bytes.writeUIntLE(value, 0, Math.min(width, 6))
    return bigEndian ? bytes.reverse() : bytes
  }
  const wide = big ? 8 : 4
  // A value that is shorter than its place stands at the front of it.
  const field = (tag: number, value: number): Buffer =>
    Buffer.concat([number(tag, 2), number(4, 2), number(1, wide), number(value, 4), Buffer.alloc(wide - 4)])
  const header = Buffer.concat([
    Buffer.from(bigEndian ? 'MM' : 'II'),
    ...big ? [number(43, 2), number(8, 2), number(0, 2), number(16, 8)] : [number(42, 2), number(8, 4)]
  ])
  const directories: Buffer[] = []
  for (let page = 0; page < pages; page++) {
    const fields = Buffer.concat([field(254, thumbnails.includes(page) ? 1 : 0), field(256, 640), field(257, 480)])
    const length = (big ? 8 : 2) + fields.length + wide
    directories.push(Buffer.concat([
      number(3, big ? 8 : 2), fields, number(page === pages - 1 ? next : header.length + (page + 1) * length, wide)
    ]))
  }
  return Buffer.concat([header, ...directories])
}

/** A compound file as far as it is looked at: a header, and a directory that lists a stream of this name. */
export function sampleCompoundFile (stream: string): Buffer {
  const file = Buffer.alloc(2048)
  file.write('d0cf11e0a1b11ae1', 'hex')
  file.writeUInt16LE(9, 30)
  file.writeUInt32LE(1, 48)
  file.write('Root Entry', 1024, 'utf16le')
  file.write(stream, 1024 + 128, 'utf16le')
  return file
}
