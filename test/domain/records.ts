import type { Upload } from '../../src/domain/files/upload.ts'
import type { Batch, Document, FoundDocument, RunInput, Session } from '../../src/domain/lifecycle/records.ts'
import type { ExtractPlan, ParsePlan } from '../../src/domain/lifecycle/plan.ts'
import { demoTemplate } from '../../src/config/demo-data.ts'
import { UPLOADED } from '../../src/domain/lifecycle/new-document.ts'
import { runsOf } from '../../src/domain/lifecycle/schedule.ts'

/**
 * Returns a session with one document, created at instant 0. Parsing waits 1 s and takes 10 s; an extraction waits 1 s and takes
 * 100 s.
 */
export function sessionWith ({ parse = {}, extract = {}, auto = false, runsAt = [] }: {
  parse?: Partial<ParsePlan>
  extract?: Partial<ExtractPlan>
  auto?: boolean
  runsAt?: number[]
} = {}): Session & { documents: readonly [Document] } {
  const parsePlan = { queueMs: 1_000, parseMs: 10_000, failure: null, pages: null, lateName: false, ...parse }
  const extractPlan = { queueMs: 1_000, extractMs: 100_000, failure: null, fixture: null, ...extract }
  const parsing = { index: 0, configHash: 'hash', parserVersion: 'v1', requestedAt: 0, plan: parsePlan }
  const document: Document = {
    id: 'document',
    workspaceId: 1,
    key: 'tmp/abc123-invoice.pdf',
    filename: null,
    upload: null,
    source: UPLOADED,
    createdAt: 0,
    parsings: [parsing]
  }
  const input: RunInput = { document, parsing }
  return {
    id: 'session',
    template: demoTemplate,
    name: input,
    autoExtract: auto,
    createdAt: 0,
    renamedAt: null,
    documents: [document],
    runs: runsAt.map((requestedAt, index) => {
      return { id: `run-${index + 1}`, requestedAt, template: demoTemplate, plan: extractPlan, inputs: [input] }
    }),
    automaticRun: auto ? { id: 'automatic', template: demoTemplate, plan: extractPlan, inputs: [input] } : null
  }
}

/** Returns a document with the runs of these sessions over it. */
export function foundIn (sessions: readonly Session[], document: Document): FoundDocument {
  const runs = sessions.flatMap(runsOf).filter(({ inputs }) => inputs.some(input => input.document.id === document.id))
  return { document, runs }
}

/** Returns the upload of a PDF that was not inspected. */
export function uploadOf (more: Partial<Upload> = {}): Upload {
  return {
    key: 'tmp/a.pdf',
    filename: null,
    contentType: 'application/pdf',
    size: 1,
    sha256: 'a'.repeat(64),
    uploadedAt: 0,
    inspection: null,
    ...more
  }
}

/** Returns a batch of the demo template, created at instant 0, without uploads. */
export function batchOf (head: string, files: string[], more: Partial<Batch> = {}): Batch {
  const second = { base: 1_000, spread: 0 }
  return {
    head,
    template: demoTemplate,
    files,
    uploads: new Map(),
    autoExtract: false,
    createdAt: 0,
    pace: { queue: second, parse: second, extract: second },
    scripts: new Map(),
    ...more
  }
}
