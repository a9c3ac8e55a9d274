import { stringify } from 'safe-stable-stringify'
import type { Template } from './records.ts'
import { digestOf } from './ids.ts'

const known = new WeakMap<Template, string>()

/** `config_hash`: 64 hexadecimal digits that change with the template's schema, whatever the order of its keys. */
export function configHashOf (template: Template): string {
  let fingerprint = known.get(template)
  if (fingerprint === undefined) {
    fingerprint = digestOf('config', stringify(template.schema))
    known.set(template, fingerprint)
  }
  return fingerprint
}
