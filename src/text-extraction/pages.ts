import type { Block } from '../domain/files/extracted-text.ts'

/** The limits of extracted text: pages, and characters in all. */
export const MAX_PAGES = 500
export const MAX_CHARACTERS = 1_000_000

/** The result of the reader of a format. */
export interface PagedText {
  readonly pageCount: number
  readonly pages: ReadonlyArray<readonly Block[]>
}

/** Gathers the text of a document within the limits; what goes beyond them is left out. */
export interface PageCollector {
  /** True if more text of this page (from 0) would be left out. */
  full (page: number): boolean
  /** Adds a block at the end of a page, without control characters and blank ends; an empty one is left out. */
  add (page: number, type: Block['type'], content: string): void
  /** The content of a document that has `pageCount` pages, or more if there is text on more. */
  content (pageCount: number): PagedText
}

export function createPageCollector (maxCharacters = MAX_CHARACTERS): PageCollector {
  const pages: Block[][] = []
  let left = maxCharacters

  function full (page: number): boolean {
    return left === 0 || page >= MAX_PAGES
  }

  function reach (count: number): void {
    while (pages.length < count) pages.push([])
  }

  return {
    full,
    add (page, type, content) {
      const text = cleaned(content).slice(0, left).toWellFormed()
      if (text === '' || full(page)) return
      left -= text.length
      reach(page + 1)
      pages[page]?.push({ type, content: text })
    },
    content (pageCount) {
      reach(Math.min(pageCount, MAX_PAGES))
      return { pageCount: Math.max(pageCount, pages.length), pages }
    }
  }
}

function cleaned (text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(CONTROL_CHARACTERS, '').replace(/[ \t]+$/gm, '').trim()
}

// eslint-disable-next-line no-control-regex -- the control characters are the point
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f]/g
