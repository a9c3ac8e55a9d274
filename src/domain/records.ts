import type { Script } from './outcomes.ts'
import type { Pace, ParsePlan, ExtractPlan } from './plan.ts'

/**
 * Records hold facts with instants (milliseconds); a status is never stored. What a record *is* at an instant is said by
 * `lifecycle.ts`. Records are never changed in place: a new fact makes a new record.
 */

/** What is to be found in a document: the documented part of `schema_json`. Unknown keys are kept. */
export interface ExtractionSchema {
  readonly config?: { readonly [key: string]: unknown }
  readonly definitions?: { readonly [name: string]: unknown }
  readonly groups: { readonly [name: string]: FieldGroup }
}

export interface FieldGroup {
  readonly search_query?: string
  readonly extraction_prompt?: string
  readonly fields: { readonly [name: string]: Field }
}

export interface Field {
  readonly type: string
  readonly extraction_prompt?: string
  readonly enum?: readonly unknown[]
  readonly items?: Field
  readonly properties?: { readonly [name: string]: Field }
}

export interface Template {
  readonly id: string
  readonly workspaceId: number
  readonly name: string
  readonly description: string | null
  readonly schema: ExtractionSchema
}

/** Bytes that arrived under a file key. The bytes themselves lie in the blob store, under their SHA-256. */
export interface Upload {
  readonly key: string
  /** The name the client gave the file, null if it gave none. */
  readonly filename: string | null
  readonly contentType: string
  readonly size: number
  /** 64 hexadecimal digits. */
  readonly sha256: string
  readonly uploadedAt: number
}

/** One batch-create call: everything its up to 50 sessions have in common, and their files in order. */
export interface Batch {
  /** The beginning of all ids that the batch gives rise to; see `ids.ts`. */
  readonly head: string
  readonly template: Template
  readonly files: readonly string[]
  /** What had been uploaded under those keys when the call came, by key. */
  readonly uploads: ReadonlyMap<string, Upload>
  readonly autoExtract: boolean
  readonly createdAt: number
  readonly pace: Pace
  /** What was scripted for files of it, by their index; files without go as usual. */
  readonly scripts: ReadonlyMap<number, Script>
}

export interface Session {
  readonly id: string
  readonly template: Template
  readonly autoExtract: boolean
  readonly createdAt: number
  readonly documents: readonly Document[]
  /** The runs somebody asked for, oldest first. */
  readonly runs: readonly Run[]
  /** The run that starts by itself when parsing ends; null unless `autoExtract`. */
  readonly automaticRun: AutomaticRun | null
}

export interface Document {
  readonly id: string
  readonly workspaceId: number
  readonly key: string
  /** Null as long as nothing was uploaded under the key: then size, digest and pages are made up. */
  readonly upload: Upload | null
  readonly createdAt: number
  /** When parsing was asked for, and how it goes. */
  readonly parse: { readonly askedAt: number, readonly plan: ParsePlan }
}

export interface AutomaticRun {
  readonly id: string
  readonly plan: ExtractPlan
}

export interface Run extends AutomaticRun, Omit<RunRequest, 'pace' | 'scripts'> {}

/** What there is to know of a run when somebody asks for it. */
export interface RunRequest {
  readonly askedAt: number
  /** The template as it is at that instant. */
  readonly template: Template
  readonly pace: Pace
  /** What was scripted for sessions, by their id; those without go as usual. */
  readonly scripts: ReadonlyMap<string, Script>
}
