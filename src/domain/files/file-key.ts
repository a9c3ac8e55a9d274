import { isUuid } from '../ids.ts'

/**
 * File keys: what an upload is called until a session takes it over. The API hands out `tmp/<uuid>`; its documentation
 * also shows `tmp/abc123-invoice.pdf`.
 */
export const MAX_FILE_KEY_LENGTH = 1024

/** `tmp/` and a name: no `..`, no control characters, well-formed text, at most 1,024 characters. */
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
 * The name a person gave the file, as far as the key tells: `tmp/abc123-invoice1.pdf` is `invoice1.pdf`. What is left
 * out is a leading uuid, or six or more letters and digits with a digit among them, and the `-` behind it.
 */
export function filenameOfKey (key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1)
  return isUuid(name) ? name : name.replace(UNIQUE_PREFIX, '')
}

const UNIQUE_PREFIX = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-z]*[0-9])[a-z0-9]{6,})-(?=.)/i

export const MAX_FILENAME_LENGTH = 255

/** A name without a path: no `/`, `\`, control characters; well-formed text, at most 255 characters. */
export function isFilename (value: string): boolean {
  return value !== '' && value !== '.' && value !== '..' &&
    value.length <= MAX_FILENAME_LENGTH &&
    !/[/\\]/.test(value) &&
    !CONTROL_CHARACTER.test(value) &&
    value.isWellFormed()
}

export const FILENAME_RULE = 'send a name such as invoice.pdf, at most 255 characters, without a path or control characters.'

/** The media type by the file's extension, for the formats that the API documents, and plain text; else `application/octet-stream`. */
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

/** Whether a text can stand in a Content-Type header. */
export function isMediaType (value: string): boolean {
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:;[\x20-\x7e]*)?$/.test(value)
}

/** Whether a file is of a format that documents may have, as far as its name and its media type tell. */
export function isSupported (filename: string, contentType: string): boolean {
  const type = contentType.replace(/;.*/s, '').trim().toLowerCase()
  if (mimeOfFilename(filename) !== OCTET_STREAM || type.startsWith('text/') || [...MIME_BY_EXTENSION.values()].includes(type)) return true
  return type === OCTET_STREAM && !/\.\w{1,5}$/.test(filename)
}

export const SUPPORTED_RULE = 'format is not supported: send a pdf, docx, doc, pptx, png, jpg, jpeg, tiff or txt file.'

// eslint-disable-next-line no-control-regex -- the control characters are the point
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/
