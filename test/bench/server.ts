import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'

/** A server in a process of its own; leaving the scope of `await using` ends it. */
export interface Server extends AsyncDisposable {
  readonly url: string
  /** Seconds of processor time used so far; NaN where the system does not tell (Linux does). */
  cpuSeconds (): Promise<number>
  /** The heap after garbage collection; only for a server that was started with `MEMORY_PROBE`. */
  memory (): Promise<NodeJS.MemoryUsage>
}

const PROBE = 'process.on("message", () => { gc(); process.send(process.memoryUsage()) })'

export const MEMORY_PROBE: readonly string[] = ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(PROBE)}`]

/** Runs `node` with those arguments and waits until it has told its URL on standard output. What it prints later is dropped. */
export async function startServer (args: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  const stdout = child.stdout as Readable
  let told = ''
  let url: string | undefined
  for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
    told += String(chunk)
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(told)?.[0]
    if (url !== undefined) break
  }
  if (url === undefined) throw new Error(`node ${args.join(' ')} did not start: ${told}`)
  stdout.resume()

  return {
    url,
    async cpuSeconds () {
      const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8').catch(() => '')
      const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12)
      return (Number(user) + Number(system)) / TICKS_PER_SECOND
    },
    async memory () {
      const answered = once(child, 'message')
      child.send('memory')
      const [usage] = await answered
      return usage
    },
    async [Symbol.asyncDispose] () {
      child.kill()
      await exited
    }
  }
}

const TICKS_PER_SECOND = 100
