import { posix } from 'node:path'
import type { Archive } from './archive.ts'
import { createElementParser, createOfficeTextParser, type OfficeTextHandler, type Visit } from './office-xml.ts'

/** The entries of an Office document that can be read: its parts of XML, and what relates them. */
export const OFFICE_PARTS = /\.(?:xml|rels)$/i

/** A part that another one refers to. */
export interface RelatedPart {
  /** The name by which the other part refers to it. */
  readonly id: string
  /** The last word of the type of the relationship, `header` for one. */
  readonly kind: string
  /** The name of its entry. */
  readonly name: string
}

/** Returns the parts that a part refers to, the archive itself if it is ''. */
export async function relatedParts (archive: Archive, part: string): Promise<RelatedPart[]> {
  const { dir, base } = posix.parse(part)
  const related: RelatedPart[] = []
  await visitElements(archive, posix.join(dir, '_rels', `${base}.rels`), (name, attribute) => {
    if (name !== 'Relationship') return
    related.push({
      id: attribute('Id'),
      kind: posix.basename(attribute('Type')),
      name: posix.resolve('/', dir, attribute('Target')).slice(1)
    })
  })
  return related
}

/** Returns the name of the main part: the one that the archive names or that has the usual name; '' if there is none. */
export async function mainPartOf (archive: Archive): Promise<string> {
  const named = (await relatedParts(archive, '')).filter(({ kind }) => kind === 'officeDocument').map(({ name }) => name)
  return [...named, ...USUAL].find(name => archive.names.includes(name)) ?? ''
}

/** The usual names of the main parts of a Word document and a presentation. */
const USUAL = ['word/document.xml', 'ppt/presentation.xml']

/** Reads the text of a part; of none, if there is no such part. Throws if it is not well-formed. */
export async function readPart (archive: Archive, name: string, handler: OfficeTextHandler): Promise<void> {
  await parsePart(archive, name, createOfficeTextParser(handler))
}

/** Visits the elements of a part; of none, if there is no such part. Throws if it is not well-formed. */
export async function visitElements (archive: Archive, name: string, visit: Visit): Promise<void> {
  await parsePart(archive, name, createElementParser(visit))
}

/** Visits the elements of the related parts of a kind. */
export async function visitRelated (archive: Archive, related: readonly RelatedPart[], kind: string, visit: Visit): Promise<void> {
  for (const part of related) {
    if (part.kind === kind) await visitElements(archive, part.name, visit)
  }
}

async function parsePart (archive: Archive, name: string, parser: ReturnType<typeof createElementParser>): Promise<void> {
  if (!archive.names.includes(name)) return
  for await (const xml of archive.text(name)) parser.write(xml)
  parser.close()
}
