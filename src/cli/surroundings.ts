/** The parts of the process that the command line uses; tests pass their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working directory. */
  readonly cwd: string
  readonly stdout: Output
  readonly stderr: Pick<Output, 'write'>
  /** Registers the function that is called once, when a signal or an unexpected error stops the server. */
  onStop (stop: Stop): void
}

/** A standard stream. Logs are written to the file descriptor, other output with `write`. */
export interface Output {
  readonly fd: number
  readonly isTTY?: boolean
  write (text: string): unknown
}

/** Stops the server. Resolves when everything is closed and the log is written. */
export type Stop = (reason: { readonly signal?: NodeJS.Signals, readonly err?: Error }) => Promise<void>
