import type { Upload } from '../files/upload.ts'
import type { DurationRange } from './durations.ts'
import type { Fixture, Outcome } from './outcome.ts'
import { digestOf, uniform } from '../ids.ts'

/** The duration of each step of the work: waiting for a worker, parsing a document, extracting a result. */
export interface Pace {
  readonly queue: DurationRange
  readonly parse: DurationRange
  readonly extract: DurationRange
}

/** The course of one parsing; fixed when the parsing is requested. */
export interface ParsePlan {
  readonly queueMs: number
  readonly parseMs: number
  /** The reason with which parsing fails at its end; null if it succeeds. */
  readonly failure: string | null
  /** The number of pages that parsing reports; null for as many as the file has. */
  readonly pages: number | null
  /** The session takes the document's name when parsing ends, not when it begins. */
  readonly lateName: boolean
}

/** The course of one run; fixed when the run is requested. It starts when the documents are parsed. */
export interface ExtractPlan {
  readonly queueMs: number
  readonly extractMs: number
  /** The reason with which the extraction fails at its end; null if it succeeds. */
  readonly failure: string | null
  /** Exact values for the result; null if all values come from the documents or are generated. */
  readonly fixture: Fixture | null
}

/**
 * Returns the plan for a parsing. The id, itself derived from the seed, determines the durations within their ranges.
 * Parsing fails if the uploaded bytes are unreadable; a file key without an upload can always be parsed.
 */
export function parsePlanOf (pace: Pace, id: string, outcome: Outcome, upload: Upload | null): ParsePlan {
  return {
    queueMs: outcome.queueMs ?? sampleDuration(pace.queue, id, 'queue'),
    parseMs: outcome.parseMs ?? sampleDuration(pace.parse, id, 'parse'),
    failure: outcome.parseFailure ?? upload?.inspection?.failure ?? null,
    pages: outcome.pages ?? null,
    lateName: outcome.lateName ?? false
  }
}

/** Returns the plan for a run; its id determines the durations within their ranges. */
export function extractPlanOf (pace: Pace, id: string, outcome: Outcome): ExtractPlan {
  return {
    queueMs: outcome.queueMs ?? sampleDuration(pace.queue, id, 'queue'),
    extractMs: outcome.extractMs ?? sampleDuration(pace.extract, id, 'extract'),
    failure: outcome.extractFailure ?? null,
    fixture: outcome.fixture ?? null
  }
}

/** Returns milliseconds within the range, determined by `id` and `step` alone; computes no digest for a range without spread. */
export function sampleDuration ({ base, spread }: DurationRange, id: string, step: string): number {
  if (spread === 0) return base
  return Math.max(0, Math.round(base + spread * (2 * uniform(digestOf(id, step), 0) - 1)))
}
