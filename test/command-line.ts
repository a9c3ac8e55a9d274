import { mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { main } from '../src/cli/main.ts'
import { until } from './until.ts'
import type { Stopper } from '../src/cli/stop-signals.ts'
import type { Surroundings } from '../src/cli/surroundings.ts'

export interface Finished {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface Options {
  readonly env?: Record<string, string>
  readonly cwd?: string
  readonly isTTY?: boolean
}

/** A command line in this process, and what it has written. */
interface CommandLine extends Surroundings {
  written (): Omit<Finished, 'code'>
  /** Stops the server, once, and resolves to the exit code. */
  readonly stop: Stopper['stop']
}

function commandLine (t: Test, { env = {}, cwd = '/nowhere', isTTY = false }: Options): CommandLine {
  const folder = mkdtempSync(join(tmpdir(), 'command-line-'))
  t.teardown(() => { rmSync(folder, { recursive: true }) })
  const stdout = join(folder, 'stdout')
  const fd = openSync(stdout, 'a')
  let stderr = ''
  let stopped: Promise<number> | undefined
  let stop: Stopper['stop'] = async () => 0
  t.teardown(async () => { await stop({}) })
  return {
    env,
    cwd,
    stdout: { fd, isTTY, write: text => writeSync(fd, text) },
    stderr: { write (text) { stderr += text } },
    onStop (stopper) { stop = async reason => await (stopped ??= stopper.stop(reason)) },
    stop: async reason => await stop(reason),
    written: () => ({ stdout: readFileSync(stdout, 'utf8'), stderr })
  }
}

/** Runs the command line in this process; resolves to its exit code and what it has written. */
export async function run (t: Test, args: readonly string[], options: Options = {}): Promise<Finished> {
  const surroundings = commandLine(t, options)
  const code = await main(args, surroundings)
  return { code, ...surroundings.written() }
}

/** A command line that serves. */
export interface Served {
  readonly url: string
  /** Stops the server as the signal or the error would; resolves when it is closed. */
  stop (reason: NodeJS.Signals | Error): Promise<Finished>
}

/** Runs the command line in this process, on a port of the system's choice, until it serves. Stops it after the test. */
export async function serve (t: Test, args: readonly string[] = [], options: Options = {}): Promise<Served> {
  const surroundings = commandLine(t, options)
  const code = await main(['--port', '0', ...args], surroundings)
  if (code !== 0) throw new Error(`It does not serve: ${surroundings.written().stderr}`)
  const url = (): string | undefined => /http:\/\/[^\s"]+/.exec(surroundings.written().stdout)?.[0]
  // The log is written in the background.
  await until('the address is in the log', () => url() !== undefined)
  return {
    url: String(url()),
    async stop (reason) {
      const exitCode = await surroundings.stop(typeof reason === 'string' ? { signal: reason } : { err: reason })
      return { code: exitCode, ...surroundings.written() }
    }
  }
}
