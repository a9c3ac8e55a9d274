import contentDisposition from 'content-disposition'
import { isFilename } from '../domain/files/file-key.ts'

/** Returns a Content-Disposition header: with an ASCII `filename` for every client, and `filename*` where that is not the whole name. */
export function dispositionOf (filename: string, type: 'inline' | 'attachment'): string {
  const ascii = filename.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/[^\x20-\x7e]/gu, '?')
  return contentDisposition(filename, { type, fallback: ascii })
}

/**
 * Returns the filename in a Content-Disposition header; null if there is none that a file can have. Lenient: the header may break
 * RFC 6266, and be written in UTF-8, which is how most clients send names beyond ASCII.
 */
export function filenameIn (header: string): string | null {
  const parameters = new Map<string, string>()
  for (const [, name = '', value = ''] of `;${utf8Of(header)}`.matchAll(PARAMETER)) {
    const key = name.toLowerCase()
    if (!parameters.has(key)) parameters.set(key, unquoted(value.trim()))
  }
  const names = [extendedValue(parameters.get('filename*') ?? ''), parameters.get('filename') ?? '']
  return names.find(isFilename) ?? null
}

/** A parameter with a quoted value, or one that ends at the next semicolon. */
const PARAMETER = /;\s*([^=;\s"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)/gs

/** Removes quotes, and the backslashes before quotes and backslashes. */
function unquoted (value: string): string {
  return value.startsWith('"') ? value.replaceAll(/^"|"$/g, '').replaceAll(/\\(["\\])/g, '$1') : value
}

/** Returns the header as UTF-8, if that is what it is; Node.js reads the bytes of headers as ISO 8859-1. */
function utf8Of (header: string): string {
  return decoded(Buffer.from(header, 'latin1'), 'utf-8') ?? header
}

/** Returns the text of a value such as `UTF-8''%e2%82%ac.pdf`; empty for anything else. */
function extendedValue (value: string): string {
  const [, charset = '', encoded = ''] = /^([\w-]+)'[^']*'(.*)$/s.exec(value) ?? []
  const escaped = Buffer.from(encoded).toString('latin1')
  const bytes = escaped.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return decoded(Buffer.from(bytes, 'latin1'), charset) ?? ''
}

/** Returns undefined for bytes that are not text in the charset, and for an unknown charset. */
function decoded (bytes: Buffer, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
