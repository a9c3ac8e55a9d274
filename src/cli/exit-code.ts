import { UsageError } from '../config/usage-error.ts'
import { StartError } from '../start-error.ts'

/** How the program ends with an error: its exit code, and what a person is told. Where nobody foresaw it, all of it. */
export function failureOf (error: unknown): { exitCode: 1 | 2, told: unknown } {
  if (error instanceof UsageError) return { exitCode: 2, told: error.message }
  return { exitCode: 1, told: error instanceof StartError ? error.message : error }
}
