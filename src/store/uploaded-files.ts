import { createHash, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Block } from '../domain/files/extracted-text.ts'
import { digestOf } from '../domain/ids.ts'
import { known } from '../domain/known.ts'

/**
 * The bytes of uploads, on disk, one file for each content whatever namespaces it belongs to. Which files exist is decided by
 * records: a file that no record refers to is removed by the next sweep.
 */
export interface UploadedFiles {
  /**
   * Streams `source` to disk, then resolves as `use` does, which writes the records that refer to the file: until it has ended
   * the file is not swept. Throws FileTooLarge as soon as more than `limit` bytes have arrived, any error that `source` ends
   * with, and what `check` throws; then nothing is kept. `source` is left open.
   */
  receive<T> (source: Readable, limit: number, use: (file: ReceivedBytes) => Promise<T>, check?: ByteCheck): Promise<T>
  /** Opens a file to read, which also works on while it is removed; undefined if it is not kept. The caller closes it. */
  open (sha256: string): Promise<FileHandle | undefined>
  /** Returns the folder in which each file is named by its SHA-256. */
  folder (): Promise<string>
  /** Keeps the text that was extracted from a file as a media type, by page. */
  keepText (sha256: string, mime: string, pages: Pages): Promise<void>
  /** Returns the text that was extracted from a file as a media type; undefined if none is kept. */
  findText (sha256: string, mime: string): Promise<Pages | undefined>
  /** Removes the files whose SHA-256 is not in what `referenced` returns. It is not called if there are no files. */
  sweep (referenced: () => Promise<ReadonlySet<string>>): Promise<void>
  /** Removes everything, unless the caller named the folder. */
  close (): Promise<void>
}

export interface ReceivedBytes {
  readonly size: number
  /** 64 hexadecimal digits. */
  readonly sha256: string
  readonly path: string
}

/** A check of the bytes of a file as they arrive. */
export interface ByteCheck {
  update (chunk: Buffer): void
  /** Throws if the bytes are not what they should be. */
  verify (): void
}

export type Pages = ReadonlyArray<readonly Block[]>

export class FileTooLarge extends Error {}

/** Keeps files in `dataDir`, or, without one, in a private temporary folder that is removed when they are closed. */
export async function openUploadedFiles (dataDir?: string): Promise<UploadedFiles> {
  if (dataDir !== undefined) await tidy(dataDir)
  let root: Promise<string> | undefined
  let closed = false
  /** The number of uses under way by digest, and the digests that were received since the last sweep began. */
  const inUse = new Map<string, number>()
  const recent = new Set<string>()
  /** The last sweep and its last removal, which resolve when they have ended. */
  let sweeping: Promise<unknown> = Promise.resolve()
  let removing: Promise<unknown> = Promise.resolve()

  /** Makes the folder if need be: it is made again where something outside has removed it. */
  async function folderOf (name: 'blobs' | 'texts'): Promise<string> {
    root ??= dataDir === undefined ? mkdtemp(join(tmpdir(), 'raydocs-mock-')) : Promise.resolve(dataDir)
    const folder = join(await root, name)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return folder
  }

  /** Returns the paths of the files in a folder. */
  async function filesIn (name: 'blobs' | 'texts'): Promise<string[]> {
    if (closed || (root === undefined && dataDir === undefined)) return []
    const folder = await folderOf(name)
    return (await readdir(folder)).map(file => join(folder, file))
  }

  /** Resolves as `use` does; until then the file is not swept. */
  async function whileInUse<T> (digest: string, use: () => Promise<T>): Promise<T> {
    recent.add(digest)
    inUse.set(digest, (inUse.get(digest) ?? 0) + 1)
    try {
      // An older file with the same bytes may be on its way out.
      await removing
      return await use()
    } finally {
      const left = known(inUse.get(digest), 'the file is in use') - 1
      if (left === 0) inUse.delete(digest)
      else inUse.set(digest, left)
    }
  }

  async function removeUnwanted (referenced: () => Promise<ReadonlySet<string>>): Promise<void> {
    recent.clear()
    const paths = [...await filesIn('blobs'), ...await filesIn('texts')]
    if (paths.length === 0) return
    const digests = await referenced()
    for (const path of paths) {
      const digest = basename(path).slice(0, 64)
      if (digests.has(digest) || recent.has(digest) || inUse.has(digest) || path.endsWith(INCOMING)) continue
      const removal = rm(path, { force: true })
      removing = removal.catch(() => {})
      await removal
    }
  }

  return {
    async receive (source, limit, use, check) {
      const folder = await folderOf('blobs')
      const incoming = join(folder, `${randomUUID()}${INCOMING}`)
      try {
        const { size, sha256 } = await write(source, incoming, limit, check)
        return await whileInUse(sha256, async () => {
          const path = join(folder, sha256)
          await rename(incoming, path)
          return await use({ size, sha256, path })
        })
      } catch (error) {
        await rm(incoming, { force: true })
        throw error
      }
    },
    open: async sha256 => await open(join(await folderOf('blobs'), sha256)).catch(ignoreAbsence),
    folder: async () => await folderOf('blobs'),
    async keepText (sha256, mime, pages) {
      await replaceFile(join(await folderOf('texts'), textName(sha256, mime)), JSON.stringify(pages))
    },
    async findText (sha256, mime) {
      const text = await readFile(join(await folderOf('texts'), textName(sha256, mime)), 'utf8').catch(ignoreAbsence)
      return text === undefined ? undefined : JSON.parse(text) as Pages
    },
    async sweep (referenced) {
      // One after another: each counts on its own what is received while it lasts.
      const sweep = sweeping.then(async () => { await removeUnwanted(referenced) })
      sweeping = sweep.catch(() => {})
      await sweep
    },
    async close () {
      closed = true
      await sweeping
      if (dataDir === undefined && root !== undefined) await rm(await root, { recursive: true, force: true })
    }
  }
}

