import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { withoutLoaders } from './children.ts'

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The output of `npm run build`. */
export const PROGRAM = fileURLToPath(new URL('../dist/cli.js', import.meta.url))

interface Options {
  readonly env?: Record<string, string>
  readonly cwd?: string
  /** JavaScript that runs in the process before the program does. */
  readonly before?: string
}

/** This process's environment, without what would configure the program. */
function cleanEnv (): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'PORT' && !name.startsWith('RAYDOCS_MOCK_')))
}

function launch (t: Test, args: readonly string[], { before, ...options }: Options): ChildProcess {
  const preload = before === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(before)}`]
  return launchProgram(t, process.execPath, [...preload, PROGRAM, ...args], options)
}

function launchProgram (t: Test, program: string, args: readonly string[], { env = {}, cwd = t.testdir() }: Options): ChildProcess {
  const child = spawn(...withoutLoaders(program, args), { cwd, env: { ...cleanEnv(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => { child.kill('SIGKILL') })
  return child
}

async function outcome (child: ChildProcess): Promise<Finished> {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout as NodeJS.ReadableStream), text(child.stderr as NodeJS.ReadableStream), once(child, 'exit')])
  return { code, stdout, stderr }
}

/** Runs the built program to its end. */
export async function run (t: Test, args: readonly string[], options: Options = {}): Promise<Finished> {
  return await outcome(launch(t, args, options))
}

/** Runs another program to its end. */
export async function runProgram (t: Test, program: string, args: readonly string[], options: Options = {}): Promise<Finished> {
  return await outcome(launchProgram(t, program, args, options))
}

/** A program that serves. */
export interface Served {
  readonly url: string
  /** Sends the signal and waits for the end. */
  stop (signal: NodeJS.Signals): Promise<Finished>
  /** The outcome of the program. */
  readonly end: Promise<Finished>
}

/** Runs the built program on a port of the system's choice until it says where it listens. */
export async function serve (t: Test, args: readonly string[] = [], options: Options = {}): Promise<Served> {
  const child = launch(t, ['--port', '0', ...args], options)
  const end = outcome(child)
  const url = await new Promise<string>((resolve, reject) => {
    let seen = ''
    child.stdout?.on('data', chunk => {
      seen += String(chunk)
      const [found] = /http:\/\/[^\s"]+/.exec(seen) ?? []
      if (found !== undefined && seen.includes('\n')) resolve(found)
    })
    end.then(({ stderr }) => { reject(new Error(`it ended: ${stderr}`)) }, reject)
  })
  return {
    url,
    end,
    async stop (signal) {
      child.kill(signal)
      return await end
    }
  }
}
