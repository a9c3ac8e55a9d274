import { isUuid } from '../ids.ts'

/**
 * A file key names an upload until a document refers to it. The API hands out `tmp/<uuid>`; its documentation also shows
 * `tmp/abc123-invoice.pdf`.
 */
export const MAX_FILE_KEY_LENGTH = 1024

/** Returns whether the text is `tmp/` and a name: well-formed, at most 1,024 characters, no `..`, no control characters. */
export function isFileKey (value: string): boolean {
  return value.length <= MAX_FILE_KEY_LENGTH &&
    value.startsWith('tmp/') &&
    !value.endsWith('/') &&
    !value.includes('..') &&
    !CONTROL_CHARACTER.test(value) &&
    value.isWellFormed()
}

export const FILE_KEY_RULE = 'send a file key such as tmp/abc123-invoice.pdf, at most 1024 characters, without .. or control characters.'

/**
 * Returns the original filename that a key contains: `invoice1.pdf` for `tmp/abc123-invoice1.pdf`. Removes a leading prefix that
 * makes keys unique: a UUID, or six or more letters and digits with at least one digit, followed by `-`.
 */
export function filenameOfKey (key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1)
  return isUuid(name) ? name : name.replace(UNIQUE_PREFIX, '')
}

const UNIQUE_PREFIX = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-z]*[0-9])[a-z0-9]{6,})-(?=.)/i

export const MAX_FILENAME_LENGTH = 255

/** Returns whether the text is a name without a path: well-formed, 1 to 255 characters, no `/`, `\` or control characters. */
export function isFilename (value: string): boolean {
  return value !== '' && value !== '.' && value !== '..' &&
    value.length <= MAX_FILENAME_LENGTH &&
    !/[/\\]/.test(value) &&
    !CONTROL_CHARACTER.test(value) &&
    value.isWellFormed()
}

export const FILENAME_RULE = 'send a name such as invoice.pdf, at most 255 characters, without a path or control characters.'

/**
 * Returns the media type for the file's extension: one of the formats that the API documents, or plain text; otherwise
 * `application/octet-stream`.
 */
export function mimeOfFilename (filename: string): string {
  const extension = filename.slice(filename.lastIndexOf('.') + 1).toLowerCase()
  return MIME_BY_EXTENSION.get(extension) ?? OCTET_STREAM
}

export const OCTET_STREAM = 'application/octet-stream'

const MIME_BY_EXTENSION: ReadonlyMap<string, string> = new Map([
  ['pdf', 'application/pdf'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['doc', 'application/msword'],
  ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['tiff', 'image/tiff'],
  ['tif', 'image/tiff'],
  ['txt', 'text/plain']
])

/** Returns whether the text is valid in a Content-Type header. */
export function isMediaType (value: string): boolean {
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:;[\x20-\x7e]*)?$/.test(value)
}

/**
 * Returns the type that a content type stands for: one of the formats that the API documents, or a text. Undefined for any other:
 * the name and the bytes of the file tell more.
 */
export function documentTypeOf (contentType: string): string | undefined {
  const type = essenceOf(contentType)
  const named = ALIASES.get(type) ?? type
  return named.startsWith('text/') || DOCUMENT_TYPES.has(named) ? named : undefined
}

/** Returns a media type in lower case, without parameters. */
export function essenceOf (contentType: string): string {
  return contentType.replace(/;.*/s, '').trim().toLowerCase()
}

const DOCUMENT_TYPES: ReadonlySet<string> = new Set(MIME_BY_EXTENSION.values())

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['application/x-pdf', 'application/pdf'],
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/x-png', 'image/png'],
  ['image/tif', 'image/tiff'],
  ['image/x-tiff', 'image/tiff']
])

/**
 * Returns whether documents may have the file's format, judged by its name and media type, or else by `actual`, the media type that
 * its bytes show: null before they have arrived, undefined if they are not looked at. A file that nothing is said about may be one.
 */
export function isSupported (filename: string, contentType: string, actual: string | null | undefined): boolean {
  if (mimeOfFilename(filename) !== OCTET_STREAM || documentTypeOf(contentType) !== undefined) return true
  if (/\.\w{1,5}$/.test(filename)) return false
  return actual === null || isGeneric(contentType) || documentTypeOf(actual ?? OCTET_STREAM) !== undefined
}

/** Returns whether a content type says nothing about a file: the default of a storage or a form, or the type of all downloads. */
export function isGeneric (contentType: string): boolean {
  return GENERIC.test(essenceOf(contentType))
}

const GENERIC = new RegExp('^(?:' + [
  String.raw`(?:application|binary)\/(?:x-)?(?:octet-stream|octetstream|binary|unknown|save|(?:force-)?download)`,
  String.raw`application\/x-www-form-urlencoded`,
  String.raw`multipart\/form-data`
].join('|') + ')?$')

export const SUPPORTED_RULE = 'format is not supported: send a pdf, docx, doc, pptx, png, jpg, jpeg, tiff or txt file.'

// eslint-disable-next-line no-control-regex -- matches control characters on purpose
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/
