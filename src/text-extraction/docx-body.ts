import type { Block } from '../domain/files/extracted-text.ts'
import { isOn, type OfficeTextHandler } from './office-xml.ts'

/** A page of the body of a Word document. Headers and footers are named by the ids of their parts, notes as by `noteKey`. */
export interface BodyPage {
  readonly headers: string[]
  readonly blocks: Block[]
  readonly footnotes: string[]
  readonly footers: string[]
}

export interface Body {
  /** At least one. */
  readonly pages: readonly BodyPage[]
  readonly endnotes: readonly string[]
}

/** Returns the name of a note: its number alone may be that of a part, or of a note of the other kind. */
export function noteKey (kind: string, id: string): string {
  return `${kind} ${id}`
}

export interface BodyReader extends OfficeTextHandler {
  /** Returns what was read. */
  body (): Body
}

/** A section has headers and footers of its own. Its properties come in its last paragraph, or after that. */
interface Section {
  readonly references: Array<{ readonly list: 'headers' | 'footers', readonly type: string, readonly id: string }>
  hasTitlePage: boolean
  hasEnded: boolean
  /** The page on which it begins; undefined before its first block. */
  page: number | undefined
}

/**
 * Reads the body of a Word document. A header or footer that is shown on many pages is listed once, on the first page of the
 * section that introduces it, though only if the section, or for even pages the document, uses headers of its type.
 */
export function createBodyReader (hasEvenPages: boolean): BodyReader {
  const pages: BodyPage[] = [createPage()]
  const endnotes: string[] = []
  let page = 0
  let isBlank = true
  let section = createSection()

  function pageAt (index: number): BodyPage {
    return (pages[index] ??= createPage())
  }

  function endSection (): void {
    const { references, hasTitlePage, page: first = page } = section
    for (const { list, type, id } of references) {
      if ((type !== 'first' || hasTitlePage) && (type !== 'even' || hasEvenPages)) pageAt(first)[list].push(id)
    }
    section = createSection()
  }

  return {
    block (type, content) {
      section.page ??= page
      pageAt(page).blocks.push({ type, content })
      isBlank = false
    },
    pageBreak () {
      // A break that was set by hand is often followed by a mark of the same break from the last layout.
      if (!isBlank) page++
      isBlank = true
    },
    element (name, attribute) {
      if (name === 'p' && section.hasEnded) endSection()
      else if (name === 'sectPr') section.hasEnded = true
      else if (name === 'titlePg') section.hasTitlePage = isOn(attribute('val'))
      else if (name === 'headerReference') section.references.push({ list: 'headers', type: attribute('type'), id: attribute('id') })
      else if (name === 'footerReference') section.references.push({ list: 'footers', type: attribute('type'), id: attribute('id') })
      else if (name === 'footnoteReference') pageAt(page).footnotes.push(noteKey('footnote', attribute('id')))
      else if (name === 'endnoteReference') endnotes.push(noteKey('endnote', attribute('id')))
    },
    body () {
      endSection()
      return { pages, endnotes }
    }
  }
}

function createPage (): BodyPage {
  return { headers: [], blocks: [], footnotes: [], footers: [] }
}

function createSection (): Section {
  return { references: [], hasTitlePage: false, hasEnded: false, page: undefined }
}
