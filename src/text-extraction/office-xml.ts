import { SaxesParser, type SaxesTagPlain } from 'saxes'
import type { Block } from '../domain/files/extracted-text.ts'

/** Receives the text of an Office document as it is read. */
export interface OfficeTextHandler {
  block (type: Block['type'], content: string): void
  /** Everything that follows stands on the next page. */
  pageBreak? (): void
}

export interface OfficeTextParser {
  /** Takes the next piece of the XML. Throws if it is not well-formed or has a document type. */
  write (xml: string): void
  /** Throws if the XML is not complete. */
  close (): void
}

interface Paragraph { text: string, heading: boolean }

/**
 * Reads paragraphs (`p`), their text (`t`), and table rows (`tr`) of WordprocessingML and DrawingML alike. A row of a
 * table is one line. Nothing is ever expanded but XML's own five entities.
 */
export function createOfficeTextParser (handler: OfficeTextHandler): OfficeTextParser {
  const parser = new SaxesParser({ position: false, xmlns: false } as const)
  /** Text boxes have paragraphs inside of a paragraph. */
  const open: Paragraph[] = []
  let cells: string[] = []
  let rows = 0
  let skipped = 0
  let inText = false
  let inTitle = false

  function add (text: string): void {
    const paragraph = open.at(-1)
    if (paragraph !== undefined && skipped === 0) paragraph.text += text
  }

  function end ({ text, heading }: Paragraph): void {
    if (text.trim() === '') return
    if (rows > 0) cells.push(text.trim())
    else handler.block(heading ? 'heading' : 'paragraph', text)
  }

  function breakPage (): void {
    const paragraph = open.at(-1)
    if (paragraph !== undefined && rows === 0) {
      end(paragraph)
      paragraph.text = ''
    }
    handler.pageBreak?.()
  }

  const opened: Record<string, (tag: SaxesTagPlain) => void> = {
    p: () => open.push({ text: '', heading: inTitle }),
    t: () => { inText = true },
    tr: () => { rows++ },
    tab: () => add(' '),
    cr: () => add('\n'),
    noBreakHyphen: () => add('-'),
    br: tag => attributeOf(tag, 'type') === 'page' ? breakPage() : add('\n'),
    lastRenderedPageBreak: breakPage,
    pStyle: tag => {
      const paragraph = open.at(-1)
      if (paragraph !== undefined) paragraph.heading ||= /^(?:heading|title|subtitle)/i.test(attributeOf(tag, 'val'))
    },
    ph: tag => { inTitle = ['title', 'ctrTitle'].includes(attributeOf(tag, 'type')) },
    // What is shown instead by programs that do not know better, and what was moved elsewhere, is there twice.
    Fallback: () => { skipped++ },
    moveFrom: () => { skipped++ }
  }

  const closed: Record<string, () => void> = {
    p: () => { end(open.pop() as Paragraph) },
    t: () => { inText = false },
    tr: () => {
      if (--rows > 0) return
      end({ text: cells.join(' '), heading: false })
      cells = []
    },
    sp: () => { inTitle = false },
    Fallback: () => { skipped-- },
    moveFrom: () => { skipped-- }
  }

  parser.on('opentag', tag => { handlerOf(opened, tag)?.(tag) })
  parser.on('closetag', tag => { handlerOf(closed, tag)?.() })
  parser.on('text', text => { if (inText) add(text) })
  parser.on('cdata', text => { if (inText) add(text) })
  parser.on('doctype', () => { throw new Error('its XML has a document type') })
  return {
    write (xml) { parser.write(xml) },
    close () { parser.close() }
  }
}

function handlerOf<T> (handlers: Record<string, T>, { name }: SaxesTagPlain): T | undefined {
  const local = localNameOf(name)
  return Object.hasOwn(handlers, local) ? handlers[local] : undefined
}

function attributeOf ({ attributes }: SaxesTagPlain, wanted: string): string {
  return Object.entries(attributes).find(([name]) => localNameOf(name) === wanted)?.[1] ?? ''
}

function localNameOf (name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
