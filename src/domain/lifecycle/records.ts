import type { ExtractionSchema } from '../templates/schema.ts'
import type { Script } from './outcomes.ts'
import type { Pace, ParsePlan, ExtractPlan } from './plan.ts'

/**
 * Records hold facts with instants (milliseconds); a status is never stored. What a record *is* at an instant is said by
 * `lifecycle.ts`. Records are never changed in place: a new fact makes a new record.
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

/** How documents are parsed for a template. Unknown keys are kept. */
export interface TemplateSettings {
  readonly parsing?: { readonly contextual_embedding?: boolean, readonly [key: string]: unknown }
  readonly [key: string]: unknown
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
  /** What was found when the bytes were read; null if they were not. */
  readonly inspection: InspectedFile | null
}

/** A reading without the text. */
export interface InspectedFile {
  readonly mime: string
  readonly pageCount: number
  /** Why the bytes cannot be read; null if they can. */
  readonly failure: string | null
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

/** What there is to know of a session that is made by itself. */
export interface StandaloneSession {
  readonly id: string
  readonly templateId: string
  readonly name: string
  readonly createdAt: number
}

export interface Session {
  readonly id: string
  readonly template: Template
  /** What it is called, or by whose name it goes as soon as that is parsed. */
  readonly name: string | RunInput
  /** Null if nobody could say so: only batches have settings. */
  readonly autoExtract: boolean | null
  readonly createdAt: number
  /** When it was last given a name; null if never. */
  readonly renamedAt: number | null
  /** Those that are attached to it, in that order. */
  readonly documents: readonly Document[]
  /** The runs somebody asked for, oldest first. */
  readonly runs: readonly Run[]
  /** The run that starts by itself when parsing ends; null unless `autoExtract`. */
  readonly automaticRun: AutomaticRun | null
}

/** A file in a workspace, whatever sessions it is attached to. */
export interface Document {
  readonly id: string
  readonly workspaceId: number
  readonly key: string
  /** What it is called where that does not follow from the upload; else null. */
  readonly filename: string | null
  /** Null as long as nothing was uploaded under the key: then size, digest and pages are made up. */
  readonly upload: Upload | null
  readonly source: Source
  readonly createdAt: number
  /** Oldest first; what counts is the last. */
  readonly parsings: readonly Parsing[]
}

/** How a document got here. */
export type Source = { readonly type: 'upload', readonly url: null } | { readonly type: 'url', readonly url: string }

/** A document with the runs over it. */
export interface FoundDocument {
  readonly document: Document
  /** In no particular order; runs of deleted sessions and deleted runs are left out. */
  readonly runs: readonly Run[]
}

/** One parsing of a document: when it was asked for, and how it goes. */
export interface Parsing {
  /** How many came before. */
  readonly index: number
  /** Fingerprint of the configuration, 64 hexadecimal digits. */
  readonly configHash: string
  readonly parserVersion: string
  readonly requestedAt: number
  readonly plan: ParsePlan
}

/** A document as a run takes it. */
export interface RunInput {
  readonly document: Document
  readonly parsing: Parsing
}

export interface AutomaticRun {
  readonly id: string
  readonly template: Template
  readonly plan: ExtractPlan
  /** The documents that were attached when the run was asked for. */
  readonly inputs: readonly RunInput[]
}

export interface Run extends AutomaticRun {
  readonly requestedAt: number
}

/** What there is to know of a run when somebody asks for it. */
export interface RunRequest {
  readonly requestedAt: number
  /** The template as it is at that instant. */
  readonly template: Template
  readonly pace: Pace
  /** What was scripted for the runs of sessions, and for the parsings of documents, by their id; those without go as usual. */
  readonly scripts: ReadonlyMap<string, Script>
}
