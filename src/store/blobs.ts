import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Block } from '../domain/files/extracted-text.ts'

/** Where uploaded bytes are kept: on disk, one file for each content, in folders that are a namespace's own. */
export interface Blobs {
  /** A new, empty place for the bytes of a namespace. */
  namespace (name: string): NamespaceBlobs
  /** Removes everything, unless the folder was the caller's own. */
  close (): Promise<void>
}

export interface NamespaceBlobs {
  /**
   * Streams `source` to disk and tells its size in bytes and its SHA-256. Throws BlobTooLarge as soon as more than
   * `limit` bytes have come, and whatever error `source` ends with; then nothing is kept. `source` is left open.
   */
  receive (source: Readable, limit: number): Promise<{ size: number, sha256: string }>
  /** Keeps the text that was read in such bytes, by page. */
  keepPages (sha256: string, pages: Pages): Promise<void>
  /** The text that was read in such bytes; undefined if none was. */
  findPages (sha256: string): Promise<Pages | undefined>
  /** Takes over, without copying them, the bytes that another place holds now. */
  adopt (from: NamespaceBlobs): Promise<void>
  /** Where the bytes lie; undefined if none have come yet. */
  folder (): Promise<string | undefined>
  /** Removes the bytes: at once, or, if uploads are under way, when the last of them is over. */
  drop (): Promise<void>
}

type Pages = ReadonlyArray<readonly Block[]>

export class BlobTooLarge extends Error {}

/** Blobs in `folder`, or, if none is given, in a private temporary folder that goes when they are closed. */
export function createBlobs (folder?: string): Blobs {
  let root: Promise<string> | undefined
  /** How many places each namespace has had. */
  const generations = new Map<string, number>()

  function rootFolder (): Promise<string> {
    root ??= folder === undefined ? mkdtemp(join(tmpdir(), 'raydocs-mock-')) : Promise.resolve(folder)
    return root
  }

  return {
    namespace (name) {
      const generation = generations.get(name) ?? 0
      generations.set(name, generation + 1)
      return createNamespaceBlobs(async () => join(await rootFolder(), 'blobs', name, String(generation)))
    },
    async close () {
      if (folder === undefined && root !== undefined) await rm(await root, { recursive: true, force: true })
    }
  }
}

function createNamespaceBlobs (chooseHome: () => Promise<string>): NamespaceBlobs {
  let home: Promise<string> | undefined
  let underWay = 0
  let dropped = false

  async function makeHome (): Promise<string> {
    const path = await chooseHome()
    await mkdir(path, { recursive: true, mode: 0o700 })
    return path
  }

  async function removeIfDone (): Promise<void> {
    if (dropped && underWay === 0 && home !== undefined) await rm(await home, { recursive: true, force: true })
  }

  return {
    async receive (source, limit) {
      underWay++
      try {
        home ??= makeHome()
        return await keep(source, await home, limit)
      } finally {
        underWay--
        await removeIfDone()
      }
    },
    async keepPages (sha256, pages) {
      const folder = await home
      if (folder !== undefined) await replace(join(folder, sha256 + PAGES), JSON.stringify(pages))
    },
    async findPages (sha256) {
      const folder = await home
      if (folder === undefined) return undefined
      const text = await readFile(join(folder, sha256 + PAGES), 'utf8').catch(ignoreAbsence)
      return text === undefined ? undefined : JSON.parse(text) as Pages
    },
    async adopt (from) {
      const source = await from.folder()
      if (source === undefined) return
      home ??= makeHome()
      for (const name of await readdir(source)) {
        if (!name.endsWith(INCOMING)) await link(join(source, name), join(await home, name))
      }
    },
    async folder () {
      return await home
    },
    async drop () {
      dropped = true
      await removeIfDone()
    }
  }
}

/** What names of files that are still on their way end with. */
const INCOMING = '.incoming'

/** What names of files with texts end with. */
const PAGES = '.pages.json'

/** Whoever reads the file meanwhile reads the old one whole, or none. */
async function replace (path: string, text: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}${INCOMING}`
  await writeFile(unfinished, text, { mode: 0o600 })
  await rename(unfinished, path)
}

function ignoreAbsence (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function keep (source: Readable, home: string, limit: number): Promise<{ size: number, sha256: string }> {
  const incoming = join(home, `${randomUUID()}${INCOMING}`)
  try {
    const received = await write(source, incoming, limit)
    await rename(incoming, join(home, received.sha256))
    return received
  } catch (error) {
    await rm(incoming, { force: true })
    throw error
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
