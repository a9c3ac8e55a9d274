import { FormatRegistry } from '@sinclair/typebox'
import { FILE_KEY_RULE, FILENAME_RULE, isFileKey, isFilename } from './domain/file-key.ts'
import { isUuid } from './domain/ids.ts'

/** The formats that schemas may name: what they mean, and what to tell whoever misses them. */
const FORMATS = {
  uuid: { test: isUuid, rule: 'must be a valid UUID.' },
  'file-key': { test: isFileKey, rule: `format is invalid: ${FILE_KEY_RULE}` },
  filename: { test: isFilename, rule: `format is invalid: ${FILENAME_RULE}` }
}

for (const [name, { test }] of Object.entries(FORMATS)) FormatRegistry.Set(name, test)

/** Completes "The x field ...". */
export function ruleOfFormat (name: keyof typeof FORMATS): string {
  return FORMATS[name].rule
}
