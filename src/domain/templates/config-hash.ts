import { stringify } from 'safe-stable-stringify'
import type { Template } from '../lifecycle/records.ts'
import { digestOf } from '../ids.ts'

/** The version of the parser that documents are parsed with unless another is asked for. */
export const PARSER_VERSION = 'v1'

/** `config_hash` of a result: 64 hexadecimal digits that change with the template's schema and parsing settings, whatever the order of their keys. */
export const configHashOf = fingerprint(template => ['config', String(stringify(template.schema)), parsingSettingsOf(template)])

/** `config_hash` of a parsing: it changes with the settings that parsing depends on, and with nothing else. */
export const parsingHashOf = fingerprint(template => ['parsing', parsingSettingsOf(template)])

/** What is not set is as it is by default. */
function parsingSettingsOf ({ settings: { parsing } }: Template): string {
  return String(stringify({ contextual_embedding: false, ...parsing }))
}

/** A digest of some of a template, which is worked out once for each. */
function fingerprint (partsOf: (template: Template) => readonly string[]): (template: Template) => string {
  const known = new WeakMap<Template, string>()
  return template => {
    let digest = known.get(template)
    if (digest === undefined) {
      digest = digestOf(...partsOf(template))
      known.set(template, digest)
    }
    return digest
  }
}
