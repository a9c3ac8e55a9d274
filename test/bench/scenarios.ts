import { fileURLToPath } from 'node:url'
import { demoTemplate } from '../../src/config/demo-data.ts'
import { ask, load, type Call, type Measure } from './load.ts'
import { startServer } from './server.ts'

/** The frequent requests of clients, and the servers that answer them. */
export interface Scenario {
  readonly name: string
  /** The number of files in a batch. */
  readonly files: number
  /** The results of a session are asked for, instead of more batches. */
  readonly polls?: true
  /** No batch is like another. */
  readonly varies?: true
  readonly contenders: readonly Contender[]
}

export type Contender = 'real' | 'logging' | 'naive' | 'constant'

export const BATCH_OF_50: Scenario = { name: 'batch of 50', files: 50, contenders: ['real', 'naive', 'constant'] }
export const VARIED_BATCH_OF_50: Scenario = { name: 'batch of 50, each another', files: 50, varies: true, contenders: ['real', 'naive'] }
export const BATCH_OF_1: Scenario = { name: 'batch of 1', files: 1, contenders: ['real', 'logging', 'naive', 'constant'] }
export const VARIED_BATCH_OF_1: Scenario = { name: 'batch of 1, each another', files: 1, varies: true, contenders: ['real', 'naive'] }
export const POLL: Scenario = { name: 'results poll', files: 1, polls: true, contenders: ['real', 'logging', 'naive', 'constant'] }

/** The arguments that start the built server. */
export function realServer (level: 'silent' | 'info'): string[] {
  // Results are there as soon as their session is made.
  return [pathOf('../../dist/cli.js'), '--port', '0', '--seed', 'bench', '--clock', 'real', '--queue', '0', '--parse', '0', '--extract', '0', '--log-level', level]
}

export function pathOf (file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}

/** The answers of the real server to one batch and to one poll. */
interface Answers {
  readonly created: string
  readonly results: string
}

/** A fresh server of that kind under the scenario's load: so long to warm up, then so long for the record, in seconds. */
export async function measure (contender: Contender, scenario: Scenario, warmUp: number, seconds: number): Promise<Measure> {
  const args = await argumentsOf(contender, scenario)
  await using server = await startServer(args)
  const batch = batchOf(scenario.files)
  const created = await ask(server, batch)
  const call = scenario.polls ? pollOf(created) : scenario.varies ? varying(batch) : batch
  await load(server, call, { seconds: warmUp })
  return await load(server, call, { seconds })
}

async function argumentsOf (contender: Contender, { files }: Scenario): Promise<string[]> {
  if (contender === 'real') return realServer('silent')
  if (contender === 'logging') return realServer('info')
  const reference = ['--import', 'tsx', pathOf('references.ts'), contender]
  if (contender === 'naive') return reference
  const { created, results } = await realAnswers(files)
  return [...reference, created, results]
}

/** Throws unless they are what the scenarios are about. */
async function realAnswers (files: number): Promise<Answers> {
  await using server = await startServer(realServer('silent'))
  const created = await ask(server, batchOf(files))
  const results = await ask(server, pollOf(created))
  const { data } = JSON.parse(results) as { data: Array<{ status: string }> }
  if (data.length !== 1 || data[0]?.status !== 'completed') throw new Error(`a poll does not show one completed result: ${results}`)
  return { created, results }
}

const UNIQUE_PART = 'abc123'

/** A batch-create call that asks for so many sessions. */
export function batchOf (files: number): Call {
  return {
    method: 'POST',
    path: `/extractions/templates/${demoTemplate.id}/sessions/batch`,
    body: JSON.stringify({
      files: Array.from({ length: files }, (_, place) => `tmp/${UNIQUE_PART}-invoice-${String(place + 1).padStart(4, '0')}.pdf`),
      settings: { auto_extract: true }
    }),
    status: 201
  }
}

/** The same, but with other file keys each time. */
export function varying (batch: Call): Call {
  return { ...batch, varying: UNIQUE_PART }
}

function pollOf (created: string): Call {
  const [session] = JSON.parse(created) as Array<{ id: string }>
  return { method: 'GET', path: `/extractions/sessions/${session?.id}/results`, status: 200 }
}
