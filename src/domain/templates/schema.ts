import { linkIssues } from './schema-links.ts'
import { shapeIssues } from './schema-shape.ts'

/**
 * What is to be found in a document: a template's `schema_json`, as far as its grammar is known. Unknown keys are kept.
 * What `faultsOfSchema` lets pass is of this shape.
 */
export interface ExtractionSchema {
  readonly config?: {
    readonly system_message?: string | null
    /** Whether the audit says why; false if absent. */
    readonly reasoning_enabled?: boolean
    /** Without it results have no title. */
    readonly extraction_title_prompt?: string | null
    readonly [key: string]: unknown
  }
  /** Fields for use in several places, by name: each is meant by `{ "$ref": "#/definitions/name" }`. */
  readonly definitions?: { readonly [name: string]: FieldOrReference }
  readonly groups: { readonly [name: string]: FieldGroup }
}

export interface FieldGroup {
  readonly config?: {
    /** `group.field`: the array, in another group, for each item of which this group is extracted once. */
    readonly iterates_on?: string
    readonly [key: string]: unknown
  }
  readonly search_query?: string
  readonly extraction_prompt?: string
  readonly fields: { readonly [name: string]: FieldOrReference }
}

export interface Field {
  /** What is none of the known types counts as `string`. */
  readonly type: string
  readonly extraction_prompt?: string
  readonly description?: string
  /** The values to choose from: texts, numbers, truth values or null. */
  readonly enum?: readonly unknown[]
  /** What an array is made of; texts if absent. */
  readonly items?: FieldOrReference
  readonly properties?: { readonly [name: string]: FieldOrReference }
}

/** Stands for a definition; prompts beside it come before those of the definition. */
export interface Reference {
  readonly $ref: string
  readonly extraction_prompt?: string
  readonly description?: string
}

export type FieldOrReference = Field | Reference

/** What is wrong with a `schema_json`: each fault by its dotted path, to complete "The schema_json.<path> field ...". */
export function schemaIssues (schema: unknown): Array<readonly [path: string, fault: string]> {
  const faults = shapeIssues(schema)
  return faults.length > 0 ? faults : linkIssues(schema as ExtractionSchema)
}

/** Whether the audit of a result says why a value is what it is. */
export function isReasoningEnabled ({ config }: ExtractionSchema): boolean {
  return config?.reasoning_enabled === true
}

/** What the title of a result is to say; null if it is to have none. */
export function titlePromptOf ({ config }: ExtractionSchema): string | null {
  return config?.extraction_title_prompt?.trim() || null
}
