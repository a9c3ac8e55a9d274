import type { Stopper } from './stop-signals.ts'

/** The parts of the process that the command line uses; tests pass their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working directory. */
  readonly cwd: string
  readonly stdout: Output
  readonly stderr: Pick<Output, 'write'>
  /** Registers what stops the server on a signal or an unexpected error. */
  onStop (stopper: Stopper): void
}

/** A standard stream. Logs are written to the file descriptor, other output with `write`. */
export interface Output {
  readonly fd: number
  readonly isTTY?: boolean
  write (text: string): unknown
}
