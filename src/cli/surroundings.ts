/** What the command line needs of its process; tests give their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working directory. */
  readonly cwd: string
  readonly stdout: Output
  readonly stderr: Pick<Output, 'write'>
  /** Takes the function to call once, when a signal or an unexpected error asks the server to stop. */
  onStop (stop: Stop): void
}

/** A standard stream. Logs are written to the file descriptor, everything else with `write`. */
export interface Output {
  readonly fd: number
  readonly isTTY?: boolean
  write (text: string): unknown
}

/** Stops the server. Resolves when everything is closed and the log is written. */
export type Stop = (reason: { readonly signal?: NodeJS.Signals, readonly err?: Error }) => Promise<void>
