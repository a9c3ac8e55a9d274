import type { Upload } from '../files/upload.ts'
import type { ExtractionSchema } from '../templates/schema.ts'
import type { Script } from './outcome.ts'
import type { Pace, ParsePlan, ExtractPlan } from './plan.ts'

/**
 * Records hold facts with instants (milliseconds since the epoch), never a status: `lifecycle.ts` derives the status at an
 * instant. Records are immutable: a new fact makes a new record.
 */

export interface Template {
  readonly id: string
  readonly workspaceId: number
  readonly name: string
  readonly description: string | null
  readonly schema: ExtractionSchema
  readonly settings: TemplateSettings
  readonly createdAt: number
  readonly updatedAt: number
}

/** The settings with which documents are parsed for a template. Unknown keys are kept. */
export interface TemplateSettings {
  readonly parsing?: { readonly contextual_embedding?: boolean, readonly [key: string]: unknown }
  readonly [key: string]: unknown
}

/** One batch-create call: the facts that its up to 50 sessions share, and their files in order. */
export interface Batch {
  /** The beginning of all ids that derive from the batch; see `batch.ts`. */
  readonly head: string
  readonly template: Template
  /** File keys. */
  readonly files: readonly string[]
  /** The uploads that existed under those keys at the time of the call, by key. */
  readonly uploads: ReadonlyMap<string, Upload>
  readonly autoExtract: boolean
  readonly createdAt: number
  readonly pace: Pace
  /** The scripts for its files, by index; a file without a script takes the normal course. */
  readonly scripts: ReadonlyMap<number, Script>
}

/** A session that was created on its own, without a batch. */
export interface StandaloneSession {
  readonly id: string
  readonly templateId: string
  readonly name: string
  readonly createdAt: number
}

export interface Session {
  readonly id: string
  readonly template: Template
  /** A fixed name, or the document whose name the session takes once it is being parsed. */
  readonly name: string | RunInput
  /** Null for a session without a batch: only batches have this setting. */
  readonly autoExtract: boolean | null
  readonly createdAt: number
  /** The instant of the last renaming; null if there was none. */
  readonly renamedAt: number | null
  /** The attached documents, in the order of their attachment. */
  readonly documents: readonly Document[]
  /** The requested runs, oldest first. */
  readonly runs: readonly Run[]
  /** The run that starts by itself when parsing ends; null unless `autoExtract`. */
  readonly automaticRun: AutomaticRun | null
}

/** A file in a workspace, with or without sessions that it is attached to. */
export interface Document {
  readonly id: string
  readonly workspaceId: number
  readonly key: string
  /** The name, if it does not follow from the upload; null otherwise. */
  readonly filename: string | null
  /** Null while there is no upload under the key: size, digest and page count are then generated. */
  readonly upload: Upload | null
  readonly source: Source
  readonly createdAt: number
  /** Oldest first; the last one determines the status. */
  readonly parsings: readonly Parsing[]
}

/** The origin of a document. */
export type Source = { readonly type: 'upload', readonly url: null } | { readonly type: 'url', readonly url: string }

/** A document with the runs over it. */
export interface FoundDocument {
  readonly document: Document
  /** In no particular order; runs of deleted sessions and deleted runs are left out. */
  readonly runs: readonly Run[]
}

/** One parsing of a document: its request and its plan. */
export interface Parsing {
  /** The number of earlier parsings of the document. */
  readonly index: number
  /** Fingerprint of the configuration, 64 hexadecimal digits. */
  readonly configHash: string
  readonly parserVersion: string
  readonly requestedAt: number
  readonly plan: ParsePlan
}

/** A document, and the parsing of it that a run uses. */
export interface RunInput {
  readonly document: Document
  readonly parsing: Parsing
}

export interface AutomaticRun {
  readonly id: string
  readonly template: Template
  readonly plan: ExtractPlan
  /** The documents that were attached when the run was requested. */
  readonly inputs: readonly RunInput[]
}

export interface Run extends AutomaticRun {
  readonly requestedAt: number
}

/** The facts that a request for runs contributes. */
export interface RunRequest {
  readonly requestedAt: number
  /** The template as it is at that instant. */
  readonly template: Template
  readonly pace: Pace
  /** The scripts for the runs of sessions and for the parsings of documents, by id; without a script, work takes the normal course. */
  readonly scripts: ReadonlyMap<string, Script>
}
