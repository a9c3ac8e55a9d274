import type { Block } from '../domain/files/extracted-text.ts'
import { withArchive, type Archive } from './archive.ts'
import { mainPartOf, OFFICE_PARTS, readPart, relatedParts, visitElements } from './office-parts.ts'
import { isOn } from './office-xml.ts'
import { createPageCollector, type PagedText } from './pages.ts'
import { Damaged, Unreadable } from './unreadable.ts'

/**
 * The text of a presentation: a page for each slide that is shown, in their order, with its notes. Throws Unreadable if it is
 * broken or too large.
 */
export async function readPptx (path: string): Promise<PagedText> {
  try {
    return await withArchive(path, OFFICE_PARTS, contentOf)
  } catch (error) {
    throw error instanceof Unreadable ? error : new Damaged()
  }
}

async function contentOf (archive: Archive): Promise<PagedText> {
  const pages = createPageCollector()
  let count = 0
  for (const name of await slidesOf(archive)) {
    // A slide that is beyond the limits is counted, shown or not.
    const slide = pages.full(count) ? [] : await readSlide(archive, name)
    for (const { type, content } of slide ?? []) pages.add(count, type, content)
    if (slide !== undefined) count++
  }
  return pages.content(Math.max(count, 1))
}

/** Returns the names of the slides that the presentation lists, in their order; of all by their numbers, if it lists none. */
async function slidesOf (archive: Archive): Promise<string[]> {
  const main = await mainPartOf(archive)
  const names = new Map((await relatedParts(archive, main)).map(({ id, name }) => [id, name]))
  const listed: string[] = []
  await visitElements(archive, main, (name, attribute) => {
    if (name === 'sldId') listed.push(names.get(attribute('id')) ?? '')
  })
  return listed.length > 0 ? listed : archive.names.filter(name => SLIDE.test(name)).sort((a, b) => numberOf(a) - numberOf(b))
}

function numberOf (name: string): number {
  return Number(SLIDE.exec(name)?.[1])
}

const SLIDE = /^ppt\/slides\/slide([0-9]{1,6})\.xml$/

/** Returns the text of a slide, then its notes; undefined if it is not shown. */
async function readSlide (archive: Archive, name: string): Promise<Block[] | undefined> {
  const blocks: Block[] = []
  let isShown = true
  await readPart(archive, name, {
    element (name, attribute) { if (name === 'sld') isShown = isOn(attribute('show')) },
    block (type, content) { blocks.push({ type, content }) }
  })
  if (!isShown) return undefined
  for (const { kind, name: notes } of await relatedParts(archive, name)) {
    if (kind !== 'notesSlide') continue
    await readPart(archive, notes, {
      hiddenPlaceholders: NOT_NOTES,
      block (type, content) { blocks.push({ type, content }) }
    })
  }
  return blocks
}

/** The placeholders around the notes of a slide. */
const NOT_NOTES = ['sldNum', 'sldImg', 'hdr', 'ftr', 'dt']
