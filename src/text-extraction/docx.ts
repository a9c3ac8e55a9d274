import type { Block } from '../domain/files/extracted-text.ts'
import { withArchive, type Archive } from './archive.ts'
import { createBodyReader, noteKey } from './docx-body.ts'
import { mainPartOf, OFFICE_PARTS, readPart, relatedParts, visitRelated, type RelatedPart } from './office-parts.ts'
import { isOn } from './office-xml.ts'
import { createPageCollector, type PagedText } from './pages.ts'
import { Damaged, Unreadable } from './unreadable.ts'

const PROPERTIES = 'docProps/app.xml'

/**
 * The text of a Word document with its headers, footers and notes, on the pages that it was last laid out on, as far as it
 * tells; and as many pages as it says it has, or as there are. Throws Unreadable if it is broken or too large.
 */
export async function readDocx (path: string): Promise<PagedText> {
  try {
    return await withArchive(path, OFFICE_PARTS, contentOf)
  } catch (error) {
    throw error instanceof Unreadable ? error : new Damaged()
  }
}

async function contentOf (archive: Archive): Promise<PagedText> {
  const main = await mainPartOf(archive)
  const related = await relatedParts(archive, main)
  const hiddenStyles = await hiddenStylesOf(archive, related)
  const reader = createBodyReader(await hasEvenPages(archive, related))
  await readPart(archive, main, { ...reader, hiddenStyles })
  const { pages, endnotes } = reader.body()
  const aside = await readAside(archive, related, hiddenStyles)
  const collector = createPageCollector()
  for (const [index, { headers, blocks, footnotes, footers }] of pages.entries()) {
    const notes = index === pages.length - 1 ? [...footnotes, ...endnotes] : footnotes
    for (const { type, content } of [...aside.take(headers), ...blocks, ...aside.take(notes), ...aside.take(footers)]) {
      collector.add(index, type, content)
    }
  }
  return collector.content(await saidPageCount(archive))
}

/** The text that stands beside the body: headers, footers and notes. */
interface Aside {
  /** Returns the blocks of these headers, footers or notes, though each one only once. */
  take (keys: readonly string[]): Block[]
}

async function readAside (archive: Archive, related: readonly RelatedPart[], hiddenStyles: ReadonlySet<string>): Promise<Aside> {
  const blocksByKey = new Map<string, Block[]>()
  for (const { id, kind, name } of related) {
    if (!ASIDE.includes(kind)) continue
    let blocks: Block[] = []
    blocksByKey.set(id, blocks)
    await readPart(archive, name, {
      hiddenStyles,
      element (name, attribute) {
        if (name === 'footnote' || name === 'endnote') blocksByKey.set(noteKey(name, attribute('id')), blocks = [])
      },
      block (type, content) { blocks.push({ type, content }) }
    })
  }
  return {
    take: keys => keys.flatMap(key => {
      const blocks = blocksByKey.get(key) ?? []
      blocksByKey.delete(key)
      return blocks
    })
  }
}

/** The kinds of parts whose text stands beside the body. */
const ASIDE = ['header', 'footer', 'footnotes', 'endnotes']

/** Returns the ids of the styles whose text is hidden. */
async function hiddenStylesOf (archive: Archive, related: readonly RelatedPart[]): Promise<ReadonlySet<string>> {
  const hidden = new Set<string>()
  let style = ''
  await visitRelated(archive, related, 'styles', (name, attribute) => {
    if (name === 'style') style = attribute('styleId')
    else if (name === 'vanish' && isOn(attribute('val'))) hidden.add(style)
  })
  return hidden
}

/** True if even pages have headers and footers of their own. */
async function hasEvenPages (archive: Archive, related: readonly RelatedPart[]): Promise<boolean> {
  let has = false
  await visitRelated(archive, related, 'settings', (name, attribute) => {
    if (name === 'evenAndOddHeaders') has = isOn(attribute('val'))
  })
  return has
}

async function saidPageCount (archive: Archive): Promise<number> {
  let xml = ''
  for await (const piece of archive.text(PROPERTIES)) xml += piece
  const [, said = ''] = /<Pages>([1-9][0-9]{0,3})<\/Pages>/.exec(xml) ?? []
  return said === '' ? 1 : Number(said)
}
