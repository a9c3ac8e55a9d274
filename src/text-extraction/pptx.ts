import { withArchive, type Archive } from './archive.ts'
import { createOfficeTextParser } from './office-xml.ts'
import { createPageCollector, type PagedText } from './pages.ts'
import { notReadable, Unreadable } from './unreadable.ts'

/** The part that makes an archive a presentation. */
export const PPTX_MAIN = 'ppt/presentation.xml'

/** The text of a presentation: a page for each slide, by their numbers. Throws Unreadable if it is broken or too large. */
export async function readPptx (path: string): Promise<PagedText> {
  try {
    return await withArchive(path, SLIDE, contentOf)
  } catch (error) {
    throw error instanceof Unreadable ? error : notReadable('presentation', error)
  }
}

async function contentOf (archive: Archive): Promise<PagedText> {
  const pages = createPageCollector()
  const slides = archive.names.toSorted((a, b) => numberOf(a) - numberOf(b))
  for (const [page, name] of slides.entries()) {
    if (pages.full(page)) break
    const parser = createOfficeTextParser({ block (type, content) { pages.add(page, type, content) } })
    for await (const xml of archive.text(name)) parser.write(xml)
    parser.close()
  }
  return pages.content(Math.max(slides.length, 1))
}

function numberOf (name: string): number {
  return Number(SLIDE.exec(name)?.[1])
}

const SLIDE = /^ppt\/slides\/slide([0-9]{1,6})\.xml$/
