import { UsageError } from '../config/usage-error.ts'
import { StartError } from '../start-error.ts'

/** Returns the exit code for an error, and what to print: one line for an error that a user can mend, else the whole error. */
export function failureOf (error: unknown): { exitCode: 1 | 2, message: unknown } {
  if (error instanceof UsageError) return { exitCode: 2, message: error.message }
  return { exitCode: 1, message: error instanceof StartError ? error.message : error }
}
