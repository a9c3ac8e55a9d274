import type { EventEmitter } from 'node:events'

/** The parts of a process that decide about its end; tests pass their own. */
export type Ending = Pick<EventEmitter, 'on'> & {
  readonly stderr: { write (text: string): unknown }
  exit (code: number): void
}

/** Stops a server. */
export interface Stopper {
  /** Resolves to the exit code when everything is saved and closed. */
  stop (reason: StopReason): Promise<number>
  /** Ends the requests that `stop` waits for. */
  hurry (): void
}

export interface StopReason {
  readonly signal?: NodeJS.Signals
  readonly err?: unknown
}

/**
 * The signals that stop the server. A listener on the signal of a crash, such as SIGSEGV, would never be called, and would keep
 * the crashed process running.
 */
const STOP_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const

/** The time, in milliseconds, after which the process ends in any case; a container is killed after ten seconds. */
const LIMIT = 9_500

/**
 * Stops the server and ends the process on the first signal or unexpected error. A second signal ends the requests under way: npm
 * sends each Ctrl-C twice. A third one ends the process. `leaveTerminal` is called before an exit because the terminal was closed.
 */
export function stopOnSignals (ending: Ending, { stop, hurry }: Stopper, leaveTerminal: () => void, limit = LIMIT): void {
  let isStopping = false
  let isHurried = false
  let isTerminalClosed = false

  function begin (reason: StopReason): void {
    isStopping = true
    setTimeout(() => { giveUp(`it has not stopped after ${limit / 1000} seconds`) }, limit).unref()
    stop(reason).then(exit, error => { giveUp(String(error)) })
  }

  function giveUp (why: string): void {
    ending.stderr.write(`raydocs-mock ends without having stopped: ${why}.\n`)
    exit(1)
  }

  function exit (code: number): void {
    if (isTerminalClosed) leaveTerminal()
    ending.exit(code)
  }

  for (const signal of STOP_SIGNALS) {
    ending.on(signal, () => {
      isTerminalClosed ||= signal === 'SIGHUP'
      if (!isStopping) begin({ signal })
      else if (isHurried) giveUp(`${signal} came meanwhile`)
      else {
        isHurried = true
        hurry()
      }
    })
  }
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    // An error while the server is stopping, such as that of a terminal that was closed, does not keep it from saving.
    ending.on(event, (err: unknown) => { if (!isStopping) begin({ err }) })
  }
}
