import type { Fixture } from '../lifecycle/outcome.ts'
import type { Template } from '../lifecycle/records.ts'
import { isReasoningEnabled, titlePromptOf, type ExtractionSchema } from '../templates/schema.ts'
import type { AuditEntry } from './audit-entry.ts'
import { mapGroups, type Grouped } from './by-group.ts'
import { extractedEntries, givenEntries } from './entries.ts'
import type { SourceDocument } from './source-document.ts'

/** Clean values, and the origin of each. */
export interface Extraction {
  readonly data: Grouped<unknown>
  readonly audit: Grouped<AuditEntry>
}

/** The parts of a template that an extraction depends on. */
type ExtractionTemplate = Pick<Template, 'id' | 'schema'>

/** Returns the generated `title` of a result; null if the template does not ask for one. */
export function titleOf (templateName: string, filenames: readonly string[], schema: ExtractionSchema): string | null {
  if (titlePromptOf(schema) === null) return null
  return filenames.length === 0 ? templateName : `${templateName} - ${filenames.join(' - ')}`
}

/**
 * Returns a value for every field of the template: found where it is printed next to one of the field's labels, else made up,
 * plausible by the field's name and type. Values depend on the seed, the template and the files only, so that the same file
 * has the same values in every session. Given data is taken as it is.
 */
export async function extract (
  seed: string, { id, schema }: ExtractionTemplate, documents: readonly SourceDocument[], given?: Fixture['data']
): Promise<Extraction> {
  const input = { seed, templateId: id, schema, documents }
  const entries = given === undefined ? await extractedEntries(input) : givenEntries(input, given)
  return {
    data: given as Extraction['data'] | undefined ?? mapGroups(entries, ({ value }) => value),
    audit: mapGroups(entries, ({ reasoning, sources }) => ({ reasoning: isReasoningEnabled(schema) ? reasoning : null, sources }))
  }
}
