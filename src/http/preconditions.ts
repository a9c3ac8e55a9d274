import type { IncomingHttpHeaders } from 'node:http'

/** The facts that tell one version of a resource from others. */
export interface Validators {
  /** A strong entity tag, without its quotes. */
  readonly etag: string
  /** The instant of the last change, in milliseconds; HTTP knows whole seconds. */
  readonly modifiedAt: number
}

/** Returns the status that ends a GET or HEAD early, by RFC 9110, section 13.2.2; undefined if it goes on. */
export function preconditionStatus (headers: IncomingHttpHeaders, { etag, modifiedAt }: Validators): 304 | 412 | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers
  const unmodifiedSince = readHttpDate(headers['if-unmodified-since'])
  const modifiedSince = readHttpDate(headers['if-modified-since'])
  const isChanged = (since: number | undefined): boolean => since === undefined || wholeSecond(modifiedAt) > since
  // A date counts only where no tag is sent, and only if it is one.
  if (match !== undefined ? !hasTag(match, etag, 'strong') : unmodifiedSince !== undefined && isChanged(unmodifiedSince)) return 412
  if (noneMatch !== undefined ? hasTag(noneMatch, etag, 'weak') : !isChanged(modifiedSince)) return 304
  return undefined
}

/** A range of bytes; both ends are included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Returns the range that a request asks for, by RFC 9110, section 14: undefined for the whole, which also answers what is not a
 * range, more than one range, and a range of an earlier version.
 */
export function rangeIn (headers: IncomingHttpHeaders, size: number, validators: Validators): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = RANGE.exec(headers.range ?? '') ?? []
  if (first === '' && last === '') return undefined
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined
  if (!isOfVersion(headers['if-range'], validators)) return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  if (start >= size) return 'unsatisfiable'
  return { start, end: first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}

const RANGE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i

function isOfVersion (ifRange: unknown, { etag, modifiedAt }: Validators): boolean {
  return ifRange === undefined || ifRange === etag || ifRange === `"${etag}"` || readHttpDate(String(ifRange)) === wholeSecond(modifiedAt)
}

/** Returns true if a list of entity tags has the tag, or is `*`. A tag may lack its quotes, as with S3. */
function hasTag (list: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  return [...list.matchAll(TAG)].some(([whole, weak, quoted, bare]) =>
    whole === '*' || ((quoted ?? bare) === etag && (weak === undefined || comparison === 'weak')))
}

const TAG = /(W\/)?"([^"]*)"|([^\s,"]+)/g

/** Returns milliseconds since the epoch; undefined for a text that is not a date in one of the three forms of HTTP. */
function readHttpDate (text = ''): number | undefined {
  const instant = HTTP_DATE.test(text) ? Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) : NaN
  return Number.isNaN(instant) ? undefined : instant
}

const HTTP_DATE = new RegExp('^(?:' + [
  String.raw`\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT`,
  String.raw`\w{6,9}, \d\d-\w{3}-\d\d \d\d:\d\d:\d\d GMT`,
  String.raw`\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}`
].join('|') + ')$')

function wholeSecond (instant: number): number {
  return Math.floor(instant / 1000) * 1000
}
