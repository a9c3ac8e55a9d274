import { uuidOf } from '../ids.ts'
import { known } from '../known.ts'
import type { AuditEntry } from './audit-entry.ts'
import type { ComposedValue } from './composed-value.ts'
import type { SourceDocument } from './source-document.ts'

type Sources = AuditEntry['sources']

export const MADE_UP = 'Made up by raydocs-mock from the name and type of the field.'
export const MADE_UP_NO_LABEL = `${MADE_UP} No label for it was found in the text.`
export const GIVEN = 'Given to raydocs-mock for this result.'

/** Returns the id of the chunk that parsing makes of a page (from 1). */
export function chunkIdOf (documentId: string, page: number): string {
  return uuidOf('chunk', documentId, page)
}

/** Returns the lines in which the parts of a value are printed. */
export function foundSources (documents: readonly SourceDocument[], { found }: ComposedValue): Sources {
  return found.map(({ part: { document, page, text } }) => {
    return { chunkId: chunkIdOf(known(documents[document], 'a value is found in a document').id, page), text, page }
  })
}

/** Returns a sentence that says where a value was found. */
export function foundReason ({ found, isIncomplete }: ComposedValue): string {
  const places = found.map(({ path, part: { page, label } }) => {
    return [...path.length === 0 ? [] : [path.join('.')], `on page ${page}, behind the label "${label}"`].join(' ')
  })
  return `Found ${places.join('; ')}.${isIncomplete ? ' The rest was made up by raydocs-mock.' : ''}`
}

/**
 * Returns one place, on any page without text, at which a value that is not found could be printed. `digest` decides which
 * one.
 */
export function likelySources (documents: readonly SourceDocument[], digest: string, name: string, value: unknown): Sources {
  const unread = documents.filter(({ pages }) => pages === null)
  const draw = Number.parseInt(digest.slice(8, 16), 16)
  const document = unread[draw % unread.length]
  if (document === undefined) return []
  const page = 1 + draw % document.pageCount
  const text = `${labelOf(name)}: ${typeof value === 'string' ? value : JSON.stringify(value)}`
  return [{ chunkId: chunkIdOf(document.id, page), text, page }]
}

/** `invoice_number` as a document would print it: `Invoice Number`. */
function labelOf (name: string): string {
  return name.split(/[_\s]+/).map(word => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}
