/**
 * A template's `schema_json`: the values to extract from a document. `schemaIssues` accepts exactly this shape; unknown keys
 * are kept.
 */
export interface ExtractionSchema {
  readonly config?: {
    readonly system_message?: string | null
    /** The audit contains the reasoning for each value; false if absent. */
    readonly reasoning_enabled?: boolean
    /** Results have no title without it. */
    readonly extraction_title_prompt?: string | null
    readonly [key: string]: unknown
  }
  /** Shared fields by name; `{ "$ref": "#/definitions/name" }` refers to one. */
  readonly definitions?: { readonly [name: string]: FieldOrReference }
  readonly groups: { readonly [name: string]: FieldGroup }
}

export interface FieldGroup {
  readonly config?: {
    /** `group.field`: an array in another group; this group is extracted once for each of its items. */
    readonly iterates_on?: string
    readonly [key: string]: unknown
  }
  readonly search_query?: string
  readonly extraction_prompt?: string
  readonly fields: { readonly [name: string]: FieldOrReference }
}

export interface Field {
  /** An unknown type is treated as `string`. */
  readonly type: string
  readonly extraction_prompt?: string
  readonly description?: string
  /** The permitted values: strings, numbers, booleans or null. */
  readonly enum?: readonly unknown[]
  /** The items of an array; strings if absent. */
  readonly items?: FieldOrReference
  readonly properties?: { readonly [name: string]: FieldOrReference }
}

/** A reference to a definition; its own prompts take precedence over those of the definition. */
export interface Reference {
  readonly $ref: string
  readonly extraction_prompt?: string
  readonly description?: string
}

export type FieldOrReference = Field | Reference

/** Returns whether the audit of a result contains the reasoning for each value. */
export function isReasoningEnabled ({ config }: ExtractionSchema): boolean {
  return config?.reasoning_enabled === true
}

/** Returns the prompt for the title of a result; null for a result without a title. */
export function titlePromptOf ({ config }: ExtractionSchema): string | null {
  return config?.extraction_title_prompt?.trim() || null
}
