import { SaxesParser, type SaxesTagPlain } from 'saxes'
import type { Block } from '../domain/files/extracted-text.ts'
import { createOpenRow, type OpenRow } from './table-row.ts'

/** Receives the local name of an element and a function that returns its attributes by their local names, '' for none. */
export type Visit = (name: string, attribute: (name: string) => string) => void

/** Receives the text of an Office document as it is read. */
export interface OfficeTextHandler {
  block (type: Block['type'], content: string): void
  /** Everything that follows stands on the next page. */
  pageBreak? (): void
  /** Called for each element, before its content is read. */
  element?: Visit
  /** The styles whose text is hidden, by their ids. */
  readonly hiddenStyles?: ReadonlySet<string>
  /** The types of placeholders whose text is left out. */
  readonly hiddenPlaceholders?: readonly string[]
}

export interface XmlParser {
  /** Takes the next piece of the XML. Throws if it is not well-formed or has a document type. */
  write (xml: string): void
  /** Throws if the XML is not complete. */
  close (): void
}

interface Paragraph { text: string, heading: boolean, hidden: boolean }

/**
 * Reads paragraphs (`p`), their text (`t`), and table rows (`tr`) of WordprocessingML and DrawingML alike, but no hidden
 * text. Nothing is ever expanded but XML's own five entities.
 */
export function createOfficeTextParser (handler: OfficeTextHandler): XmlParser {
  const { hiddenStyles = new Set(), hiddenPlaceholders = [] } = handler
  const parser = createParser()
  /** Text boxes have paragraphs and runs inside of a paragraph and a run, cells may have rows inside of a row. */
  const paragraphs: Paragraph[] = []
  const runs: Array<{ hidden: boolean }> = []
  /** Groups have shapes inside of them. */
  const shapes: Array<{ hidden: boolean, title: boolean }> = []
  const rows: OpenRow[] = []
  let skipped = 0
  let inText = false
  /** The number of open elements that describe a paragraph as a whole, or a run as it was. */
  let described = 0

  function add (text: string): void {
    const paragraph = paragraphs.at(-1)
    const isHidden = skipped > 0 || [...shapes.slice(-1), ...runs.slice(-1)].some(({ hidden }) => hidden)
    if (paragraph !== undefined && !isHidden) paragraph.text += text
  }

  function end ({ text, heading }: Paragraph): void {
    if (text.trim() === '') return
    const row = rows.at(-1)
    if (row !== undefined) row.addText(text)
    else handler.block(heading ? 'heading' : 'paragraph', text)
  }

  function breakPage (): void {
    const paragraph = paragraphs.at(-1)
    if (paragraph !== undefined && rows.length === 0) {
      end(paragraph)
      paragraph.text = ''
    }
    handler.pageBreak?.()
  }

  /** Tells whether the run that is open is hidden. */
  function hideRun (hidden: boolean): void {
    const run = runs.at(-1)
    if (run !== undefined && described === 0) run.hidden = hidden
  }

  const describe = { open: () => { described++ }, close: () => { described-- } }
  // What is shown instead by programs that do not know better, and what was moved elsewhere, is there twice.
  const skip = { open: () => { skipped++ }, close: () => { skipped-- } }
  const shape = {
    open: () => { shapes.push({ hidden: shapes.at(-1)?.hidden === true, title: false }) },
    close: () => { shapes.pop() }
  }
  const tab = { open: () => { if (described === 0) add('\t') } }

  const elements: Record<string, { open? (tag: SaxesTagPlain): void, close? (): void }> = {
    p: {
      open: () => paragraphs.push({ text: '', heading: shapes.at(-1)?.title === true, hidden: false }),
      close: () => { end(paragraphs.pop() as Paragraph) }
    },
    r: {
      open: () => runs.push({ hidden: runs.at(-1)?.hidden === true || paragraphs.at(-1)?.hidden === true }),
      close: () => { runs.pop() }
    },
    t: { open: () => { inText = true }, close: () => { inText = false } },
    tr: {
      open: () => rows.push(createOpenRow()),
      close: () => { end({ text: (rows.pop() as OpenRow).text(), heading: false, hidden: false }) }
    },
    tc: { open: () => rows.at(-1)?.addCell() },
    tab,
    ptab: tab,
    cr: { open: () => add('\n') },
    noBreakHyphen: { open: () => add('-') },
    br: { open: tag => attributeOf(tag, 'type') === 'page' ? breakPage() : add('\n') },
    lastRenderedPageBreak: { open: breakPage },
    pPr: describe,
    rPrChange: describe,
    pStyle: {
      open: tag => {
        const [paragraph, style] = [paragraphs.at(-1), attributeOf(tag, 'val')]
        if (paragraph === undefined) return
        paragraph.heading ||= /^(?:heading|title|subtitle)/i.test(style)
        paragraph.hidden = hiddenStyles.has(style)
      }
    },
    rStyle: { open: tag => { if (hiddenStyles.has(attributeOf(tag, 'val'))) hideRun(true) } },
    vanish: { open: tag => hideRun(isOn(attributeOf(tag, 'val'))) },
    sp: shape,
    grpSp: shape,
    graphicFrame: shape,
    cNvPr: {
      open: tag => {
        const shape = shapes.at(-1)
        if (shape !== undefined) shape.hidden ||= ['1', 'true'].includes(attributeOf(tag, 'hidden'))
      }
    },
    ph: {
      open: tag => {
        const [shape, type] = [shapes.at(-1), attributeOf(tag, 'type')]
        if (shape === undefined) return
        shape.title = ['title', 'ctrTitle'].includes(type)
        shape.hidden ||= hiddenPlaceholders.includes(type)
      }
    },
    Fallback: skip,
    moveFrom: skip
  }

  parser.on('opentag', tag => {
    const name = localNameOf(tag.name)
    if (Object.hasOwn(elements, name)) elements[name]?.open?.(tag)
    handler.element?.(name, wanted => attributeOf(tag, wanted))
  })
  parser.on('closetag', tag => {
    const name = localNameOf(tag.name)
    if (Object.hasOwn(elements, name)) elements[name]?.close?.()
  })
  parser.on('text', text => { if (inText) add(text) })
  parser.on('cdata', text => { if (inText) add(text) })
  return parser
}

/** Visits every element. */
export function createElementParser (visit: Visit): XmlParser {
  const parser = createParser()
  parser.on('opentag', tag => { visit(localNameOf(tag.name), wanted => attributeOf(tag, wanted)) })
  return parser
}

/** True if a property that is there is on: it is, unless its value says otherwise. */
export function isOn (value: string): boolean {
  return !['0', 'false', 'off'].includes(value)
}

function createParser (): SaxesParser<{ position: false, xmlns: false }> {
  const parser = new SaxesParser({ position: false, xmlns: false } as const)
  parser.on('doctype', () => { throw new Error('its XML has a document type') })
  return parser
}

/** Returns the value of an attribute by its local name. One with a prefix, as `r:id`, is meant before one without. */
function attributeOf ({ attributes }: SaxesTagPlain, wanted: string): string {
  const prefixed = Object.keys(attributes).find(name => name.endsWith(`:${wanted}`))
  return attributes[prefixed ?? wanted] ?? ''
}

function localNameOf (name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
