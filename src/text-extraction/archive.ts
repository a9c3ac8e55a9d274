import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { Unreadable } from './unreadable.ts'

const MIB = 1024 * 1024

/** The limits of an archive: its entries, and the bytes that one entry, and all that are read, may inflate to. */
export interface ArchiveLimits { readonly entries: number, readonly entryBytes: number, readonly bytes: number }

const LIMITS: ArchiveLimits = { entries: 10_000, entryBytes: 32 * MIB, bytes: 64 * MIB }

/** A zip archive. What its headers say about sizes is not believed: bytes are counted as they inflate. */
export interface Archive {
  /** The names of the entries that were wanted, in the archive's order. */
  readonly names: readonly string[]
  /** The text of an entry, in pieces; of none, if there is no such entry. Throws Unreadable if it is too large or encrypted. */
  text (name: string): AsyncIterable<string>
}

/** Opens the archive at `path` for as long as `use` takes, and knows of its entries those whose names are `wanted`. */
export async function withArchive<T> (path: string, wanted: RegExp, use: (archive: Archive) => Promise<T>, limits = LIMITS): Promise<T> {
  const zip = await openPromise(path, { autoClose: false, validateEntrySizes: false })
  try {
    const entries = await entriesOf(zip, wanted, limits.entries)
    let inflated = 0
    return await use({
      names: [...entries.keys()],
      async * text (name) {
        const entry = entries.get(name)
        if (entry === undefined) return
        if (entry.isEncrypted()) throw new Unreadable('The file is encrypted: remove its password.')
        const decoder = new TextDecoder()
        let size = 0
        for await (const chunk of await zip.openReadStreamPromise(entry) as AsyncIterable<Buffer>) {
          size += chunk.length
          inflated += chunk.length
          if (size > limits.entryBytes) throw inflatesToMoreThan(limits.entryBytes)
          if (inflated > limits.bytes) throw inflatesToMoreThan(limits.bytes)
          yield decoder.decode(chunk, { stream: true })
        }
      }
    })
  } finally {
    zip.close()
  }
}

async function entriesOf (zip: ZipFile, wanted: RegExp, limit: number): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>()
  let count = 0
  for await (const entry of zip.eachEntry()) {
    if (++count > limit) throw new Unreadable(`The file has more than ${limit} entries: make it smaller.`)
    if (wanted.test(entry.fileName)) entries.set(entry.fileName, entry)
  }
  return entries
}

function inflatesToMoreThan (limit: number): Unreadable {
  return new Unreadable(`The text of the file inflates to more than ${limit / MIB} MiB: make it smaller.`)
}
