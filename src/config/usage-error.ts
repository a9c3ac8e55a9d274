/** The program was called in a way it cannot serve: one line that says what is allowed, and exit code 2. */
export class UsageError extends Error {}
