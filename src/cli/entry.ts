#!/usr/bin/env node
import { closeSync } from 'node:fs'
import { main } from './main.ts'
import { stopOnSignals } from './stop-signals.ts'

process.exitCode = await main(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  onStop (stopper) { stopOnSignals(process, stopper, closeStreams) }
})

/** Closes the standard streams: at its exit Node.js resets the terminal behind them, and aborts if that is gone. */
function closeStreams (): void {
  for (const fd of [0, 1, 2]) closeSync(fd)
}
