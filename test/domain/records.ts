import type { Batch, Document, Session } from '../../src/domain/records.ts'
import type { ExtractPlan, ParsePlan } from '../../src/domain/plan.ts'
import { demoTemplate } from '../../src/demo.ts'

/** A session with one document, asked for at instant 0; parsing waits 1 s and takes 10 s, an extraction waits 1 s and takes 100 s. */
export function sessionWith ({ parse = {}, extract = {}, auto = false, runsAt = [] }: {
  parse?: Partial<ParsePlan>
  extract?: Partial<ExtractPlan>
  auto?: boolean
  runsAt?: number[]
} = {}): Session & { documents: readonly [Document] } {
  const parsePlan = { queueMs: 1_000, parseMs: 10_000, failure: null, pages: null, lateName: false, ...parse }
  const extractPlan = { queueMs: 1_000, extractMs: 100_000, failure: null, fixture: null, ...extract }
  return {
    id: 'session',
    template: demoTemplate,
    autoExtract: auto,
    createdAt: 0,
    documents: [{ id: 'document', workspaceId: 1, key: 'tmp/abc123-invoice.pdf', upload: null, createdAt: 0, parse: { askedAt: 0, plan: parsePlan } }],
    runs: runsAt.map((askedAt, index) => ({ id: `run-${index + 1}`, askedAt, template: demoTemplate, plan: extractPlan })),
    automaticRun: auto ? { id: 'automatic', plan: extractPlan } : null
  }
}

/** A batch of the demo template at instant 0, in which nothing was uploaded. */
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
