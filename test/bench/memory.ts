import { load } from './load.ts'
import { batchOf, realServer, varying } from './scenarios.ts'
import { MEMORY_PROBE, startServer } from './server.ts'

/** Bytes for each of so many sessions. */
export interface Footprint {
  readonly heap: number
  /** Memory that the system has given to the process. */
  readonly resident: number
}

/** Measures the memory of sessions that are created in batches of different files. */
export async function footprint (sessions: number, files: number): Promise<Footprint> {
  await using server = await startServer([...MEMORY_PROBE, ...realServer('silent')])
  const call = varying(batchOf(files))
  await load(server, call, { times: 1_000 })
  const before = await server.memory()
  await load(server, call, { times: sessions / files })
  const after = await server.memory()
  return { heap: (after.heapUsed - before.heapUsed) / sessions, resident: (after.rss - before.rss) / sessions }
}
