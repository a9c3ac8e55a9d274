import type { ResourceLimits, Worker } from 'node:worker_threads'
import { failedExtraction, type ClaimedType, type ExtractedText } from '../domain/files/extracted-text.ts'
import { claimedTypeOf } from './media-type.ts'

const MIB = 1024 * 1024

const BROKE_OFF = 'Reading the document broke off: save it anew and upload that.'
const STOPPED = 'The server stopped before the document was read: upload it again.'

/** The factor by which the memory of a worker may exceed its heap, and the interval at which that is checked. */
const OUTSIDE_OF_HEAP = 4
const LOOK_EVERY = 100

export interface ExtractionLimits {
  /** Milliseconds a file. */
  readonly timeout: number
  /** Bytes of heap. */
  readonly memory: number
}

/** One worker thread, there from the first file on, and the files it reads one at a time. */
export interface ExtractionThread {
  /** Must not be called again before the reading is there. Never rejects. */
  read (path: string, claim: ClaimedType): Promise<ExtractedText>
  /** Ends the worker; what is being read is given up, and nothing is read any more. */
  close (): Promise<void>
}

/** Starts a worker that answers `{ path, claim }` with `begun` at once, and then with the reading. */
export type StartWorker = (resourceLimits: ResourceLimits) => Worker

export function createExtractionThread (startWorker: StartWorker, { timeout, memory }: ExtractionLimits): ExtractionThread {
  const TOO_MUCH_TIME = `Reading the document took more than ${timeout / 1000} s: make it smaller.`
  const TOO_MUCH_MEMORY = `Reading the document took more than ${memory / MIB} MiB of memory: make it smaller.`

  let worker: Worker | undefined
  let closed = false
  let settle: (outcome: ExtractedText | string) => void
  let stopWatching = (): void => {}

  function start (): Worker {
    const started = startWorker({ maxOldGenerationSizeMb: memory / MIB })
    started.on('message', (message: ExtractedText | 'begun') => {
      if (message === 'begun') stopWatching = watch()
      else settle(message)
    })
    started.on('error', error => {
      settle((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? TOO_MUCH_MEMORY : BROKE_OFF)
    })
    started.on('exit', () => {
      worker = undefined
      settle(closed ? STOPPED : BROKE_OFF)
    })
    return started
  }

  /** Gives up on what takes more than it may. Code that never pauses can only be ended from outside. */
  function watch (): () => void {
    const giveUp = settle
    const resident = process.memoryUsage.rss()
    // A reading that has come while this thread was busy is taken first.
    const time = setTimeout(() => setImmediate(() => giveUp(TOO_MUCH_TIME)), timeout)
    const looks = setInterval(() => {
      if (process.memoryUsage.rss() - resident > memory * OUTSIDE_OF_HEAP) giveUp(TOO_MUCH_MEMORY)
    }, LOOK_EVERY)
    return () => {
      clearTimeout(time)
      clearInterval(looks)
    }
  }

  return {
    async read (path, claim) {
      if (closed) return failedExtraction(claimedTypeOf(claim), STOPPED)
      const reading = worker ??= start()
      reading.ref()
      const outcome = await new Promise<ExtractedText | string>(resolve => {
        settle = resolve
        reading.postMessage({ path, claim })
      })
      stopWatching()
      if (typeof outcome !== 'string') {
        reading.unref()
        return outcome
      }
      await reading.terminate()
      return failedExtraction(claimedTypeOf(claim), outcome)
    },
    async close () {
      closed = true
      await worker?.terminate()
    }
  }
}
