import { FormatRegistry } from '@sinclair/typebox'
import { FILE_KEY_RULE, FILENAME_RULE, isFileKey, isFilename, isMediaType } from '../domain/files/file-key.ts'
import { readDuration, readDurationRange } from '../domain/lifecycle/durations.ts'
import { LAST_INSTANT } from '../domain/lifecycle/clock.ts'
import { isUuid } from '../domain/ids.ts'
import { isNamespaceName, NAMESPACE_RULE } from '../namespaces/namespace.ts'

const INSTANT_RULE = 'an instant such as 2024-01-15T10:30:00Z, from 1970 to 9999'

/** The formats that schemas may name: what they mean, and what to tell whoever misses them. */
const FORMATS = {
  uuid: { test: isUuid, rule: 'must be a valid UUID.' },
  'web-url': { test: (text: string) => /^https?:\/\//i.test(text) && URL.canParse(text), rule: 'must be an http or https URL.' },
  email: { test: isEmail, rule: 'must be a valid email address.' },
  'file-key': { test: isFileKey, rule: `format is invalid: ${FILE_KEY_RULE}` },
  duration: { test: (text: string) => readDuration(text) !== undefined, rule: 'must be a duration such as PT90S, 500ms or 2m, at most a year.' },
  'duration-or-never': { test: (text: string) => text === 'never' || readDuration(text) !== undefined, rule: 'must be a duration such as PT90S, 500ms or 2m, at most a year, or never.' },
  'short-duration': { test: (text: string) => isShort(readDurationRange(text)?.base, 0) && !text.includes('~'), rule: 'must be a duration such as PT1S or 500ms, at most ten minutes.' },
  'short-span': { test: (text: string) => isShort(readDurationRange(text)?.base, readDurationRange(text)?.spread), rule: 'must be a duration such as PT1S or 500ms, or with a spread 2s~1s, at most ten minutes.' },
  instant: { test: (text: string) => readInstant(text) !== undefined, rule: `must be ${INSTANT_RULE}.` },
  'advance-target': { test: (text: string) => ['next-event', 'idle'].includes(text) || readInstant(text) !== undefined, rule: `must be next-event, idle or ${INSTANT_RULE}.` },
  resource: { test: (text: string) => /^(session|document|result):/.test(text) && isUuid(text.slice(text.indexOf(':') + 1)), rule: 'must be session:, document: or result: and an id.' },
  namespace: { test: isNamespaceName, rule: NAMESPACE_RULE },
  'media-type': { test: isMediaType, rule: 'must be a media type such as application/pdf.' },
  filename: { test: isFilename, rule: `format is invalid: ${FILENAME_RULE}` }
}

for (const [name, { test }] of Object.entries(FORMATS)) FormatRegistry.Set(name, test)

/** What has a name, an @ and a host with a dot or without; whether mail arrives there nobody can tell. */
function isEmail (text: string): boolean {
  return /^[^\s@"(),:;<>[\\\]]+@[^\s@"(),:;<>[\\\]]+$/.test(text)
}

/** Whether somebody can be made to wait for so many milliseconds in real time. */
function isShort (base = Infinity, spread = Infinity): boolean {
  return base + spread <= 600_000
}

/** Whether a text is of a format. */
export function isFormat (name: string, text: string): boolean {
  return FormatRegistry.Get(name)?.(text) === true
}

/** What to tell whoever misses a format, by its name; completes "The x field ...". */
export const FORMAT_MESSAGES: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(FORMATS).map(([name, { rule }]) => [name, rule]))

/** Milliseconds since the epoch; undefined if the text is no instant in ISO 8601, or one before 1970 or after 9999. */
export function readInstant (text: string): number | undefined {
  const instant = ISO.test(text) ? Date.parse(text) : NaN
  return instant >= 0 && instant <= LAST_INSTANT ? instant : undefined
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/
