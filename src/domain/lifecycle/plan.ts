import type { Fixture, Outcome } from './outcomes.ts'
import type { Upload } from './records.ts'
import { digestOf, uniform } from '../ids.ts'

/** A length of time in milliseconds: `base`, give or take up to `spread`. */
export interface DurationRange {
  readonly base: number
  readonly spread: number
}

/** How long each step of the work takes: waiting for a worker, parsing a document, extracting a result. */
export interface Pace {
  readonly queue: DurationRange
  readonly parse: DurationRange
  readonly extract: DurationRange
}

/** How the parsing of one document goes; fixed when it is asked for. */
export interface ParsePlan {
  readonly queueMs: number
  readonly parseMs: number
  /** Why parsing fails in the end; null if it succeeds. */
  readonly failure: string | null
  /** How many pages it finds; null for as many as the file has. */
  readonly pages: number | null
  /** The session takes the document's name when parsing has ended, not when it begins. */
  readonly lateName: boolean
}

/** How one run goes; fixed when it is asked for. Its clock starts when the documents are parsed. */
export interface ExtractPlan {
  readonly queueMs: number
  readonly extractMs: number
  /** Why the extraction fails in the end; null if it succeeds. */
  readonly failure: string | null
  /** What it finds; null for what is made up. */
  readonly fixture: Fixture | null
}

/**
 * The plan for parsing a document; the id, itself drawn from the seed, decides where in each span it falls. What cannot be
 * read fails, unless there was nothing to be read.
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

/** The plan for run `id`, likewise. */
export function extractPlanOf (pace: Pace, id: string, outcome: Outcome): ExtractPlan {
  return {
    queueMs: outcome.queueMs ?? sampleDuration(pace.queue, id, 'queue'),
    extractMs: outcome.extractMs ?? sampleDuration(pace.extract, id, 'extract'),
    failure: outcome.extractFailure ?? null,
    fixture: outcome.fixture ?? null
  }
}

/** A length within the span that id and step decide, and nothing else; without a spread nothing needs to be drawn. */
export function sampleDuration ({ base, spread }: DurationRange, id: string, step: string): number {
  if (spread === 0) return base
  return Math.max(0, Math.round(base + spread * (2 * uniform(digestOf(id, step), 0) - 1)))
}
