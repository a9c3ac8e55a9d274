#!/usr/bin/env node
import closeWithGrace from 'close-with-grace'
import { main } from './main.ts'

process.exitCode = await main(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  onStop (stop) { closeWithGrace({ delay: 15_000, logger: false }, stop) }
})
