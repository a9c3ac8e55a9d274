import { withArchive, type Archive } from './archive.ts'
import { createOfficeTextParser } from './office-xml.ts'
import { createPageCollector, type PagedText } from './pages.ts'
import { notReadable, Unreadable } from './unreadable.ts'

/** The part that makes an archive a Word document. */
export const DOCX_TEXT = 'word/document.xml'

const PROPERTIES = 'docProps/app.xml'

/**
 * The text of a Word document, on the pages that it was last laid out on, as far as it tells; and as many pages as it says
 * it has, or as there are. Throws Unreadable if it is broken or too large.
 */
export async function readDocx (path: string): Promise<PagedText> {
  try {
    return await withArchive(path, /^(?:word\/document|docProps\/app)\.xml$/, contentOf)
  } catch (error) {
    throw error instanceof Unreadable ? error : notReadable('Word document', error)
  }
}

async function contentOf (archive: Archive): Promise<PagedText> {
  const pages = createPageCollector()
  let page = 0
  let blank = true
  const parser = createOfficeTextParser({
    block (type, content) {
      pages.add(page, type, content)
      blank = false
    },
    pageBreak () {
      // A break that was set by hand is often followed by a mark of the same break from the last layout.
      if (!blank) page++
      blank = true
    }
  })
  for await (const xml of archive.text(DOCX_TEXT)) parser.write(xml)
  parser.close()
  return pages.content(await saidPageCount(archive))
}

async function saidPageCount (archive: Archive): Promise<number> {
  let xml = ''
  for await (const piece of archive.text(PROPERTIES)) xml += piece
  const [, said = ''] = /<Pages>([1-9][0-9]{0,3})<\/Pages>/.exec(xml) ?? []
  return said === '' ? 1 : Number(said)
}
