import { Worker, type ResourceLimits } from 'node:worker_threads'
import type { ClaimedType, ExtractedText } from '../domain/files/extracted-text.ts'
import { TEXT_EXTRACTION_WORKER } from '../package.ts'
import { createExtractionThread, type ExtractionThread, type ExtractionLimits, type StartWorker } from './worker-thread.ts'

/** Reads uploaded files, beside the thread that serves requests. */
export interface TextExtractor {
  /**
   * Reads the text of the file at `path`. Never rejects: for a file that cannot be read, or takes more than the limits allow,
   * the result says so.
   */
  read (path: string, claim: ClaimedType): Promise<ExtractedText>
  /** Ends the workers, and gives up on what is being read or waits to be. */
  close (): Promise<void>
}

export interface TextExtractorOptions extends Partial<ExtractionLimits> {
  /** The number of files that are read at the same time; others wait in the order in which they came. */
  readonly workers?: number
  /** Starts a worker. */
  readonly startWorker?: StartWorker
}

/**
 * A reader whose workers start when they are first needed, stay for the files to come, and do not keep the process alive
 * while they have none. A file may take 10 seconds and 256 MiB of heap, unless said otherwise.
 */
export function createTextExtractor (options: TextExtractorOptions = {}): TextExtractor {
  const { timeout = 10_000, memory = 256 * 1024 * 1024, workers = 1, startWorker = startExtractionWorker } = options
  const lanes = Array.from({ length: workers }, () => createExtractionThread(startWorker, { timeout, memory }))
  const free = [...lanes]
  const waiting: Array<(lane: ExtractionThread) => void> = []

  return {
    async read (path, claim) {
      const lane = free.pop() ?? await new Promise<ExtractionThread>(resolve => waiting.push(resolve))
      const reading = await lane.read(path, claim)
      const next = waiting.shift()
      if (next === undefined) free.push(lane)
      else next(lane)
      return reading
    },
    async close () {
      await Promise.all(lanes.map(async lane => await lane.close()))
    }
  }
}

/** Keeps what a library writes to the console within the worker. */
function startExtractionWorker (resourceLimits: ResourceLimits): Worker {
  return new Worker(TEXT_EXTRACTION_WORKER, { resourceLimits, stdout: true, stderr: true })
}
