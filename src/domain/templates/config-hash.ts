import { stringify } from 'safe-stable-stringify'
import type { Template } from '../lifecycle/records.ts'
import { digestOf } from '../ids.ts'

/** The version of the parser, unless a request names another. */
export const PARSER_VERSION = 'v1'

/** Returns a result's `config_hash`: 64 hexadecimal digits that depend on the template's schema and parsing settings, not on key order. */
export const configHashOf = fingerprint(template => ['config', stringify(template.schema), parsingSettingsOf(template)])

/** Returns a parsing's `config_hash`: 64 hexadecimal digits that depend on the template's parsing settings, not on key order. */
export const parsingHashOf = fingerprint(template => ['parsing', parsingSettingsOf(template)])

/** An absent setting counts as its default. */
function parsingSettingsOf ({ settings: { parsing } }: Template): string {
  return stringify({ contextual_embedding: false, ...parsing })
}

/** Returns a function that digests some parts of a template, once for each template. */
function fingerprint (partsOf: (template: Template) => readonly string[]): (template: Template) => string {
  const digests = new WeakMap<Template, string>()
  return template => {
    let digest = digests.get(template)
    if (digest === undefined) {
      digest = digestOf(...partsOf(template))
      digests.set(template, digest)
    }
    return digest
  }
}
