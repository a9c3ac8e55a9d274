import { FormatRegistry } from '@sinclair/typebox'
import { FILE_KEY_RULE, FILENAME_RULE, isFileKey, isFilename, isMediaType } from '../domain/files/file-key.ts'
import { readDuration, readDurationRange } from '../domain/lifecycle/durations.ts'
import { readInstant } from '../domain/lifecycle/clock.ts'
import { isUuid } from '../domain/ids.ts'
import { isNamespaceName, NAMESPACE_RULE } from '../namespaces/namespace.ts'

const INSTANT_RULE = 'an instant such as 2024-01-15T10:30:00Z, from 1970 to 9999'

const DURATION_RULE = 'must be a duration such as PT90S, 500ms or 2m, at most a year, in weeks or smaller units'

/** The formats of strings in schemas: a test, and the message that completes "The x field ...". */
const FORMATS = {
  uuid: { test: isUuid, message: 'must be a valid UUID.' },
  'web-url': { test: (text: string) => /^https?:\/\//i.test(text) && URL.canParse(text), message: 'must be an http or https URL.' },
  email: { test: isEmail, message: 'must be a valid email address.' },
  'file-key': { test: isFileKey, message: `format is invalid: ${FILE_KEY_RULE}` },
  duration: { test: isDuration, message: `${DURATION_RULE}.` },
  'duration-or-never': { test: (text: string) => text === 'never' || isDuration(text), message: `${DURATION_RULE}, or never.` },
  'short-duration': {
    test: (text: string) => isShort(readDurationRange(text)?.base, 0) && !text.includes('~'),
    message: 'must be a duration such as PT1S or 500ms, at most ten minutes.'
  },
  'short-span': {
    test: (text: string) => isShort(readDurationRange(text)?.base, readDurationRange(text)?.spread),
    message: 'must be a duration such as PT1S or 500ms, or with a spread 2s~1s, at most ten minutes.'
  },
  instant: { test: (text: string) => readInstant(text) !== undefined, message: `must be ${INSTANT_RULE}.` },
  'advance-target': {
    test: (text: string) => ['next-event', 'idle'].includes(text) || readInstant(text) !== undefined,
    message: `must be next-event, idle or ${INSTANT_RULE}.`
  },
  resource: {
    test: (text: string) => /^(session|document|result):/.test(text) && isUuid(text.slice(text.indexOf(':') + 1)),
    message: 'must be session:, document: or result: and an id.'
  },
  namespace: { test: isNamespaceName, message: NAMESPACE_RULE },
  'media-type': { test: isMediaType, message: 'must be a media type such as application/pdf.' },
  filename: { test: isFilename, message: `format is invalid: ${FILENAME_RULE}` }
}

for (const [name, { test }] of Object.entries(FORMATS)) FormatRegistry.Set(name, test)

/** Accepts a name, an @ and a host, with or without a dot: only a delivery could prove more. */
function isEmail (text: string): boolean {
  return /^[^\s@"(),:;<>[\\\]]+@[^\s@"(),:;<>[\\\]]+$/.test(text)
}

function isDuration (text: string): boolean {
  return readDuration(text) !== undefined
}

/** Returns true if a delay in real time of at most `base + spread` milliseconds is allowed. */
function isShort (base = Infinity, spread = Infinity): boolean {
  return base + spread <= 600_000
}

/** Returns true if the text matches the named format. */
export function isFormat (name: string, text: string): boolean {
  return FormatRegistry.Get(name)?.(text) === true
}

/** The message for text that does not match a format, by format; completes "The x field ...". */
export const FORMAT_MESSAGES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(FORMATS).map(([name, { message }]) => [name, message])
)
