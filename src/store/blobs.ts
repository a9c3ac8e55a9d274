import { createHash, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** Where uploaded bytes are kept: on disk, one file for each content, in a folder for each namespace. */
export interface Blobs {
  /**
   * Streams `source` to disk and tells its size in bytes and its SHA-256. Throws BlobTooLarge as soon as more than
   * `limit` bytes have come, and whatever error `source` ends with; then nothing is kept. `source` is left open.
   */
  receive (namespace: string, source: Readable, limit: number): Promise<{ size: number, sha256: string }>
  /** Removes everything, unless the folder was the caller's own. */
  close (): Promise<void>
}

export class BlobTooLarge extends Error {}

/** Blobs in `folder`, or, if none is given, in a private temporary folder that goes when they are closed. */
export function createBlobs (folder?: string): Blobs {
  let root: Promise<string> | undefined

  function rootFolder (): Promise<string> {
    root ??= folder === undefined ? mkdtemp(join(tmpdir(), 'raydocs-mock-')) : Promise.resolve(folder)
    return root
  }

  return {
    async receive (namespace, source, limit) {
      const home = join(await rootFolder(), 'blobs', namespace)
      await mkdir(home, { recursive: true, mode: 0o700 })
      const incoming = join(home, `${randomUUID()}.incoming`)
      try {
        const received = await write(source, incoming, limit)
        await rename(incoming, join(home, received.sha256))
        return received
      } catch (error) {
        await rm(incoming, { force: true })
        throw error
      }
    },

    async close () {
      if (folder === undefined && root !== undefined) await rm(await root, { recursive: true, force: true })
    }
  }
}

async function write (source: Readable, path: string, limit: number): Promise<{ size: number, sha256: string }> {
  const digest = createHash('sha256')
  let size = 0
  await using file = await open(path, 'wx', 0o600)
  // The source outlives a refusal, so that an answer can still be sent on the connection it came by.
  for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw new BlobTooLarge(`more than ${limit} bytes`)
    digest.update(chunk)
    await file.write(chunk)
  }
  return { size, sha256: digest.digest('hex') }
}