/** Writes a file as a whole: a reader sees the old file or the new one, never a part, also if the signal ends the writing. */
export async function replaceFile (path: string, text: string | AsyncIterable<string>, signal?: AbortSignal): Promise<void> {
  const incoming = `${path}.${randomUUID()}${INCOMING}`
  try {
    await writeFile(incoming, text, { mode: 0o600, ...signal === undefined ? {} : { signal } })
    await rename(incoming, path)
  } catch (error) {
    await rm(incoming, { force: true })
    throw error
  }
}

/** Removes what a process that was killed had not finished of a file that `replaceFile` writes. */
export async function tidyFile (path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(`${basename(path)}.`) && name.endsWith(INCOMING)) await rm(join(dirname(path), name), { force: true })
  }
}

/** The ending of files that are still being written. */
const INCOMING = '.incoming'

/** The text of a file depends on its bytes and on the media type that it is read as. */
function textName (sha256: string, mime: string): string {
  return `${sha256}-${digestOf('text', mime).slice(0, 16)}.json`
}

function ignoreAbsence (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function write (
  source: Readable,
  path: string,
  limit: number,
  check: ByteCheck | undefined
): Promise<{ size: number, sha256: string }> {
  const digest = createHash('sha256')
  let size = 0
  await using file = await open(path, 'wx', 0o600)
  // The source outlives an error, so that an answer can still be sent on the connection that it came by.
  for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw new FileTooLarge(`more than ${limit} bytes`)
    digest.update(chunk)
    check?.update(chunk)
    await file.writeFile(chunk)
  }
  check?.verify()
  return { size, sha256: digest.digest('hex') }
}

/**
 * Removes what a process that was killed had not finished, and moves files to where they belong that version 0.1 kept in a
 * folder for each namespace.
 */
async function tidy (dataDir: string): Promise<void> {
  const entries = await readdir(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true }).catch(ignoreAbsence) ?? []
  for (const { name, parentPath } of entries.filter(entry => entry.isFile())) {
    const path = join(parentPath, name)
    if (name.endsWith(INCOMING)) await rm(path, { force: true })
    else if (/^[0-9a-f]{64}$/.test(name)) await rename(path, join(dataDir, 'blobs', name))
  }
  const folders = await readdir(join(dataDir, 'blobs'), { withFileTypes: true }).catch(ignoreAbsence) ?? []
  for (const { name } of folders.filter(entry => entry.isDirectory())) await rm(join(dataDir, 'blobs', name), { recursive: true })
  const texts = await readdir(join(dataDir, 'texts')).catch(ignoreAbsence) ?? []
  for (const name of texts.filter(name => name.endsWith(INCOMING))) await rm(join(dataDir, 'texts', name), { force: true })
}
