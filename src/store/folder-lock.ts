import { hash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rm, symlink } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** A folder that belongs to this process until it is released. */
export interface FolderLock {
  release (): Promise<void>
}

/** Thrown for a folder that belongs to a running process. */
export class FolderInUse extends Error {}

/**
 * Takes a folder for this process. The lock is a socket in it, which the system closes with its process, however that ends: so the
 * lock of a running process can be told from one that a killed process left behind. A folder that cannot hold a socket is not
 * locked. Throws FolderInUse.
 */
export async function lockFolder (folder: string, platform: string = process.platform): Promise<FolderLock> {
  return await withShortPath(socketIn(resolve(folder), platform), async socket => {
    try {
      return await listen(socket)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return { async release () {} }
    }
    if (await answers(socket)) throw new FolderInUse('another process uses it')
    await rm(socket, { force: true })
    return await listen(socket)
  })
}

/** Windows has named pipes instead, which end with their process too. */
function socketIn (folder: string, platform: string): string {
  return platform === 'win32' ? `\\\\.\\pipe\\raydocs-mock-${hash('sha256', folder, 'hex')}` : join(folder, 'lock')
}

/** The number of bytes that the path of a socket can have on every system; a longer one is cut short without an error. */
const MAX_PATH = 100

/** Calls `use` with the path of a socket, or, if it is too long, with one through a link that exists meanwhile. */
async function withShortPath<T> (path: string, use: (path: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(path) <= MAX_PATH) return await use(path)
  const link = join(tmpdir(), `lock-${randomBytes(4).toString('hex')}`)
  await symlink(join(path, '..'), link)
  try {
    return await use(join(link, 'lock'))
  } finally {
    await rm(link)
  }
}

async function listen (socket: string): Promise<FolderLock> {
  const server = createServer(connection => { connection.destroy() }).listen(socket).unref()
  await once(server, 'listening')
  return {
    async release () {
      server.close()
      await once(server, 'close')
    }
  }
}

/** Resolves to whether a process listens on a socket. */
async function answers (socket: string): Promise<boolean> {
  const connection = connect(socket)
  const isAnswered = await once(connection, 'connect').then(() => true, () => false)
  connection.destroy()
  return isAnswered
}
